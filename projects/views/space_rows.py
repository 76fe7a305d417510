"""One line of a list of Spaces, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dibt.lib import clock
from dibt.lib.money import dollars
from projects.domain import costs
from projects.domain.costs import Cost
from projects.models import Space, SpaceGoal, SpaceState, SpaceStep, StepKey, StepState
from projects.models.space import SpaceSet
from projects.provisioning import differences

TONES = {
    SpaceState.READY: ("good", "check"),
    SpaceState.FAILED: ("bad", "warning"),
    SpaceState.PAUSED: ("neutral", "pause"),
    SpaceState.GONE: ("neutral", "minus"),
}
MOVING_TONE = ("accent", "refresh")
STOPPED_AT = {
    SpaceGoal.RUN: gettext_lazy("Setting it up stopped at “%(step)s”."),
    SpaceGoal.PAUSED: gettext_lazy("Pausing it stopped at “%(step)s”."),
    SpaceGoal.GONE: gettext_lazy("Taking it down stopped at “%(step)s”."),
}


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """`differs` says in a word each in what it differs from what is wanted, `differences` in sentences.

    `age` is how long the step it is at has taken, or for how long it has rested, since `since`.
    """

    space: Space
    state: str
    tone: str
    icon: str
    step: str
    trouble: str
    differs: str
    differences: str
    since: datetime
    age: str
    so_far: str
    forecast: str
    costs: bool


def with_present_step(spaces: SpaceSet) -> SpaceSet:
    """With all that a row says, in as many queries for one as for many."""
    begun = SpaceStep.objects.filter(state__in=[StepState.WORKING, StepState.WAITING, StepState.FAILED])
    prefetched = Prefetch("steps", begun, to_attr="begun_steps")
    return spaces.with_age().select_related("project__cohort").prefetch_related(prefetched)


def rows(spaces: Iterable[Space]) -> list[SpaceRow]:
    """Of Spaces that come from `with_present_step`."""
    listed = list(spaces)
    cost = costs.by_space(listed)
    return [_row(space, cost[space.pk]) for space in listed]


def _row(space: Space, cost: Cost) -> SpaceRow:
    step: SpaceStep | None = next(iter(getattr(space, "begun_steps", ())), None)
    since: datetime = getattr(space, "since", space.due_at)
    tone, icon = TONES.get(SpaceState(space.state), MOVING_TONE)
    differing = differences.kept(space)
    return SpaceRow(
        space=space,
        state=state_in_words(space, step),
        tone=tone,
        icon=icon,
        step=str(step.get_key_display()) if step and space.is_moving else "",
        trouble=_trouble(space, step),
        differs=", ".join(dict.fromkeys(str(each.what.label) for each in differing)),
        differences=" ".join(each.sentence for each in differing),
        since=since,
        age=_age(since),
        so_far=dollars(cost.so_far),
        forecast=dollars(cost.forecast),
        costs=cost.forecast > 0,
    )


def state_in_words(space: Space, step: SpaceStep | None = None) -> str:
    """What it is or becomes, by its goal; `step` is the one it is at."""
    if space.state == SpaceState.READY and space.stage == "SLEEPING":
        return _("Ready, asleep")
    if not space.is_moving:
        return str(space.get_state_display())
    if space.state == SpaceState.REQUESTED and step is None:
        return _("Waiting for a worker")
    match space.goal:
        case SpaceGoal.RUN:
            return _("Being set up") if space.ready_at is None else _("Being set right")
        case SpaceGoal.PAUSED:
            return _("Being paused")
    return _("Its data are being deleted") if step and step.key == StepKey.FORGET else _("Being taken down")


def _trouble(space: Space, step: SpaceStep | None) -> str:
    if step is None or not step.error:
        return ""
    if space.state != SpaceState.FAILED:
        return step.error if step.state == StepState.WAITING else ""
    return " ".join((str(STOPPED_AT[SpaceGoal(space.goal)]) % {"step": step.get_key_display()}, step.error))


def _age(since: datetime) -> str:
    now = clock.now()
    if (now - since).total_seconds() < 60:
        return _("less than a minute")
    return timesince(since, now, depth=1)
