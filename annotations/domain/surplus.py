"""Surplus answers: given to a record that was full when they came. They are credited, and kept out of all else,
until a lead takes them in where there is room: after the overlap was raised, or somebody took an answer back."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from annotations.domain import queue, totals
from annotations.models import Record, Response
from projects.models import Project
from projects.permissions import require_manager


def with_room(project: Project) -> QuerySet[Response]:
    """Those whose records want another answer now, the earliest first; at most one of a record has to fit."""
    surplus = Response.objects.filter(
        project=project, surplus=True, record__open_slots__gt=0, record__set_aside=""
    )
    return surplus.order_by("submitted_at", "pk")


def take_in(project: Project, *, by: User) -> int:
    """Let surplus answers count where there is room, the earliest first; returns how many. Safe to do twice at once:
    a record never gets more answers than it needs."""
    require_manager(project, by)
    return sum(_take_in(response) for response in with_room(project).only("pk", "record"))


@transaction.atomic
def _take_in(response: Response) -> bool:
    """One, in a transaction of its own; False where the room was taken meanwhile, or the answer is gone."""
    record = Record.objects.select_for_update(no_key=True).get(pk=response.record_id)
    if not queue.has_room(record):
        return False
    if not Response.objects.filter(pk=response.pk, surplus=True).update(surplus=False):
        return False
    filled = queue.refill(record)
    totals.change(record.project_id, complete=int(filled.completes))
    return True
