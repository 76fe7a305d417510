"""State machines as tables: the allowed moves are data, and a move is a compare-and-swap in one UPDATE.

>>> MOVES = Moves(State, {State.DRAFT: {State.SUBMITTED}, State.SUBMITTED: {State.DRAFT}})
>>> move(application, MOVES, to=State.SUBMITTED, submitted_at=now())

Whoever comes second, from another tab or process, finds the state changed and is told so; nobody's move is
lost or done twice. The field is never assigned. docs/reference/states.md is drawn from the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dibt.lib.errors import ConflictError

S = TypeVar("S", bound=TextChoices)


@dataclass(frozen=True)
class Moves(Generic[S]):
    """Which state may follow which; `noun` is what the thing is called in a refusal."""

    noun: str | Promise
    allowed: Mapping[S, frozenset[S]]

    def may(self, before: str, after: S) -> bool:
        return any(before == state and after in targets for state, targets in self.allowed.items())

    def sources(self, after: S) -> list[S]:
        return [state for state, targets in self.allowed.items() if after in targets]


def move(thing: Model, moves: Moves[S], condition: Q | None = None, /, *, to: S, **changes: Any) -> None:
    """Move `thing.state` to `to`, writing `changes` in the same UPDATE, if the row meets the `condition`.

    Raises ConflictError when the state in the database is not one from which the move is allowed, or it does not.
    """
    sources = moves.sources(to)
    manager = type(thing)._default_manager
    moved = manager.filter(condition or Q(), pk=thing.pk, state__in=sources).update(state=to, **changes)
    if not moved:
        now = manager.filter(pk=thing.pk).first()
        raise ConflictError(_refusal(moves, now, to))
    thing.refresh_from_db()


def _refusal(moves: Moves[S], thing: Model | None, to: S) -> str:
    if thing is None:
        return _("This %(noun)s no longer exists. Reload the page to see what is there.") % {
            "noun": moves.noun
        }
    state = thing.get_state_display()  # type: ignore[attr-defined]  # Django adds it to a field with choices
    if thing.state == to:  # type: ignore[attr-defined]  # whatever moves has a state
        return _("This %(noun)s is “%(state)s” already; nothing was changed. Reload the page to see it.") % {
            "noun": moves.noun,
            "state": state,
        }
    return _(
        "This %(noun)s is “%(state)s” now, so it cannot become “%(wanted)s”. "
        "Reload the page to see what is possible."
    ) % {"noun": moves.noun, "state": state, "wanted": to.label}
