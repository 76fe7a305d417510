"""One change to many Spaces: what it would do, and doing it one by one, whatever becomes of the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from dibt.lib.errors import DomainError
from projects.domain import space_changes, spaces
from projects.domain.space_changes import Change
from projects.models import Space, SpaceState
from projects.permissions import require_organiser


class BulkChange(models.TextChoices):
    RETRY = "retry", gettext_lazy("Try again")
    PAUSE = "pause", gettext_lazy("Pause")
    RESUME = "resume", gettext_lazy("Resume")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which Spaces a change was made to, or would be, and by the sentence of the refusal those it was not."""

    done: tuple[Space, ...]
    refused: Mapping[str, tuple[Space, ...]]


def foresee(chosen: Iterable[Space], change: BulkChange) -> Outcome:
    """What `perform` would do with them as they are now."""
    return _sorted((space, _refusal(space, change)) for space in chosen)


def perform(chosen: Iterable[Space], change: BulkChange, *, by: User) -> Outcome:
    """Ask it of each, in a transaction of its own; done to one that is so already, it changes nothing."""
    require_organiser(by)
    return _sorted((space, _ask(space, change, by)) for space in chosen)


def _ask(space: Space, change: BulkChange, by: User) -> str:
    """Ask it of that one; why it refused, empty if it did not."""
    if why := _refusal(space, change):
        return why
    try:
        match change:
            case BulkChange.RETRY:
                spaces.retry(space, by=by)
            case BulkChange.PAUSE:
                space_changes.pause(space, by=by)
            case BulkChange.RESUME:
                space_changes.resume(space, by=by)
    except DomainError as refusal:
        return refusal.message
    return ""


def _refusal(space: Space, change: BulkChange) -> str:
    """Why it cannot be asked of that one as things are; of a budget, as if it were the only one."""
    if change == BulkChange.RETRY:
        needed = space.state == SpaceState.FAILED
        return "" if needed else _("Only a Space that needs a person can be tried again.")
    try:
        space_changes.require(space, Change(change))
    except DomainError as refusal:
        return refusal.message
    return ""


def _sorted(answers: Iterable[tuple[Space, str]]) -> Outcome:
    done: list[Space] = []
    refused: dict[str, tuple[Space, ...]] = {}
    for space, why in answers:
        if why:
            refused[why] = (*refused.get(why, ()), space)
        else:
            done.append(space)
    return Outcome(tuple(done), refused)
