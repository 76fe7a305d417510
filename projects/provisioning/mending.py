"""What is done about differences: the Space's plan sets them right, or a person has to decide.

Only a Space that rests and that no worker holds is touched, and all is written at once: whoever comes second, or
comes again after being killed, finds the Space at work already and does nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from dibt.lib import clock
from dibt.lib.leases import unheld
from projects.domain import costs, space_plans
from projects.domain.space_events import note
from projects.domain.spaces import UNPROVEN
from projects.models import EventKind, Space, SpaceGoal, SpaceStep, StepKey, StepState
from projects.provisioning import ledger
from projects.provisioning.difference import Difference, What

# Who changes it back each time may have a reason. So often in a day it is set right, and then somebody is asked.
MENDINGS, WITHIN = 3, timedelta(hours=24)


class Remedy(Enum):
    """What was done about differences; NONE also where somebody else was faster."""

    NONE = auto()
    MENDED = auto()
    ESCALATED = auto()


def remedy(space: Space, differences: Sequence[Difference], *, by: User | None = None) -> Remedy:
    """Do what is to be done about the differences, all of those that were found of the Space; `by` is who asked for
    it, None where nobody had to."""
    for difference in differences:
        if difference.needs_a_person:
            return escalate(space, differences, because=difference)
    mendable = [each for each in differences if each.can_be_mended]
    if not mendable:
        return Remedy.NONE
    often = _mended_often(space)
    for difference in mendable:
        if difference.what in often:
            return escalate(space, differences, because=difference)
    return mend(space, differences, by=by)


def mend(space: Space, differences: Sequence[Difference], *, by: User | None = None) -> Remedy:
    """Have the workers set the Space right, by the plan for its goal."""
    mended = [each for each in differences if each.can_be_mended]
    remounted = any(each.what == What.VOLUMES for each in mended)
    with _resting(space) as resting:
        if resting is None:
            return Remedy.NONE
        goal = SpaceGoal(resting.goal)
        changes = {"drift": in_json(differences), **(UNPROVEN if remounted else {})}
        space_plans.replan(resting, goal=goal, plan=space_plans.PLANS[goal], **changes)
        words = " ".join(each.sentence for each in mended)
        note(resting, EventKind.DRIFTED, by=by, what=words, kinds=" ".join(each.what for each in mended))
    return Remedy.MENDED


def escalate(space: Space, differences: Sequence[Difference], *, because: Difference) -> Remedy:
    """Leave the Space as it is, with the step failed that would have to set it right, until a person decides.

    Of one that is gone nothing is proven any more, and nothing is billed.
    """
    with _resting(space) as resting:
        if resting is None:
            return Remedy.NONE
        goal = SpaceGoal(resting.goal)
        space_plans.lay_out(resting, space_plans.PLANS[goal])
        is_gone = because.what == What.EXISTENCE
        lost = {**UNPROVEN, "stage": "", "seen_hardware": "", "url": ""} if is_gone else {}
        Space.objects.filter(pk=space.pk).update(drift=in_json(differences), inspect_at=None, **lost)
        resting.refresh_from_db()
        if is_gone:
            costs.observed(resting, stage="", hardware="")
        sentence = f"{because.sentence} {_advice(because, goal)}"
        ledger.needs_a_person(resting, _failed(resting, _step(because, goal), sentence), error=sentence)
    return Remedy.ESCALATED


def in_json(differences: Iterable[Difference]) -> list[dict[str, str]]:
    return [each.to_json() for each in differences]


@contextmanager
def _resting(space: Space) -> Iterator[Space | None]:
    """The Space as it is in the database, held for this transaction; None unless it still rests as it was read."""
    with transaction.atomic():
        same = Space.objects.watched().filter(unheld(), pk=space.pk, state=space.state, goal=space.goal)
        yield same.select_for_update(of=("self",)).select_related("project").first()


def _mended_often(space: Space) -> set[str]:
    """In what it was set right as often as that; what a person has had done since begins the count anew."""
    events = space.events.filter(at__gt=clock.now() - WITHIN)
    told: datetime | None = events.filter(by__isnull=False).values_list("at", flat=True).first()
    drifted = events.filter(kind=EventKind.DRIFTED, **({"at__gt": told} if told else {}))
    kinds = [kind for params in drifted.values_list("params", flat=True) for kind in params["kinds"].split()]
    return {kind for kind in kinds if kinds.count(kind) >= MENDINGS}


def _step(because: Difference, goal: SpaceGoal) -> StepKey:
    if goal == SpaceGoal.PAUSED:
        return StepKey.STOP
    match because.what:
        case What.EXISTENCE | What.IDENTITY:
            return StepKey.SPACE
        case What.STAGE:
            return StepKey.RUNNING
    return StepKey.SETTINGS


def _advice(because: Difference, goal: SpaceGoal) -> str:
    """What a person can do about it; each of it works from where the Space is left."""
    if because.what == What.IDENTITY:
        return _(
            "Nothing was done to it. Look who changed it on the Hub: give it back its mark and try again, or try "
            "again under another name."
        )
    if because.what != What.EXISTENCE:
        return _(
            "The platform has set that right %(count)d times within a day, and somebody changes it back. Find out "
            "on the Hub who does, then try again."
        ) % {"count": MENDINGS}
    if goal == SpaceGoal.PAUSED:
        return _("Resume it to have it made again, or take it down.")
    return _("Try again to have it made again, or take it down.")


def _failed(space: Space, key: StepKey, sentence: str) -> SpaceStep:
    step = space.steps.get(key=key)
    step.state, step.error = StepState.FAILED, sentence
    step.started_at = step.ended_at = clock.now()
    step.save(update_fields=["state", "error", "started_at", "ended_at"])
    return step
