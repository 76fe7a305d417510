"""An application's way from a draft to a project: each move, who may make it, and when it is too late."""

from datetime import datetime
from typing import Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.notices import notify
from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError
from dibt.lib.states import Moves, move
from projects.domain import costs, projects, proposals
from projects.domain.proposals import ProposalFields
from projects.models import Application, ApplicationState, Cohort, Project
from projects.models.application import SEATED
from projects.permissions import is_organiser, require_judge, require_own

DRAFT, SUBMITTED, ACCEPTED, DECLINED, CONFIRMED, WITHDRAWN = ApplicationState
MOVES = Moves(
    noun=gettext_lazy("application"),
    allowed={
        DRAFT: frozenset({SUBMITTED, WITHDRAWN}),
        SUBMITTED: frozenset({DRAFT, ACCEPTED, DECLINED, WITHDRAWN}),
        ACCEPTED: frozenset({CONFIRMED, WITHDRAWN}),
        DECLINED: frozenset(),
        CONFIRMED: frozenset(),
        WITHDRAWN: frozenset(),
    },
)
MOST_FEEDBACK = 4000


def start(cohort: Cohort, *, by: User) -> Application:
    """A new draft, or the one that `by` has on its way in this cohort already.

    Raises ConflictError where the cohort takes no applications now.
    """
    mine = Application.objects.unfinished().filter(cohort=cohort, lead=by)
    if application := mine.first():
        return application
    _require_open(cohort, by)
    now = clock.now()
    try:
        with transaction.atomic():
            return Application.objects.create(cohort=cohort, lead=by, created_at=now, updated_at=now)
    except IntegrityError:  # the second of two clicks
        return mine.get()


def save(application: Application, *, by: User, edition: int, **fields: Unpack[ProposalFields]) -> None:
    """Keep a draft, however little it says; also after the deadline, so that nothing written is lost.

    `edition` is the one that was being edited. Raises ConflictError if another has been saved since, unless
    it says the same; InvalidError naming fields that cannot be kept.
    """
    require_own(application, by)
    kept = proposals.keepable(fields, by=by)
    with transaction.atomic():
        _lock(application)
        if all(getattr(application, name) == value for name, value in kept.items()):
            return
        if application.state != DRAFT:
            raise ConflictError(_not_editable(application))
        if application.edition != edition:
            raise ConflictError(_changed_elsewhere(application.updated_at))
        now = clock.now()
        own = Application.objects.filter(pk=application.pk)
        own.update(**kept, edition=F("edition") + 1, updated_at=now)
        application.refresh_from_db()


def submit(application: Application, *, by: User) -> None:
    """Hand the draft in. Submitting twice changes nothing.

    Raises ConflictError after the deadline, InvalidError naming what is missing; the draft stays as it is.
    """
    require_own(application, by)
    with transaction.atomic():
        _lock(application)
        if application.state == SUBMITTED:
            return
        _require_open(application.cohort, by)
        if problems := proposals.missing(application):
            raise InvalidError(
                _("The draft is saved. Before you can submit it, something is missing."), problems
            )
        now = clock.now()
        move(application, MOVES, to=SUBMITTED, submitted_at=now, updated_at=now)


def take_back(application: Application, *, by: User) -> None:
    """Make a submitted application a draft again, to edit it; until the deadline, and before it is decided."""
    require_own(application, by)
    if not application.cohort.is_open():
        raise ConflictError(
            _(
                "%(cohort)s closed on %(when)s, so applications cannot be changed any more. You can still withdraw it."
            )
            % {"cohort": application.cohort, "when": told(application.cohort.closes_at)}
        )
    move(application, MOVES, to=DRAFT, submitted_at=None, updated_at=clock.now())


def withdraw(application: Application, *, by: User) -> None:
    """Give the application up for good; a seat it had is free again."""
    require_own(application, by)
    move(application, MOVES, to=WITHDRAWN, updated_at=clock.now())


def accept(
    application: Application,
    *,
    by: User,
    feedback: str = "",
    edition: int | None = None,
    over_budget: bool = False,
) -> None:
    """Give the application a seat of its cohort, and tell its lead.

    `edition` is the one that was read, if known. Raises ConflictError when it was changed since, when no seat
    is left, when its Space would exceed the cohort's budget (unless told to accept it `over_budget`), or when it
    does not wait for a decision any more.
    """
    require_judge(application, by)
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=application.cohort_id)  # one decision at a time
        _lock(application)
        if application.state == SUBMITTED:
            _require_room(cohort, over_budget=over_budget)
        _decide(application, to=ACCEPTED, by=by, feedback=feedback, edition=edition)


def decline(application: Application, *, by: User, feedback: str, edition: int | None = None) -> None:
    """Turn the application down, and tell its lead why; raises as `accept` does, and InvalidError without a why."""
    require_judge(application, by)
    if not feedback.strip():
        why = _("Write a sentence or two for the group: what was missing, what they could do.")
        raise InvalidError(_("Nothing was decided: the feedback is empty."), {"feedback": [why]})
    with transaction.atomic():
        _lock(application)
        _decide(application, to=DECLINED, by=by, feedback=feedback, edition=edition)


def confirm(application: Application, *, by: User) -> Project:
    """Take the seat: the application becomes a project. Confirming twice gives the same project."""
    require_own(application, by)
    with transaction.atomic():
        _lock(application)
        if application.state == CONFIRMED:
            return application.project
        now = clock.now()
        move(application, MOVES, to=CONFIRMED, confirmed_at=now, updated_at=now)
        return projects.create_from(application)


def seats_left(cohort: Cohort) -> int:
    """How many more applications the cohort can accept."""
    return max(0, cohort.seats - cohort.applications.filter(state__in=SEATED).count())


def require_edition(application: Application, edition: int | None) -> None:
    """Refuse to judge a text that was changed after it was read."""
    if edition is not None and application.state == SUBMITTED and application.edition != edition:
        raise ConflictError(
            _(
                "The group changed this application after you opened the page. Read it again below, then go on."
            )
        )


def told(when: datetime) -> str:
    """A moment as a sentence tells it."""
    return _("%(when)s UTC") % {"when": date_format(when, "DATETIME_FORMAT")}


def _require_room(cohort: Cohort, *, over_budget: bool) -> None:
    """A seat is left for one more, and the money for its Space."""
    if seats_left(cohort) == 0:
        raise ConflictError(
            _("All %(seats)d seats of %(cohort)s are taken. Edit the cohort to add seats, or decline.")
            % {"seats": cohort.seats, "cohort": cohort}
        )
    if not over_budget and (refusal := costs.acceptance_refusal(cohort)):
        raise ConflictError(refusal)


def _decide(
    application: Application, *, to: ApplicationState, by: User, feedback: str, edition: int | None
) -> None:
    require_edition(application, edition)
    if problem := proposals.text_problem(feedback, most=MOST_FEEDBACK):
        raise InvalidError(_("Nothing was decided: the feedback cannot be kept."), {"feedback": [problem]})
    now = clock.now()
    move(application, MOVES, to=to, decided_at=now, decided_by=by, feedback=feedback, updated_at=now)
    notify(
        application.lead,
        kind=f"application-{to.value}",
        params={"title": str(application), "cohort": application.cohort.name, "feedback": feedback},
        url=application.get_absolute_url(),
    )


def _lock(application: Application) -> None:
    """Read the row as it is now, and hold it to the end of the transaction."""
    try:
        application.refresh_from_db(from_queryset=Application.objects.select_for_update(of=("self",)))
    except Application.DoesNotExist as gone:
        raise NotVisibleError(_("There is no such application.")) from gone


def _require_open(cohort: Cohort, by: User) -> None:
    if cohort.is_open():
        return
    if not cohort.is_published:
        if is_organiser(by):
            raise ConflictError(_("%(cohort)s is not published yet. Publish it first.") % {"cohort": cohort})
        raise NotVisibleError(_("There is no such cohort."))
    if clock.now() < cohort.opens_at:
        raise ConflictError(
            _("%(cohort)s opens on %(when)s. Come back then to apply.")
            % {"cohort": cohort, "when": told(cohort.opens_at)}
        )
    raise ConflictError(
        _(
            "%(cohort)s closed on %(when)s, so nothing can be submitted to it any more. What you wrote is kept."
        )
        % {"cohort": cohort, "when": told(cohort.closes_at)}
    )


def _not_editable(application: Application) -> str:
    state = application.get_state_display()
    if application.state == SUBMITTED:
        return _("This application is “%(state)s” now. Take it back first if you want to edit it.") % {
            "state": state
        }
    return _("This application is “%(state)s” now, so it cannot be edited any more.") % {"state": state}


def _changed_elsewhere(when: datetime) -> str:
    return _(
        "This draft was saved in another tab or by another click (%(when)s), so what you see here was not "
        "saved over it. Compare the two; what you save after that replaces the other one."
    ) % {"when": told(when)}
