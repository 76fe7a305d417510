"""Visitors for the tests of trying before signing in."""

from itertools import count

from annotations.domain import trials
from annotations.domain.trials import Visitor
from annotations.models import Record, TrialAnswer
from projects.models import Project

_numbers = count(1)


def a_visitor() -> Visitor:
    """Somebody's browser, which remembers what they answer."""
    return Visitor(seed=f"browser-{next(_numbers)}").remembered()


def try_record(project: Project, visitor: Visitor, record: Record, *, quality: int = 4) -> TrialAnswer:
    """Answer a record that was offered to them."""
    offer = trials.offer(record, visitor=visitor)
    return trials.answer(project, visitor=visitor, offer=offer, values={"quality": quality})


def try_next(project: Project, visitor: Visitor, *, quality: int = 4) -> TrialAnswer:
    """Answer what they are offered now."""
    record = trials.next_record(project, visitor=visitor)
    assert record is not None
    return try_record(project, visitor, record, quality=quality)
