"""The queue of a project's records. It alone writes places (`open_slots`) and assignments.

A place is taken by one statement: find a record with room that this person never had, lock it (skipping those
that others are taking just now, unless these are the last) and take one of its places. PostgreSQL does all of it in
that one statement (`queue_postgres`); on SQLite, where one writer works at a time, some precede it in the same
transaction. Unique constraints are the last word.
"""

import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from annotations.domain import queue_postgres
from annotations.domain.queue_postgres import Answered
from annotations.models import Assignment, Contributor, Lapse, Record
from dibt.lib import clock
from dibt.lib.errors import ConflictError

LEASE = timedelta(minutes=10)
SWEEP_AT_ONCE = 500
ATTEMPTS = 5

_TAKE_A_PLACE = """
    UPDATE annotations_record SET open_slots = open_slots - 1 WHERE id = (
        SELECT r.id FROM annotations_record r
        WHERE r.project_id = %(project)s AND r.open_slots > 0 AND r.set_aside = '' AND r.queue_key > %(after)s
          AND NOT EXISTS (SELECT 1 FROM annotations_response x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_skip x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_discard x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_flag x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
          AND NOT EXISTS (SELECT 1 FROM annotations_assignment x WHERE x.record_id = r.id AND x.contributor_id = %(me)s)
        ORDER BY r.queue_key LIMIT 1)
    RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a record's place. `counted`: the answer is one of those that the record needs; `completes`:
    it is the last of them."""

    record: Record
    counted: bool
    completes: bool


def hold(contributor: Contributor, *, most: int = 1) -> list[Assignment]:
    """Keep the records this person has open, for longer, and hand out further ones until they have `most`.

    Returns all they have, first the one they had first; empty when nothing is left for them now. The search starts
    beyond the last record they had, which keeps it short however much they have done, and goes through everything
    only at the end. Places of others that have expired count once they are returned.
    """
    for _attempt in range(ATTEMPTS):
        held = _hold_at_once(contributor, most) if _is_postgres() else _hold(contributor, most)
        if held is not None:
            return held
        contributor.refresh_from_db()
    raise ConflictError(_("You take records of this project in several places at once. Reload the page."))


def answer_at_once(
    contributor_of: tuple[int, int],
    record_id: int,
    *,
    public_id: uuid.UUID,
    schema_id: int,
    guidelines_id: int | None,
    values: Mapping[str, object],
) -> Answered | None:
    """Take in an answer to a record that is held by the contributor of (project, user), in one statement.

    None, and nothing changed, when that does not go: they hold no such record, have not agreed to something yet, or
    the database knows no such statement.
    """
    if not _is_postgres():
        return None
    project_id, user_id = contributor_of
    return queue_postgres.answer(
        project_id=project_id,
        user_id=user_id,
        record_id=record_id,
        public_id=public_id,
        schema_id=schema_id,
        guidelines_id=guidelines_id,
        values=values,
        now=clock.now(),
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


def fill(contributor: Contributor, record_id: int) -> Filled | None:
    """Turn the place this person holds into an answer, also one that has expired and was not swept yet.

    The record is full all the same where its overlap was lowered meanwhile. None when they do not hold it.
    """
    held_place, _rows = Assignment.objects.filter(contributor=contributor, record=record_id).delete()
    if not held_place:
        return None
    return _fill(Record.objects.select_for_update(no_key=True).get(pk=record_id), holding=True)


def has_room(record: Record) -> bool:
    """Whether a further answer to the record, which is locked, would count without anybody's place."""
    return record.submitted_count < record.overlap and record.open_slots > 0


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


def _hold_at_once(contributor: Contributor, most: int) -> list[Assignment] | None:
    """By one statement of PostgreSQL for each search. None when another tab was faster: look again."""
    now = clock.now()
    beyond = ((contributor.last_queue_key, False), (-1, False), (-1, True))
    for after, patiently in beyond:
        try:
            # Alone, a statement needs no transaction around it; inside of one, its failure must not end it.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                held = queue_postgres.hold(
                    contributor, after=after, most=most, now=now, until=now + LEASE, patiently=patiently
                )
        except IntegrityError:
            return None
        if held is None or held:
            return held
    return []


def _hold(contributor: Contributor, most: int) -> list[Assignment]:
    """Where one writer works at a time, so that nobody can come in between."""
    with transaction.atomic():
        now = clock.now()
        mine = Assignment.objects.live().filter(contributor=contributor)
        mine.update(expires_at=now + LEASE)
        held = list(mine.select_related("record").order_by("pk"))
        while len(held) < most and (record := _next(contributor)):
            held.append(
                Assignment.objects.create(
                    record=record, contributor=contributor, created_at=now, expires_at=now + LEASE
                )
            )
        return held


def _next(contributor: Contributor) -> Record | None:
    return _take_a_place(contributor, after=contributor.last_queue_key) or _take_a_place(
        contributor, after=-1
    )


def _take_a_place(contributor: Contributor, *, after: int) -> Record | None:
    values = {"project": contributor.project_id, "me": contributor.pk, "after": after}
    return next(iter(Record.objects.raw(_TAKE_A_PLACE, values)), None)


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _fill(record: Record, *, holding: bool) -> Filled:
    """Count an answer to a locked record where it is needed: one that was held, or for which a place is open."""
    counted = record.submitted_count < record.overlap if holding else has_room(record)
    completes = counted and record.submitted_count + 1 == record.overlap
    places = int(holding) - int(counted)
    Record.objects.filter(pk=record.pk).update(
        submitted_count=F("submitted_count") + int(counted), open_slots=F("open_slots") + places
    )
    return Filled(record, counted, completes)
