"""One difference between a Space on the Hub and what is wanted of it, and how it is told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.models import Visibility
from projects.provisioning.running import GOING, KNOWN, STARTING, UP

NEVER, UNLISTED, OWNERLESS = "never", "unlisted", "ownerless"


class What(models.TextChoices):
    """In what a Space can differ."""

    STAGE = "stage", gettext_lazy("Stage")
    HARDWARE = "hardware", gettext_lazy("Hardware")
    EXISTENCE = "existence", gettext_lazy("Existence")
    VISIBILITY = "visibility", gettext_lazy("Visibility")
    SLEEP = "sleep", gettext_lazy("Sleep time")
    VARIABLES = "variables", gettext_lazy("Variables")
    SECRETS = "secrets", gettext_lazy("Secrets")
    VOLUMES = "volumes", gettext_lazy("Volumes")
    IDENTITY = "identity", gettext_lazy("Identity")


# What the settings alone tell, each at the price of a request; the list of an owner's Spaces tells the rest.
OF_SETTINGS = frozenset({What.VARIABLES, What.SECRETS, What.IDENTITY})
SENTENCES: Mapping[What, str | Promise] = {
    What.STAGE: gettext_lazy("It is %(seen)s, and is to be %(wanted)s."),
    What.HARDWARE: gettext_lazy("It runs on %(seen)s in place of %(wanted)s."),
    What.VISIBILITY: gettext_lazy("It can be seen by: %(seen)s. It is to be seen by: %(wanted)s."),
    What.SLEEP: gettext_lazy("It goes to sleep %(seen)s; wanted is %(wanted)s."),
    What.VARIABLES: gettext_lazy("Of its variables these were changed or deleted: %(wanted)s."),
    What.SECRETS: gettext_lazy("Of its secrets these were deleted: %(wanted)s."),
    What.VOLUMES: gettext_lazy("Mounted into it is %(seen)s in place of %(wanted)s."),
    What.EXISTENCE: gettext_lazy(
        "There is no Space “%(wanted)s” on the Hub any more: somebody deleted it. Its data are still in its bucket."
    ),
    What.IDENTITY: gettext_lazy(
        "It does not carry our mark, the variable %(wanted)s, any more: somebody put another Space in its place, or "
        "changed the variable."
    ),
}
STUCK = gettext_lazy("It has been %(seen)s for far longer than that takes.")
UNKNOWN = gettext_lazy("The Hub calls it %(seen)s, a word that the platform does not know.")
STRANGE = gettext_lazy("There are secrets that the platform did not set: %(seen)s.")
ABSENCES: Mapping[str, str | Promise] = {
    GOING: gettext_lazy("It is being deleted on the Hub."),
    UNLISTED: gettext_lazy(
        "It is missing in the Hub's list of Spaces, although the Hub knows its name: somebody may have renamed it."
    ),
    OWNERLESS: gettext_lazy("The Hub knows no organisation “%(wanted)s” any more."),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """In what the Space differs, what is wanted and what was seen, in the Hub's words or ours.

    No value of a secret is in it, and of variables only names, since anybody may have written anything into them.
    `seen` is empty for what is missing, `wanted` for what is there beside what is wanted.
    """

    what: What
    wanted: str
    seen: str

    @property
    def sentence(self) -> str:
        """It in words, for people."""
        told = {"wanted": _shown(self.what, self.wanted), "seen": _shown(self.what, self.seen)}
        return str(_template(self)) % told

    @property
    def can_be_mended(self) -> bool:
        """Whether the Space's plan sets it right: what it does not know, or has not put there, it leaves alone."""
        if self.what == What.STAGE:
            return self.seen in KNOWN
        return self.what not in {What.EXISTENCE, What.IDENTITY} and bool(self.wanted)

    @property
    def needs_a_person(self) -> bool:
        """Whether nothing may be done about it before somebody has decided what."""
        return self.what in {What.EXISTENCE, What.IDENTITY} and not self.seen

    def to_json(self) -> dict[str, str]:
        """As it is kept in `Space.drift`."""
        return {**asdict(self), "what": self.what.value}

    @classmethod
    def from_json(cls, told: Mapping[str, str]) -> "Difference":
        return cls(What(told["what"]), told["wanted"], told["seen"])


def _template(difference: Difference) -> str | Promise:
    match difference.what, difference.seen:
        case What.STAGE, stage if stage in STARTING and difference.wanted == UP:
            return STUCK
        case What.STAGE, stage if stage not in KNOWN:
            return UNKNOWN
        case What.SECRETS, strange if strange:
            return STRANGE
        case What.EXISTENCE, absence if absence:
            return ABSENCES[absence]
    return SENTENCES[difference.what]


def _shown(what: What, told: str) -> str:
    match what:
        case What.SLEEP:
            return _idleness(told)
        case What.VISIBILITY:
            return str(Visibility(told).label)
        case What.VOLUMES:
            return told or _("nothing")
    return told


def _idleness(told: str) -> str:
    if told == NEVER:
        return _("never")
    minutes = int(told) // 60
    return ngettext("after %(count)d minute", "after %(count)d minutes", minutes) % {"count": minutes}
