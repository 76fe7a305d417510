"""A Space's audit trail: written with what happens, in the same transaction, and read as sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from dibt.lib import clock
from projects.models import EventKind, Space, SpaceEvent, SpaceState

SENTENCES: Mapping[EventKind, str | Promise] = {
    EventKind.REQUESTED: gettext_lazy("Asked for it as %(name)s."),
    EventKind.RETRIED: gettext_lazy("Had it tried again, as %(name)s."),
    EventKind.PAUSED: gettext_lazy("Had it paused."),
    EventKind.RESUMED: gettext_lazy("Had it run again."),
    EventKind.HARDWARE: gettext_lazy("Chose other hardware: %(after)s in place of %(before)s."),
    EventKind.SECRETS: gettext_lazy("Had its secrets renewed."),
    EventKind.TAKEN_DOWN: gettext_lazy("Had it taken down."),
    EventKind.FORGOTTEN: gettext_lazy("Had its data deleted: the bucket %(bucket)s."),
    EventKind.DRIFTED: gettext_lazy("Found it changed on the Hub, and began to set it right: %(what)s"),
    EventKind.FAILED: gettext_lazy("Stopped at “%(step)s”: %(error)s"),
}
# What a Space without data is told to have arrived at; as a state it is as gone as before.
FORGOTTEN = "forgotten"
ARRIVALS: Mapping[str, str | Promise] = {
    SpaceState.READY: gettext_lazy("It is ready."),
    SpaceState.PAUSED: gettext_lazy("It is paused."),
    SpaceState.GONE: gettext_lazy("It is taken down."),
    FORGOTTEN: gettext_lazy("Its data are deleted."),
}


def note(space: Space, kind: EventKind, *, by: User | None = None, **params: str) -> None:
    """Write a line; `by` is None for what the platform does by itself. No secret may be among `params`."""
    SpaceEvent.objects.create(space=space, at=clock.now(), by=by, kind=kind, params=params)


def sentence(event: SpaceEvent) -> str:
    """What happened, in words; an old line that lacks a word of today's sentence is told by its kind alone."""
    if event.kind == EventKind.ARRIVED:
        return str(ARRIVALS.get(event.params.get("state", ""), _("Done.")))
    try:
        return str(_template(event) % event.params)
    except KeyError:
        return str(event.get_kind_display())


def _template(event: SpaceEvent) -> str:
    kind = EventKind(event.kind)
    if kind != EventKind.HARDWARE or event.params["before"] != event.params["after"]:
        return str(SENTENCES[kind])
    return _("Chose another sleep time.")
