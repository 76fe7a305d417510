from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dibt.lib import clock


class ShownAs(models.TextChoices):
    """How a contributor appears to others, here and in released datasets."""

    HUB_NAME = "hub_name", _("By my Hugging Face name")
    PSEUDONYM = "pseudonym", _("By a pseudonym, a different one in each project")
    HIDDEN = "hidden", _("Not at all")


class People(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(hub_sub=username)


class User(AbstractBaseUser):
    """A person who signed in with Hugging Face.

    Known by the Hub's `sub`, which survives renames. `hub_username` is only how they are called now: it
    follows the Hub at each sign-in, a freed name may go to somebody else, so nothing is decided by it.
    """

    hub_sub = models.CharField(max_length=64, unique=True)
    hub_username = models.CharField(max_length=96, db_index=True)
    full_name = models.CharField(max_length=200, blank=True)
    avatar_url = models.URLField(max_length=500, blank=True)
    notification_email = models.EmailField(_("notification address"), blank=True)
    shown_as = models.CharField(max_length=12, choices=ShownAs, blank=True)
    is_organiser = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "hub_sub"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(shown_as__in=["", *ShownAs.values]), name="user_shown_as_known"
            ),
        )

    def __str__(self) -> str:
        return self.hub_username

    @property
    def browser_key(self) -> str:
        """What a browser keeps this person's things under, apart from those of others who use it too. It tells
        nobody whose they are."""
        return salted_hmac("accounts.browser_key", str(self.pk)).hexdigest()[:16]

    @property
    def unread_notices(self) -> int:
        return self.notices.filter(read_at=None).count()
