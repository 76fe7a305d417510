"""A person's skipped records again, when they ask for them."""

from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from annotations.domain import queue
from annotations.domain.contributors import find
from annotations.models import Contributor, Discard, Flag, Lapse, Response, Skip
from annotations.permissions import require_contributing
from dibt.lib import clock
from projects.models import Project
from projects.permissions import Person

AT_ONCE = 10_000


def skipped_waiting(project: Project, *, by: Person) -> int:
    """How many of the records that this person skipped could be offered to them again."""
    contributor = find(project, by)
    if contributor is None or not contributor.skipped_count:
        return 0
    return _wanted(contributor).count()


def reopen_skipped(project: Project, *, by: Person) -> int:
    """Offer this person the records again that they skipped and that still want answers; returns how many, at most
    AT_ONCE. What they discarded, flagged or have answered since stays away."""
    require_contributing(project, by)
    contributor = find(project, by)
    return _reopen(contributor) if contributor else 0


def undo(contributor: Contributor, record_id: int) -> None:
    """Have a skip undone by an answer to that record, if this person, whose row is locked, has skipped it: as if their
    time had run out, the answer is theirs to give."""
    if Skip.objects.filter(contributor=contributor, record=record_id).delete()[0]:
        contributor.skipped_count -= 1
        contributor.save(update_fields=["skipped_count"])
        queue.note_had(contributor.pk, record_id)


@transaction.atomic
def _reopen(contributor: Contributor) -> int:
    """Another search begins, before the earliest of them. A lapse stays of each, so that a skip which is told twice
    is not taken for one of a stranger's record."""
    mine = Contributor.objects.select_for_update(no_key=True).get(pk=contributor.pk)
    rows = _wanted(mine).order_by("record__queue_key").values_list("pk", "record", "record__queue_key")
    skips = list(rows[:AT_ONCE])
    if not skips:
        return 0
    now = clock.now()
    lapses = [Lapse(record_id=record_id, contributor=mine, created_at=now) for _pk, record_id, _key in skips]
    Lapse.objects.bulk_create(lapses, ignore_conflicts=True)
    Skip.objects.filter(pk__in=[pk for pk, _record_id, _key in skips]).delete()
    mine.skipped_count = F("skipped_count") - len(skips)
    mine.last_queue_key = min(mine.last_queue_key, skips[0][2] - 1)
    mine.search_number += 1
    mine.save(update_fields=["skipped_count", "last_queue_key", "search_number"])
    return len(skips)


def _wanted(contributor: Contributor) -> QuerySet[Skip]:
    """Their skips of records that have room for their answer, with nothing else of theirs in its way."""
    skips = Skip.objects.filter(contributor=contributor, record__open_slots__gt=0, record__set_aside="")
    return skips.exclude(_has(Response) | _has(Discard) | _has(Flag))


def _has(model: type[Model]) -> Q:
    theirs = model._default_manager.filter(record=OuterRef("record"), contributor=OuterRef("contributor"))
    return Q(Exists(theirs))
