"""What somebody answered before they signed in becomes theirs, and then counts.

Two steps, since not everything is there at once. Signing in hands the answers over to the person (`claim`): from
then on they are nobody else's, whatever becomes of the browser. Once the person has accepted the licence and said how
they are shown, and the project is open, each becomes a Response (`adopt`): counted where its record still has room,
else surplus.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.domain import drafts, queue, totals
from annotations.domain.contributors import find, join, lacks_consent, note_tries, require_consent
from annotations.models import Contributor, Record, Response, TrialAnswer
from annotations.permissions import require_contributing
from dibt.lib import clock, secrets
from dibt.lib.errors import NotVisibleError
from projects.models import Project, ProjectState
from projects.permissions import Person, is_member


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many answers became somebody's own, and how many of them came after their record was full."""

    answers: int = 0
    surplus: int = 0

    def __add__(self, other: "Adopted") -> "Adopted":
        return Adopted(self.answers + other.answers, self.surplus + other.surplus)


def claim(secret: str, *, by: User) -> int:
    """Hand what was answered with a browser's secret over to the person who signed in there; returns how many.

    Whoever is first has them. Of two answers to the same record the one that waits already is kept.
    """
    unclaimed = TrialAnswer.objects.filter(user=None, visitor=secrets.digest(secret))
    claimed = sum(_claim(trial_id, by) for trial_id in unclaimed.values_list("pk", flat=True))
    if claimed:
        note_tries(by)
    return claimed


def waiting(user: User) -> QuerySet[TrialAnswer]:
    """What a person answered before signing in and that does not count yet, the earliest first."""
    return TrialAnswer.objects.filter(user=user)


def adopt(project: Project, *, by: Person) -> Adopted:
    """Make this person's trial answers in the project theirs. Safe to do twice at once.

    Raises what refuses a person who may not annotate here now, and ConflictError while licence and name are not
    chosen: the answers go on waiting.
    """
    user = require_contributing(project, by)
    require_consent(join(project, by=user))
    adopted = Adopted()
    for trial_id in waiting(user).filter(project=project).values_list("pk", flat=True):
        response = _adopt(project, user, trial_id)
        adopted += Adopted(1, int(response.surplus)) if response else Adopted()
    return adopted


def adopt_where_possible(user: User) -> Adopted:
    """As `adopt`, in each project where nothing more has to be asked."""
    projects = Project.objects.open().filter(pk__in=waiting(user).order_by().values("project"))
    adopted = Adopted()
    for project in projects:
        contributor = find(project, user)
        if contributor and not lacks_consent(contributor) and is_member(project, user):
            adopted += adopt(project, by=user)
    return adopted


def adopt_ready() -> int:
    """Adopt what waits although nothing keeps it from counting: the project is open again, or the person chose on
    another page how they are shown; returns how many."""
    return sum(adopt_where_possible(user).answers for user in _ready())


def drop(trial_id: int, *, by: User) -> None:
    """Delete an own answer that waits, for good."""
    deleted, _rows = waiting(by).filter(pk=trial_id).delete()
    if not deleted:
        raise NotVisibleError(_("There is no such answer."))


def drop_all(project: Project, *, by: User) -> int:
    """Delete all own answers that wait in a project; returns how many."""
    deleted, _rows = waiting(by).filter(project=project).delete()
    return deleted


def _claim(trial_id: int, user: User) -> int:
    row = TrialAnswer.objects.filter(pk=trial_id, user=None)
    try:
        with transaction.atomic():
            return row.update(user=user, visitor="")
    except IntegrityError:
        row.delete()
        return 0


@transaction.atomic
def _adopt(project: Project, user: User, trial_id: int) -> Response | None:
    """One answer, in a transaction of its own; None where it is gone, or the person has answered the record
    since. Rows are locked in the order contributor, assignment, record, as everywhere."""
    contributor = Contributor.objects.select_for_update(no_key=True).get(project=project, user=user)
    given = waiting(user).filter(pk=trial_id).first()
    if given is None:
        return None
    deleted, _rows = waiting(user).filter(pk=trial_id).delete()
    if not deleted or Response.objects.filter(record=given.record_id, contributor=contributor).exists():
        return None
    filled = queue.fill(contributor, given.record_id) or _without_place(given.record_id)
    return _save(contributor, given, filled)


def _without_place(record_id: int) -> queue.Filled:
    """Where there is room it counts; not for a record that was taken out of the queue since."""
    record = Record.objects.select_for_update(no_key=True).get(pk=record_id)
    return queue.Filled(record, counted=False, completes=False) if record.set_aside else queue.refill(record)


def _save(contributor: Contributor, given: TrialAnswer, filled: queue.Filled) -> Response:
    """Write the answer, from now on one of this moment, and what is counted of it. Where the person's search
    for records starts stays as it is: what they tried lay further on."""
    response = Response.objects.create(
        project_id=given.project_id,
        record=filled.record,
        contributor=contributor,
        schema_version_id=given.schema_version_id,
        guidelines_version_id=given.guidelines_version_id,
        values=given.values,
        surplus=not filled.counted,
        trial=True,
        submitted_at=clock.now(),
    )
    contributor.submitted_count += 1
    contributor.claims += 1
    contributor.last_answer_at = response.submitted_at
    # Whoever claims more at this moment waits for this row, and notes it again.
    contributor.has_tried = TrialAnswer.objects.filter(
        user=contributor.user_id, project=given.project_id
    ).exists()
    contributor.save(update_fields=["submitted_count", "claims", "last_answer_at", "has_tried"])
    drafts.drop(contributor, filled.record.pk)
    first = contributor.submitted_count == 1
    totals.change(given.project_id, responses=1, complete=int(filled.completes), contributors=int(first))
    return response


def _ready() -> Iterable[User]:
    agreed = Contributor.objects.filter(
        project=OuterRef("project"), user=OuterRef("user"), licence_accepted_at__isnull=False
    )
    ready = TrialAnswer.objects.filter(Exists(agreed), user__isnull=False, project__state=ProjectState.OPEN)
    return User.objects.filter(pk__in=ready.order_by().values("user")).exclude(shown_as="")
