"""What a Space's plans are, and how one replaces another: the states, the steps, and the bell for the workers."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dibt.lib import bells, clock
from dibt.lib.errors import ConflictError
from dibt.lib.leases import unheld
from dibt.lib.states import Moves, move
from projects.models import Space, SpaceGoal, SpaceState, SpaceStep, StepKey, StepState

BELL = "spaces.provision"
MOVES = Moves(
    gettext_lazy("Space"),
    {
        SpaceState.REQUESTED: frozenset({SpaceState.WORKING, SpaceState.REQUESTED}),
        SpaceState.WORKING: frozenset(
            {
                SpaceState.READY,
                SpaceState.PAUSED,
                SpaceState.GONE,
                SpaceState.FAILED,
                SpaceState.REQUESTED,
            }
        ),
        SpaceState.READY: frozenset({SpaceState.REQUESTED, SpaceState.FAILED}),
        SpaceState.PAUSED: frozenset({SpaceState.REQUESTED, SpaceState.FAILED}),
        SpaceState.FAILED: frozenset({SpaceState.REQUESTED}),
        SpaceState.GONE: frozenset({SpaceState.REQUESTED}),
    },
)
RESTS_AS = {
    SpaceGoal.RUN: SpaceState.READY,
    SpaceGoal.PAUSED: SpaceState.PAUSED,
    SpaceGoal.GONE: SpaceState.GONE,
}
# Making it and setting it right are the same: each step looks first, and does nothing where all is well.
RUN = (
    StepKey.PREFLIGHT,
    StepKey.BUCKET,
    StepKey.SPACE,
    StepKey.SETTINGS,
    StepKey.FILES,
    StepKey.RUNNING,
    StepKey.ARGILLA,
    StepKey.PROOF,
    StepKey.SIGN_IN,
)
PAUSE = (StepKey.STOP,)
TAKE_DOWN = (StepKey.STOP, StepKey.REMOVE)
FORGET = (StepKey.FORGET,)
PLANS = {SpaceGoal.RUN: RUN, SpaceGoal.PAUSED: PAUSE, SpaceGoal.GONE: TAKE_DOWN}


@transaction.atomic
def replan(space: Space, *, goal: SpaceGoal, plan: Iterable[StepKey], **changes: object) -> None:
    """Have the workers perform `plan` from its beginning, in place of whatever was planned before.

    Raises ConflictError while a worker holds the Space: what it does this moment must not meet the new plan.
    """
    fresh = {"due_at": clock.now(), "rebuilt_at": None, "log_tail": "", "inspect_at": None}
    try:
        move(space, MOVES, unheld(), to=SpaceState.REQUESTED, goal=goal, **{**fresh, **changes})
    except ConflictError as refusal:
        raise _busy(space) or refusal from refusal
    lay_out(space, plan)
    bells.ring(BELL, space.pk)


def lay_out(space: Space, plan: Iterable[StepKey]) -> None:
    """The steps of a plan, none of them begun, in place of those there were."""
    space.steps.all().delete()
    SpaceStep.objects.bulk_create(
        SpaceStep(space=space, key=key, position=position, state=StepState.PENDING)
        for position, key in enumerate(plan)
    )


def _busy(space: Space) -> ConflictError | None:
    now = Space.objects.exclude(unheld()).filter(pk=space.pk).first()
    if now is None or not MOVES.may(now.state, SpaceState.REQUESTED):
        return None
    return ConflictError(
        _("A step of this Space is being worked on at this very moment. Try again in a few seconds.")
    )
