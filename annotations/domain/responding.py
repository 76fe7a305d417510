"""Answering: open the next record, submit, skip, take an answer back.

Submitting and getting the next record are two short transactions of one request, never one: submit A / claim
B must not cross submit B / claim A of somebody else.

Rows are locked in one order: contributor, assignment, record, of which a transaction never takes a second one.
The locks are `no_key`, because foreign keys are checked at the commit and would wait for a full lock there,
against that order: who returns an expired place then names the contributor, who may just be answering.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.domain import queue, totals
from annotations.domain.contributors import join, require_consent
from annotations.models import Assignment, Contributor, Discard, Flag, Lapse, Record, Response, Skip
from annotations.permissions import require_contributing
from dibt.lib import clock
from dibt.lib.errors import ConflictError, NotVisibleError
from projects.domain import tasks
from projects.models import Project, SchemaVersion
from projects.permissions import Person
from projects.schema.answers import Answer, validate_answer


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
    or with a second tab, the one that they hold already."""
    return _first(_hold(submitted.contributor))


def submit(project: Project, *, by: Person, record_id: int, values: object) -> Submitted:
    """Save a person's answer to a record they were given; the same answer sent twice is one answer.

    An answer whose record is full meanwhile (its lease ran out) is kept as surplus. Raises AnswerError when
    the values do not fit the task, ConflictError when licence and name are not chosen yet or another answer
    of theirs is already there, NotVisibleError when the record was never handed to them.
    """
    user = require_contributing(project, by)
    version = tasks.current_schema(project)
    answer = validate_answer(version.schema, values)
    if submitted := _submit_at_once(project, user, record_id, version, answer):
        return submitted
    with transaction.atomic():
        contributor = _locked(project, user)
        require_consent(contributor)
        filled = queue.fill(contributor, record_id)
        if filled is None:
            return _late(contributor, record_id, version, answer)
        return _save(contributor, filled, version, answer)


@transaction.atomic
def skip(project: Project, *, by: Person, record_id: int) -> Contributor:
    """Pass a record over: its place is free for others, and it is not offered to this person again."""
    contributor, held = let_go(project, by=by, record_id=record_id)
    if held:
        Skip.objects.create(record_id=record_id, contributor=contributor, created_at=clock.now())
        contributor.skipped_count += 1
        contributor.save(update_fields=["skipped_count"])
    return contributor


def let_go(project: Project, *, by: Person, record_id: int) -> tuple[Contributor, bool]:
    """Give back the place this person holds of a record, and whether they held one: not if they have let it go
    before. Call it in a transaction, which locks their row.

    Raises NotVisibleError when the record was never handed to them.
    """
    contributor = _locked(project, require_contributing(project, by))
    assignment = _assignment(contributor, record_id)
    if assignment is None:
        _refuse_unless_had(contributor, record_id)
        return contributor, False
    queue.leave(assignment)
    contributor.last_queue_key = assignment.record.queue_key
    contributor.save(update_fields=["last_queue_key"])
    return contributor, True


@transaction.atomic
def take_back(response: Response, *, by: User) -> None:
    """Delete an own answer for good: its place is free again and no later release holds it."""
    contributor = Contributor.objects.select_for_update(no_key=True).get(pk=response.contributor_id)
    if contributor.user_id != by.pk:
        raise NotVisibleError(_("There is no such answer."))
    record = Record.objects.select_for_update(no_key=True).get(pk=response.record_id)
    deleted, _rows = Response.objects.filter(pk=response.pk).delete()
    if not deleted:
        return
    contributor.submitted_count -= 1
    contributor.save(update_fields=["submitted_count"])
    uncompleted = not response.surplus and queue.empty(record)
    gone = contributor.submitted_count == 0
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


def _submit_at_once(
    project: Project, user: User, record_id: int, version: SchemaVersion, answer: Answer
) -> Submitted | None:
    """The usual case, in one statement where the database can; None leaves it to the steps, and to their words."""
    values, public_id, now = answer.to_json(), uuid.uuid4(), clock.now()
    guidelines_id = tasks.current_guidelines_id(project)
    answered = queue.answer_at_once(
        (project.pk, user.pk),
        record_id,
        public_id=public_id,
        schema_id=version.pk,
        guidelines_id=guidelines_id,
        values=values,
    )
    if answered is None:
        return None
    contributor = answered.contributor
    contributor.project, contributor.user = project, user
    response = Response(
        id=answered.response_id,
        project=project,
        record_id=record_id,
        contributor=contributor,
        public_id=public_id,
        schema_version=version,
        guidelines_version_id=guidelines_id,
        values=values,
        surplus=not answered.counted,
        submitted_at=now,
    )
    return Submitted(response, contributor)


def _locked(project: Project, user: User) -> Contributor:
    """Their row, locked: what one person does at once, in two tabs, happens one after the other."""
    rows = Contributor.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    contributor = rows.filter(project=project, user=user).first()
    if contributor is None:
        raise NotVisibleError(_("You have not opened a record of this project yet. Open the next one first."))
    contributor.project = project  # as the caller read it, with what was looked up beside it
    return contributor


def _assignment(contributor: Contributor, record_id: int) -> Assignment | None:
    """Their assignment with its record, both locked; also an expired one that was not swept yet."""
    rows = Assignment.objects.select_for_update(no_key=True).select_related("record")
    return rows.filter(contributor=contributor, record=record_id).first()


def _save(
    contributor: Contributor, filled: queue.Filled, version: SchemaVersion, answer: Answer
) -> Submitted:
    """Write the answer and what is counted of it; contributor and record are locked."""
    project, record = contributor.project, filled.record
    response = Response.objects.create(
        project=project,
        record=record,
        contributor=contributor,
        schema_version=version,
        guidelines_version_id=tasks.current_guidelines_id(project),
        values=answer.to_json(),
        surplus=not filled.counted,
        submitted_at=clock.now(),
    )
    contributor.submitted_count += 1
    contributor.last_queue_key = record.queue_key
    contributor.last_answer_at = response.submitted_at
    contributor.save(update_fields=["submitted_count", "last_queue_key", "last_answer_at"])
    first = contributor.submitted_count == 1
    totals.change(project.pk, responses=1, complete=int(filled.completes), contributors=int(first))
    return Submitted(response, contributor)


def _late(contributor: Contributor, record_id: int, version: SchemaVersion, answer: Answer) -> Submitted:
    """An answer without a live lease: sent twice, or after the lease was swept. Nothing given is lost."""
    before = Response.objects.filter(record=record_id, contributor=contributor).first()
    if before is not None:
        if before.values == answer.to_json():
            return Submitted(before, contributor, repeated=True)
        raise ConflictError(
            _(
                "You have answered this record already, and your first answer stands. Reload the page for the "
                "next one; you can change your answer under “Your answers”."
            )
        )
    mine = Record.objects.filter(pk=record_id, project=contributor.project_id)
    record = mine.select_for_update(no_key=True).first()
    if record is None or not queue.had(contributor, record):
        raise NotVisibleError(_("This record was not given to you. Open the next one."))
    return _save(contributor, queue.refill(record), version, answer)


def _refuse_unless_had(contributor: Contributor, record_id: int) -> None:
    """Letting go of what was let go, answered or lapsed before is harmless; of a stranger's record it is not."""
    mine = {"contributor": contributor, "record": record_id}
    if not any(model.objects.filter(**mine).exists() for model in (Skip, Discard, Flag, Response, Lapse)):
        raise NotVisibleError(_("This record was not given to you. Open the next one."))
