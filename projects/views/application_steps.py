"""The way of one application, as steps that its lead can follow."""

from datetime import datetime

from django.utils.translation import gettext as _

from dibt.lib.page_parts import Step, StepState
from projects.domain.applications import told
from projects.models import Application, ApplicationState

DRAFT, SUBMITTED, ACCEPTED, DECLINED, CONFIRMED, WITHDRAWN = ApplicationState


def steps_of(application: Application) -> list[Step]:
    """Written, submitted, decided, confirmed: what is behind, and when; and what comes next."""
    ended = application.state in {WITHDRAWN, DECLINED}
    steps = [
        Step(_("Started"), StepState.DONE, told(application.created_at)),
        _step(_("Submitted"), application.submitted_at, now=application.state == DRAFT, ended=ended),
        _step(
            _("Reviewed and decided"), application.decided_at, now=application.state == SUBMITTED, ended=ended
        ),
        _step(
            _("Confirmed: the project exists"),
            application.confirmed_at,
            now=application.state == ACCEPTED,
            ended=ended,
        ),
    ]
    if ended:
        steps.append(Step(application.get_state_display(), StepState.FAILED, told(application.updated_at)))
    return steps


def _step(label: str, when: datetime | None, *, now: bool, ended: bool) -> Step:
    if when:
        return Step(label, StepState.DONE, told(when))
    if now:
        return Step(label, StepState.WORKING, _("This comes next."))
    return Step(label, StepState.SKIPPED if ended else StepState.PENDING)
