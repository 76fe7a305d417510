"""The queue of a project's records. This module alone writes places (`open_slots`) and assignments.

A place is taken by one statement: find a record with room that this person never had, lock it (skipping those
that others are taking just now, unless these are the last) and take one of its places. On SQLite, where one
writer works at a time, the statement is the same without the lock. Unique constraints are the last word.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from annotations.models import Assignment, Contributor, Lapse, Record
from dibt.lib import clock

LEASE = timedelta(minutes=10)
SWEEP_AT_ONCE = 500

_TAKE_A_PLACE = """
    UPDATE annotations_record SET open_slots = open_slots - 1 WHERE id = (
        SELECT r.id FROM annotations_record r
        WHERE r.project_id = %(project)s AND r.open_slots > 0 AND r.queue_key > %(after)s
          AND NOT EXISTS (SELECT 1 FROM annotations_assignment x WHERE x.contributor_id = %(me)s
                          AND x.expires_at > %(now)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_response x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_skip x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_assignment x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
        ORDER BY r.queue_key LIMIT 1 {lock})
    RETURNING *
"""


def held(contributor: Contributor) -> Assignment | None:
    """The record this person has open, with a fresh lease; None if they hold none that is still live."""
    live = Assignment.objects.live().filter(contributor=contributor).order_by("pk")
    assignment = live.select_related("record").first()
    if assignment and Assignment.objects.filter(pk=assignment.pk).update(expires_at=clock.now() + LEASE):
        return assignment
    return None


def take_next(contributor: Contributor) -> Assignment | None:
    """Assign the next record, or None when nothing is left for this person now or they hold one already.

    Starts beyond the last record they had, which keeps the search short however much they have done, and looks
    through everything only at the end. Places of others that have expired count once they are returned.
    """
    return (
        _take(contributor, after=contributor.last_queue_key)
        or _take(contributor, after=-1)
        or (_take(contributor, after=-1, patiently=True) if _can_skip() else None)
    )


def leave(assignment: Assignment) -> bool:
    """End an assignment and return its place; False when somebody else ended it before."""
    deleted, _rows = Assignment.objects.filter(pk=assignment.pk).delete()
    if deleted:
        _give_place_back(assignment.record_id)
    return bool(deleted)


def had(contributor: Contributor, record: Record) -> bool:
    """Whether the record was once with this person, who let the time run out."""
    return Lapse.objects.filter(contributor=contributor, record=record).exists()


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a record's place. `counted`: the answer is one of those that the record needs; `completes`:
    it is the last of them."""

    record: Record
    counted: bool
    completes: bool


def fill(contributor: Contributor, record_id: int) -> Filled | None:
    """Turn the place this person holds into an answer, also one that has expired and was not swept yet.

    The record is full all the same where its overlap was lowered meanwhile. None when they do not hold it.
    """
    held_place, _rows = Assignment.objects.filter(contributor=contributor, record=record_id).delete()
    if not held_place:
        return None
    return _fill(Record.objects.select_for_update(no_key=True).get(pk=record_id), holding=True)


def refill(record: Record) -> Filled:
    """Turn an open place of exactly this record, which is locked, into an answer: one that comes after its lease
    was swept."""
    return _fill(record, holding=False)


def empty(record: Record) -> bool:
    """Turn an answer that was deleted into an open place of the record, which is locked; whether that uncompletes
    it."""
    Record.objects.filter(pk=record.pk).update(
        submitted_count=F("submitted_count") - 1, open_slots=F("open_slots") + 1
    )
    return record.submitted_count == record.overlap


def return_expired(*, project_id: int | None = None) -> int:
    """Return the places of expired assignments; returns how many. Call it outside of transactions: each is one
    of its own, so that sweeps and answers never wait for each other in a circle."""
    expired = Assignment.objects.expired().order_by("pk")
    if project_id is not None:
        expired = expired.filter(record__project=project_id)
    return sum(_return_one(assignment) for assignment in expired[:SWEEP_AT_ONCE])


@transaction.atomic
def _return_one(assignment: Assignment) -> bool:
    deleted, _rows = Assignment.objects.expired().filter(pk=assignment.pk).delete()
    if deleted:
        _give_place_back(assignment.record_id)
        lapse = Lapse(
            record_id=assignment.record_id, contributor_id=assignment.contributor_id, created_at=clock.now()
        )
        Lapse.objects.bulk_create([lapse], ignore_conflicts=True)
    return bool(deleted)


def _give_place_back(record_id: int) -> None:
    Record.objects.filter(pk=record_id).update(open_slots=F("open_slots") + 1)


def _take(contributor: Contributor, *, after: int, patiently: bool = False) -> Assignment | None:
    for _attempt in range(3):
        try:
            with transaction.atomic():
                record = _take_a_place(contributor, after=after, patiently=patiently)
                return _assign(record, contributor) if record else None
        except IntegrityError:
            continue  # the same person took the same record in another tab; the place went back with the rollback
    return None


def _fill(record: Record, *, holding: bool) -> Filled:
    """Count an answer to a locked record where it is needed: one that was held, or for which a place is open."""
    counted = record.submitted_count < record.overlap and (holding or record.open_slots > 0)
    completes = counted and record.submitted_count + 1 == record.overlap
    places = int(holding) - int(counted)
    Record.objects.filter(pk=record.pk).update(
        submitted_count=F("submitted_count") + int(counted), open_slots=F("open_slots") + places
    )
    return Filled(record, counted, completes)


def _take_a_place(contributor: Contributor, *, after: int, patiently: bool) -> Record | None:
    """`patiently`: wait for those who are taking a place of the same record, rather than miss one beside it."""
    lock = "" if not _can_skip() else "FOR NO KEY UPDATE" if patiently else "FOR NO KEY UPDATE SKIP LOCKED"
    now = connection.ops.adapt_datetimefield_value(clock.now())
    values = {"project": contributor.project_id, "me": contributor.pk, "after": after, "now": now}
    return next(iter(Record.objects.raw(_TAKE_A_PLACE.format(lock=lock), values)), None)


def _can_skip() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


def _assign(record: Record, contributor: Contributor) -> Assignment:
    now = clock.now()
    return Assignment.objects.create(
        record=record, contributor=contributor, created_at=now, expires_at=now + LEASE
    )
