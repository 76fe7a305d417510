"""What Spaces cost: prices as the Hub tells them, and when which hardware was billed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.space import Space

FREE_HARDWARE = "cpu-basic"


class HardwarePrice(models.Model):
    """Hardware that a Space can run on, with its price as the Hub last told it."""

    name = models.CharField(max_length=40, unique=True)
    pretty_name = models.CharField(max_length=80)
    hourly = models.DecimalField(_("US dollars an hour"), max_digits=9, decimal_places=4)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("hourly", "name")

    def __str__(self) -> str:
        return self.pretty_name


class SpaceUse(models.Model):
    """A time in which a Space was billed for hardware, at the price of its beginning.

    It begins and ends when the platform saw it, at most one listing later than on the Hub, whose bill is the truth.
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="uses")
    hardware = models.CharField(max_length=40)
    hourly = models.DecimalField(_("US dollars an hour"), max_digits=9, decimal_places=4)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-began_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["space"], condition=models.Q(ended_at=None), name="one_hardware_is_billed_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.space} on {self.hardware}"
