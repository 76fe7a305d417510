"""The reconciler: takes a Space that is due and performs its steps until one has to wait or fails.

It can be called at any time and by any number of workers. Where another one holds the Space, or it is not due,
it does nothing; where the world is right already, the steps do nothing.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from dibt.gateways.errors import ConflictError, GatewayError, RateLimitedError, RetryLaterError
from dibt.gateways.hub import Hub
from dibt.lib import clock, leases
from projects.domain.spaces import other_name
from projects.models import Space, SpaceStep, StepKey, StepState
from projects.provisioning import ledger, pace
from projects.provisioning.outcomes import Broken, Done, Wait
from projects.provisioning.steps import STEPS
from projects.provisioning.wanted import Wanted, wanted_of


def run(space_id: int, hub: Hub) -> timedelta | None:
    """Bring the Space nearer to what is wanted.

    Returns after how long it wants to be called again; None when there is nothing more to do, or for this worker.
    """
    related = ("project__organisation", "project__cohort", "requested_by")
    space = Space.objects.waiting().select_related(*related).filter(pk=space_id).first()
    if space is None or not leases.take(space):
        return None
    try:
        pause = _perform(space, hub)
        if pause is None:
            leases.give_back(space)
        else:
            ledger.postponed(space, pause)
    except ledger.LeaseLostError:
        return None
    return pause


def _perform(space: Space, hub: Hub) -> timedelta | None:
    ledger.started(space)
    wanted = wanted_of(space, other_name=other_name(space))
    for step in space.steps.exclude(state=StepState.DONE):
        ledger.step_started(space, step)
        try:
            outcome = STEPS[StepKey(step.key)](hub, wanted)
        except GatewayError as error:
            return _went_wrong(space, step, wanted, error)
        if not isinstance(outcome, Done):
            return _not_done(space, step, outcome)
        ledger.step_done(space, step, outcome)
    ledger.finished(space)
    return None


def _went_wrong(space: Space, step: SpaceStep, wanted: Wanted, error: GatewayError) -> timedelta | None:
    """A conflict is looked at again like a failure that may pass; whatever else was refused needs a person."""
    message = wanted.without_secrets(error.message)
    if isinstance(error, RateLimitedError):
        ledger.step_held(space, step, reason=message, pause=error.after)
        return error.after
    if not isinstance(error, RetryLaterError | ConflictError):
        ledger.step_failed(space, step, error=message, request_id=error.request_id)
        return None
    if step.attempt >= pace.MAX_ATTEMPTS:
        message = _("Given up after %(count)d attempts. %(error)s Try again later.") % {
            "count": step.attempt,
            "error": message,
        }
        ledger.step_failed(space, step, error=message, request_id=error.request_id)
        return None
    asked = error.after if isinstance(error, RetryLaterError) else None
    pause = pace.after_failure(step.attempt, asked=asked)
    ledger.step_postponed(space, step, error=message, request_id=error.request_id, pause=pause)
    return pause


def _not_done(space: Space, step: SpaceStep, outcome: Wait | Broken) -> timedelta | None:
    if isinstance(outcome, Broken):
        ledger.step_failed(
            space, step, error=outcome.sentence, stage=outcome.stage, log_tail=outcome.log_tail
        )
        return None
    waited = clock.now() - (step.started_at or clock.now())
    if waited > pace.DEADLINE:
        message = _(
            "The Space has been starting for %(minutes)d minutes. Look at its page on the Hub, then try again."
        )
        ledger.step_failed(
            space, step, error=message % {"minutes": waited.total_seconds() // 60}, stage=outcome.stage
        )
        return None
    ledger.step_waits(space, step, outcome)
    return pace.until_next_look(waited)
