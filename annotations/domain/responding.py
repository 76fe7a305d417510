"""Answering: open the next record, submit, skip, take an answer back.

Submitting and getting the next record are two short transactions of one request, never one: submit A / claim
B must not cross submit B / claim A of somebody else.

Rows are locked in one order: contributor, assignment, record. A transaction that lets go of records or answers them
never takes a second one; one that hands out several takes them in the order of the queue.
The locks are `no_key`, because foreign keys are checked at the commit and would wait for a full lock there,
against that order: who returns an expired place then names the contributor, who may just be answering.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.domain import drafts, keys, queue, skipping, totals
from annotations.domain.contributors import find, join, locked, require_consent
from annotations.domain.given import Given, OutdatedError, Sent, fits_now, read
from annotations.models import Assignment, Contributor, Discard, Flag, Lapse, Record, Response, Skip
from annotations.permissions import closed, require_contributing, require_taking_part
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError
from projects.models import Project
from projects.permissions import Person

PREFETCH = 3


@dataclass(frozen=True)
class Submitted:
    """What became of an answer, and whose it is. `repeated`: the same answer was taken before, nothing was added."""

    response: Response
    contributor: Contributor
    repeated: bool = False


def next_record(project: Project, *, by: Person) -> Assignment | None:
    """The record this person has open, else the next one; None when nothing is left for them now."""
    return _first(_hold(join(project, by=by)))


def record_after(submitted: Submitted) -> Assignment | None:
    """The record this person has open after an answer: mostly the next one; after a repeated or late answer,
    or with a second tab, the one that they hold already. None where the project is no longer open."""
    contributor = submitted.contributor
    return _first(_hold(contributor)) if contributor.project.is_open else None


def held(project: Project, *, by: Person, most: int = PREFETCH) -> list[Assignment]:
    """Records this person has open, first the one they had first, with further ones up to `most`: what comes next is
    there at once. Fewer, or none, when no more are left for them now."""
    return _hold(join(project, by=by), most=most)


def held_after(submitted: Submitted, *, most: int = PREFETCH) -> list[Assignment]:
    """The records this person has open after an answer, with further ones up to `most`; none where the project is no
    longer open."""
    contributor = submitted.contributor
    return _hold(contributor, most=most) if contributor.project.is_open else []


def submit(
    project: Project,
    *,
    by: Person,
    record_id: int,
    values: object,
    key: str = "",
    schema_version: int | None = None,
    guidelines_version: int | None = None,
) -> Submitted:
    """Save a person's answer to a record they were given; the same answer sent twice is one answer.

    `key`: a text of the sender's own for this answer. Sent again under it, the answer is the one that was taken,
    whatever its author has made of it since, also where the project takes no more. `schema_version`: the number of the
    version that they answered, `guidelines_version`: that of the guidelines they had before them, each the present one
    if not said. An answer whose record is full meanwhile (its lease ran out, or they skipped it on another device) is
    kept as surplus.

    Raises AnswerError when the values do not fit the task, OutdatedError when it has changed since in a way that the
    answer may not fit, which is then kept as their draft, ConflictError when licence and name are not chosen yet or
    another answer of theirs is already there or they have discarded or flagged the record, KeyUsedError when the
    key was that of another answer, GoneError when its answer was deleted, NotVisibleError when the record was never
    handed to them.
    """
    user = require_taking_part(project, by)
    sent = Sent(record_id, values, key, schema_version, guidelines_version)
    if not project.is_open:
        return _taken_while_open(project, user, sent)
    given = read(project, user, sent)
    if not fits_now(project, given.version):
        return _outdated(project, user, given)
    return _submit_at_once(project, user, given) or _submit(project, user, given)


@transaction.atomic
def skip(project: Project, *, by: Person, record_id: int) -> Contributor:
    """Pass a record over: its place is free for others, and it is not offered to this person again."""
    contributor, _held = let_go(project, by=by, record_id=record_id)
    mine = {"record_id": record_id, "contributor": contributor}
    if not any(kind.objects.filter(**mine).exists() for kind in (Skip, Discard, Flag, Response)):
        Skip.objects.create(created_at=clock.now(), **mine)
        contributor.skipped_count += 1
        contributor.save(update_fields=["skipped_count"])
    return contributor


def let_go(project: Project, *, by: Person, record_id: int) -> tuple[Contributor, bool]:
    """Give back the place this person holds of a record, and whether they held one: not if they have let it go
    before. Call it in a transaction, which locks their row.

    Raises NotVisibleError when the record was never handed to them.
    """
    contributor = locked(project, require_contributing(project, by))
    drafts.drop(contributor, record_id)
    assignment = _assignment(contributor, record_id)
    if assignment is None:
        _refuse_unless_had(contributor, record_id)
        contributor.claims += 1
        contributor.save(update_fields=["claims"])
        return contributor, False
    queue.leave(assignment)
    queue.move_on(contributor, assignment.record, search_number=assignment.search_number)
    contributor.save(update_fields=["last_queue_key"])
    return contributor, True


@transaction.atomic
def take_back(response: Response, *, by: User) -> None:
    """Delete an own answer for good: its place is free again and no later release holds it. Its author may give
    another one, as who let the time run out may."""
    contributor = Contributor.objects.select_for_update(no_key=True).get(pk=response.contributor_id)
    if contributor.user_id != by.pk:
        raise NotVisibleError(_("There is no such answer."))
    record = Record.objects.select_for_update(no_key=True).get(pk=response.record_id)
    # As it is now: whether it counts is decided under the record's lock, and may have been since it was read.
    there = Response.objects.filter(pk=response.pk).first()
    if there is None:
        return
    there.delete()
    keys.withdraw(there)
    contributor.submitted_count -= 1
    contributor.save(update_fields=["submitted_count"])
    uncompleted = not there.surplus and queue.empty(record)
    gone = contributor.submitted_count == 0
    queue.note_had(contributor.pk, record.pk)
    totals.change(record.project_id, responses=-1, complete=-int(uncompleted), contributors=-int(gone))


def _hold(contributor: Contributor, *, most: int = 1) -> list[Assignment]:
    """Where nothing else is left, expired places of others are returned first: between two claims and not
    inside one, so that nobody waits for a stranger's record while others wait for theirs."""
    held = queue.hold(contributor, most=most)
    if not held and queue.return_expired(project_id=contributor.project_id):
        return queue.hold(contributor, most=most)
    return held


def _first(held: list[Assignment]) -> Assignment | None:
    return held[0] if held else None


def _taken_while_open(project: Project, user: User, sent: Sent) -> Submitted:
    """Nothing is taken now; but who sends again what was taken is not told that it was not."""
    with suppress(InvalidError):
        given = read(project, user, sent)
        before = keys.answered(given.public_id, record_id=given.record_id, values=given.values)
        contributor = find(project, user)
        if before and contributor:
            contributor.project = project
            return Submitted(before, contributor, repeated=True)
    raise closed(project)


def _submit_at_once(project: Project, user: User, given: Given) -> Submitted | None:
    """The usual case, in one statement where the database can; None leaves it to the steps, and to their words."""
    values, now = given.values, clock.now()
    answered = queue.answer_at_once(
        (project.pk, user.pk),
        given.record_id,
        public_id=given.public_id,
        schema_id=given.version.pk,
        guidelines_id=given.guidelines.pk if given.guidelines else None,
        values=values,
        now=now,
    )
    if answered is None:
        return None
    contributor = answered.contributor
    contributor.project, contributor.user = project, user
    response = Response(
        id=answered.response_id,
        project=project,
        record_id=given.record_id,
        contributor=contributor,
        public_id=given.public_id,
        schema_version=given.version,
        guidelines_version=given.guidelines,
        values=values,
        surplus=not answered.counted,
        submitted_at=now,
    )
    return Submitted(response, contributor)


@transaction.atomic
def _submit(project: Project, user: User, given: Given) -> Submitted:
    """In steps, on any database and in every case."""
    contributor = locked(project, user)
    before = keys.answered(given.public_id, record_id=given.record_id, values=given.values)
    if before is not None:
        return Submitted(before, contributor, repeated=True)
    require_consent(contributor)
    filled = queue.fill(contributor, given.record_id)
    return _save(contributor, filled, given) if filled else _late(contributor, given)


def _outdated(project: Project, user: User, given: Given) -> Submitted:
    """What was answered before stands; else it is kept for its author, who is told."""
    with transaction.atomic():
        contributor = locked(project, user)
        before = keys.answered(given.public_id, record_id=given.record_id, values=given.values)
        if before := before or _same_before(contributor, given):
            return Submitted(before, contributor, repeated=True)
        _require_no_objection(contributor, given.record_id)
        skipping.undo(contributor, given.record_id)
        drafts.keep(contributor, given.record_id, drafts.typed(given.answer, given.version))
    raise OutdatedError(
        _(
            "The task has changed since you answered this record, and your answer may no longer fit. It is kept "
            "for you under “Your answers”: look at what is asked now, and send it again."
        )
    )


def _assignment(contributor: Contributor, record_id: int) -> Assignment | None:
    """Their assignment with its record, both locked; also an expired one that was not swept yet."""
    rows = Assignment.objects.select_for_update(no_key=True).select_related("record")
    return rows.filter(contributor=contributor, record=record_id).first()


def _save(contributor: Contributor, filled: queue.Filled, given: Given) -> Submitted:
    """Write the answer and what is counted of it; contributor and record are locked."""
    project, record = contributor.project, filled.record
    response = Response.objects.create(
        project=project,
        record=record,
        contributor=contributor,
        public_id=given.public_id,
        schema_version=given.version,
        guidelines_version=given.guidelines,
        values=given.values,
        surplus=not filled.counted,
        submitted_at=clock.now(),
    )
    contributor.submitted_count += 1
    contributor.claims += 1
    queue.move_on(contributor, record, search_number=filled.search_number)
    contributor.last_answer_at = response.submitted_at
    contributor.save(update_fields=["submitted_count", "claims", "last_queue_key", "last_answer_at"])
    drafts.drop(contributor, record.pk)
    first = contributor.submitted_count == 1
    totals.change(project.pk, responses=1, complete=int(filled.completes), contributors=int(first))
    return Submitted(response, contributor)


def _late(contributor: Contributor, given: Given) -> Submitted:
    """An answer without a live lease: sent twice, after the lease was swept, or after a skip on another device. Nothing
    given is lost."""
    if before := _same_before(contributor, given):
        return Submitted(before, contributor, repeated=True)
    _require_no_objection(contributor, given.record_id)
    skipping.undo(contributor, given.record_id)
    mine = Record.objects.filter(pk=given.record_id, project=contributor.project_id)
    record = mine.select_for_update(no_key=True).first()
    if record is None or not queue.had(contributor, record):
        raise NotVisibleError(_("This record was not given to you. Open the next one."))
    return _save(contributor, queue.refill(record), given)


def _same_before(contributor: Contributor, given: Given) -> Response | None:
    """Their answer to this record, if they gave the same before; another one stands against this."""
    before = Response.objects.filter(record=given.record_id, contributor=contributor).first()
    if before is None:
        return None
    if before.values == given.values:
        keys.same_as(before, given.public_id)
        return before
    raise ConflictError(
        _(
            "You have answered this record already, and your first answer stands. Reload the page for the "
            "next one; you can change your answer under “Your answers”."
        )
    )


def _require_no_objection(contributor: Contributor, record_id: int) -> None:
    """What they hold against a record stands against an answer that comes from another page of theirs."""
    mine = {"contributor": contributor, "record": record_id}
    if Flag.objects.filter(**mine).exists():
        sentence = _(
            "You have flagged this record, so your answer to it is not taken. Go on with the next one."
        )
        raise ConflictError(sentence)
    if Discard.objects.filter(**mine).exists():
        raise ConflictError(
            _(
                "You have called this record “not answerable”, so your answer to it is not taken. Go on with the "
                "next one."
            )
        )


def _refuse_unless_had(contributor: Contributor, record_id: int) -> None:
    """Letting go of what was let go, answered or lapsed before is harmless; of a stranger's record it is not."""
    mine = {"contributor": contributor, "record": record_id}
    if not any(model.objects.filter(**mine).exists() for model in (Skip, Discard, Flag, Response, Lapse)):
        raise NotVisibleError(_("This record was not given to you. Open the next one."))
