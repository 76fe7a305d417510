"""The reconciler: takes a Space that is due and performs the next of its steps, or of the proof's parts.

It can be called at any time and by any number of workers. Where another one holds the Space, or it is not due,
it does nothing; where the world is right already, the steps do nothing.
"""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _

from dibt.gateways.errors import ConflictError, GatewayError, RateLimitedError, RetryLaterError
from dibt.gateways.heartbeat import heartbeat
from dibt.gateways.hub import Hub
from dibt.lib import clock, leases
from projects.domain.spaces import other_name
from projects.models import Space, SpaceStep, StepKey, StepState
from projects.provisioning import ledger, pace
from projects.provisioning.outcomes import Broken, Done, Further, Outcome, Wait
from projects.provisioning.steps import STEPS
from projects.provisioning.wanted import Wanted, wanted_of

AT_ONCE = timedelta(0)


def run(space_id: int, hub: Hub) -> timedelta | None:
    """Bring the Space one step nearer to what is wanted.

    Returns after how long it wants to be called again, which may be at once; None when there is nothing more to
    do, or not for this worker.
    """
    related = ("project__organisation", "project__cohort", "requested_by")
    space = Space.objects.waiting().select_related(*related).filter(pk=space_id).first()
    if space is None or not leases.take(space, lasting=pace.LEASE):
        return None
    try:
        with heartbeat(partial(ledger.keep, space)):
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
    step = space.steps.exclude(state=StepState.DONE).first()
    if step is None:
        ledger.finished(space)
        return None
    if step.attempt >= pace.MAX_ATTEMPTS:
        _broken_off(space, step)
        return None
    ledger.step_started(space, step)
    wanted = wanted_of(space, other_name=other_name(space))
    try:
        outcome = STEPS[StepKey(step.key)](hub, wanted)
    except GatewayError as error:
        return _went_wrong(space, step, wanted, error)
    return _write_down(space, step, outcome)


def _write_down(space: Space, step: SpaceStep, outcome: Outcome) -> timedelta | None:
    match outcome:
        case Done():
            ledger.step_done(space, step, outcome)
            return AT_ONCE
        case Further():
            ledger.step_got_further(space, step, outcome)
            return AT_ONCE
        case Wait():
            return _still_waits(space, step, outcome)
        case Broken(sentence, stage, log_tail):
            ledger.step_failed(space, step, error=sentence, stage=stage, log_tail=log_tail)
            return None


def _broken_off(space: Space, step: SpaceStep) -> None:
    """Who fails or waits writes that down; who died as often as that, or met a mistake of ours, could not."""
    message = _(
        "Given up after %(count)d attempts, the last of which did not come to an end. Ask an organiser to look at "
        "the log of the workers."
    )
    ledger.step_failed(space, step, error=message % {"count": step.attempt})


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


def _still_waits(space: Space, step: SpaceStep, outcome: Wait) -> timedelta | None:
    waited = clock.now() - (step.started_at or clock.now())
    if waited <= pace.DEADLINE:
        ledger.step_waits(space, step, outcome)
        return pace.until_next_look(waited)
    message = _(
        "The Space has been starting for %(minutes)d minutes. %(reason)s Look at its page on the Hub, then try again."
    ) % {"minutes": waited.total_seconds() // 60, "reason": outcome.reason}
    ledger.step_failed(space, step, error=" ".join(message.split()), stage=outcome.stage)
    return None
