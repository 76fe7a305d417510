"""Small values that a view hands to the components of ``dibt.lib.templatetags.ui``."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class StepState(TextChoices):
    """Where one step of a longer piece of work stands."""

    PENDING = "pending", gettext_lazy("not yet")
    WORKING = "working", gettext_lazy("working")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("failed")
    SKIPPED = "skipped", gettext_lazy("not needed")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of ``{% steps %}``; ``detail`` is a sentence, ``took`` how long it ran, if it has."""

    label: str
    state: StepState
    detail: str = ""
    took: timedelta | None = None

    @property
    def duration(self) -> str:
        """How long it took, in words as short as they can be; empty where that is not known."""
        if self.took is None:
            return ""
        seconds = self.took.total_seconds()
        if seconds < 10:
            return _("%(seconds).1f s") % {"seconds": seconds}
        if seconds < 60:
            return _("%(seconds)d s") % {"seconds": seconds}
        return _("%(minutes)d min %(seconds)d s") % {"minutes": seconds // 60, "seconds": seconds % 60}


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many of something happened on one day; a bar of ``{% bars_by_day %}``."""

    day: date
    count: int
