"""The queue of a project's records. It alone writes places (`open_slots`) and assignments.

A place is taken by one statement: find a record with room that this person never had, lock it (skipping those
that others are taking just now, unless these are the last) and take one of its places. PostgreSQL does all of it in
that one statement (`queue_postgres`); on SQLite, where one writer works at a time, some precede it in the same
transaction. Unique constraints are the last word.
"""

import uuid
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from annotations.domain import queue_postgres
from annotations.domain.queue_postgres import Answered
from annotations.domain.queue_search import Search, searches
from annotations.models import Assignment, Contributor, Lapse, Record
from dibt.lib import clock
from dibt.lib.errors import ConflictError

LEASE = timedelta(minutes=10)
MOST = 50  # that a person can hold in a project
SWEEP_AT_ONCE = 500
ATTEMPTS = 5

_TAKE_A_PLACE = """
    UPDATE annotations_record SET open_slots = open_slots - 1 WHERE id = (
        SELECT r.id FROM annotations_record r WHERE {wanted} ORDER BY r.queue_key LIMIT 1)
    RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a record's place. `counted`: the answer is one of those that the record needs; `completes`:
    it is the last of them. `search_number`: of the assignment that held the place; 0 if none did."""

    record: Record
    counted: bool
    completes: bool
    search_number: int = 0


def hold(
    contributor: Contributor, *, most: int = 1, lasting: timedelta = LEASE, along: bool = False
) -> list[Assignment]:
    """Keep the first `most` (of MOST) records that this person has open, so that they last at least as long, and
    hand out further ones up to as many; `along` marks them all as taken along, which
    lasts no longer for being asked for again.

    Returns them, first the one they had first; empty when nothing is left for them now. Places of others that have
    expired count once they are returned.
    """
    hand_out = _hold_at_once if _is_postgres() else _hold
    for _attempt in range(ATTEMPTS):
        held = hand_out(contributor, most=min(most, MOST), lasting=lasting, along=along)
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
    now: datetime,
) -> Answered | None:
    """Take in an answer to a record that is held by the contributor of (project, user), in one statement.

    None, and nothing changed, when that does not go: they hold no such record, have not agreed to something yet,
    the id is or was that of an answer, or the database knows no such statement.
    """
    if not _is_postgres():
        return None
    project_id, user_id = contributor_of
    try:
        with _alone():
            return queue_postgres.answer(
                project_id=project_id,
                user_id=user_id,
                record_id=record_id,
                public_id=public_id,
                schema_id=schema_id,
                guidelines_id=guidelines_id,
                values=values,
                now=now,
            )
    except IntegrityError:
        return None


def leave(assignment: Assignment) -> bool:
    """End an assignment and return its place; False when somebody else ended it before."""
    deleted, _rows = Assignment.objects.filter(pk=assignment.pk).delete()
    if deleted:
        _give_place_back(assignment.record_id)
    return bool(deleted)


def had(contributor: Contributor, record: Record) -> bool:
    """Whether the record was once with this person, who let the time run out, left or deleted their answer."""
    return Lapse.objects.filter(contributor=contributor, record=record).exists()


def note_had(contributor_id: int, record_id: int, *, until: datetime | None = None) -> None:
    """Note that the record was with this person until then, or now: what they still answer is theirs to give."""
    Lapse.objects.bulk_create(
        [Lapse(record_id=record_id, contributor_id=contributor_id, created_at=until or clock.now())],
        update_conflicts=True,
        update_fields=["created_at"],
        unique_fields=["record", "contributor"],
    )


def fill(contributor: Contributor, record_id: int) -> Filled | None:
    """Turn the place this person holds into an answer, also one that has expired and was not swept yet.

    The record is full all the same where its overlap was lowered meanwhile. None when they do not hold it.
    """
    rows = Assignment.objects.filter(contributor=contributor, record=record_id)
    assignment = rows.select_for_update(no_key=True).first()
    if assignment is None:
        return None
    assignment.delete()
    record = Record.objects.select_for_update(no_key=True).get(pk=record_id)
    return replace(_fill(record, holding=True), search_number=assignment.search_number)


def move_on(contributor: Contributor, record: Record, *, search_number: int) -> None:
    """Have the search that found a record go on beyond it, now that its person is through with it; nothing if
    another one has begun. Sets the field, and leaves it to the caller to save it; their row is locked."""
    if contributor.search_number == search_number:
        contributor.last_queue_key = record.queue_key


def has_room(record: Record) -> bool:
    """Whether a further answer to the record, which is locked, would count without anybody's place; not while it is
    out of the queue."""
    return not record.set_aside and record.submitted_count < record.overlap and record.open_slots > 0


def refill(record: Record) -> Filled:
    """Turn an open place of exactly this record, which is locked, into an answer: one that comes after its lease
    was swept."""
    return _fill(record, holding=False)


def prolong(contributor: Contributor, record_id: int) -> Assignment | None:
    """As `prolong_all`, for one record; None when they do not hold it."""
    return prolong_all(contributor, [record_id]).get(record_id)


def prolong_all(
    contributor: Contributor, record_ids: Collection[int], *, since: datetime | None = None
) -> dict[int, Assignment]:
    """Leave these records longer with this person, whose row is locked, from `since` (or now) on, never shorter;
    returns those that they hold.

    Also where the time is just over and the place was not returned yet, first in the order asked for, as long as they
    hold fewer than MOST then; further ones stay over, and are left to the sweep.
    """
    now = clock.now()
    until = (since or now) + LEASE
    rows = Assignment.objects.select_for_update(no_key=True).order_by("pk")
    found = {one.record_id: one for one in rows.filter(contributor=contributor, record__in=record_ids)}
    theirs = {pk: found[pk] for pk in record_ids if pk in found}
    over = [one for one in theirs.values() if one.expires_at <= now]
    revived = over[: _room(contributor)] if over else []
    left_over = {one.pk for one in over[len(revived) :]}
    longer = [one for one in theirs.values() if one.pk not in left_over and one.expires_at < until]
    for one in longer:
        one.expires_at = until
    Assignment.objects.filter(pk__in=[one.pk for one in longer]).update(expires_at=until)
    if revived:
        _look_again(contributor)
    return theirs


def take_again(contributor: Contributor, record_id: int) -> Assignment | None:
    """Give this person, whose row is locked, a place of exactly this record, which they had and do not hold now.
    None, and nothing changed, where it has no room for them, or they hold MOST already."""
    record = Record.objects.select_for_update(no_key=True).get(pk=record_id)
    if not has_room(record):
        return None
    if not _room(contributor):
        return None
    now = clock.now()
    # No search found it: to be through with it moves none on.
    taken = Assignment.objects.create(
        record=record, contributor=contributor, created_at=now, expires_at=now + LEASE, search_number=0
    )
    Record.objects.filter(pk=record.pk).update(open_slots=F("open_slots") - 1)
    _look_again(contributor)
    return taken


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
    return sum(
        hand_back(assignment, among=Assignment.objects.expired()) for assignment in expired[:SWEEP_AT_ONCE]
    )


@transaction.atomic
def hand_back(assignment: Assignment, *, among: QuerySet[Assignment]) -> bool:
    """Return the place of an assignment that is still one of these; an answer that comes all the same is taken in.

    It is noted when the time was over, or that the person left before. Locks the assignment, then its record, and no
    second one; so call it outside of transactions.
    """
    ended = among.select_for_update(no_key=True).filter(pk=assignment.pk).first()
    if ended is None:
        return False
    ended.delete()
    _give_place_back(ended.record_id)
    note_had(ended.contributor_id, ended.record_id, until=min(ended.expires_at, clock.now()))
    return True


def _room(contributor: Contributor) -> int:
    """How many more records this person, whose row is locked, may hold."""
    return max(MOST - Assignment.objects.live().filter(contributor=contributor).count(), 0)


def _look_again(contributor: Contributor) -> None:
    """Have another tab that is just asking for records look again at what this person holds."""
    Contributor.objects.filter(pk=contributor.pk).update(claims=F("claims") + 1)


def _give_place_back(record_id: int) -> None:
    Record.objects.filter(pk=record_id).update(open_slots=F("open_slots") + 1)


def _hold_at_once(
    contributor: Contributor, *, most: int, lasting: timedelta, along: bool
) -> list[Assignment] | None:
    """By one statement of PostgreSQL for each search. None when another tab was faster: look again.

    Who has something to do needs not wait for records that others are just taking.
    """
    now = clock.now()
    held: list[Assignment] | None = []
    for search in searches(contributor):
        if search.patiently and held:
            break
        try:
            with _alone():
                held = queue_postgres.hold(
                    contributor, search, most=most, now=now, until=now + lasting, along=along
                )
        except IntegrityError:
            return None
        if held is None or len(held) >= most:
            break
    return held


def _alone() -> AbstractContextManager[None]:
    """Alone, a statement needs no transaction around it; inside of one, its failure must not end it."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _hold(contributor: Contributor, *, most: int, lasting: timedelta, along: bool) -> list[Assignment]:
    """Where one writer works at a time, so that nobody can come in between."""
    with transaction.atomic():
        now = clock.now()
        mine = Assignment.objects.live().filter(contributor=contributor)
        held = list(mine.select_related("record").order_by("pk")[:most])
        for assignment in held:
            if not (along and assignment.taken_along):
                assignment.expires_at = max(assignment.expires_at, now + lasting)
            assignment.taken_along = assignment.taken_along or along
        Assignment.objects.bulk_update(held, ["expires_at", "taken_along"])
        while len(held) < most and (fresh := _next(contributor)):
            fresh.created_at, fresh.expires_at, fresh.taken_along = now, now + lasting, along
            fresh.save(force_insert=True)
            held.append(fresh)
        return held


def _next(contributor: Contributor) -> Assignment | None:
    for search in searches(contributor):
        if record := _take_a_place(contributor, search):
            return Assignment(record=record, contributor=contributor, search_number=search.number)
    return None


def _take_a_place(contributor: Contributor, search: Search) -> Record | None:
    statement = _TAKE_A_PLACE.format(wanted=search.wanted())
    return next(iter(Record.objects.raw(statement, search.values(contributor))), None)


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
