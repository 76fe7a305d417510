from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.space import Space


class EventKind(models.TextChoices):
    """What can happen to a Space, in the words of its audit trail."""

    REQUESTED = "requested", _("Asked for")
    RETRIED = "retried", _("Tried again")
    PAUSED = "paused", _("To be paused")
    RESUMED = "resumed", _("To run again")
    HARDWARE = "hardware", _("Other hardware")
    SECRETS = "secrets", _("New secrets")
    TAKEN_DOWN = "taken_down", _("To be taken down")
    FORGOTTEN = "forgotten", _("Data to be deleted")
    ARRIVED = "arrived", _("Done")
    DRIFTED = "drifted", _("Changed on the Hub")
    FAILED = "failed", _("Needs a person")


class SpaceEvent(models.Model):
    """One line of a Space's audit trail. Nothing changes or deletes it, and no secret is in it.

    `by` is the person who asked, null where the platform did it by itself.
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=EventKind)
    params = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.space}"
