"""What the page of a project's Space shows: how it is, what was and is done, what it costs, what can be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import NotVisibleError
from dibt.lib.page_parts import Step
from dibt.lib.page_parts import StepState as ShownState
from projects.domain import costs, prices, space_changes, space_events, space_previews, spaces
from projects.domain.projects import FINISHED
from projects.domain.space_changes import Change
from projects.forms.spaces import SpaceNameForm
from projects.models import Project, Space, SpaceEvent, SpaceGoal, SpaceState, SpaceStep, StepKey, StepState
from projects.provisioning import differences
from projects.provisioning.pace import MAX_ATTEMPTS
from projects.views.space_rows import MOVING_TONE, TONES, state_in_words

SHOWN = {
    StepState.PENDING: ShownState.PENDING,
    StepState.WORKING: ShownState.WORKING,
    StepState.WAITING: ShownState.WORKING,
    StepState.DONE: ShownState.DONE,
    StepState.FAILED: ShownState.FAILED,
}
# Until then nothing of ours has that name on the Hub, so another one can be chosen.
BEFORE_IT_HAS_A_NAME = (StepKey.PREFLIGHT, StepKey.BUCKET, StepKey.SPACE)
# Of these the Hub's word for what the Space does is news.
THAT_WATCH = (StepKey.RUNNING, StepKey.ARGILLA, StepKey.PROOF)
FEWER_EVENTS = 20
ICONS = {
    Change.PAUSE: "pause",
    Change.RESUME: "play",
    Change.HARDWARE: "gear",
    Change.SECRETS: "key",
    Change.TAKE_DOWN: "trash",
    Change.FORGET: "trash",
}
STOPPED = {
    SpaceGoal.RUN: gettext_lazy("Setting it up stopped"),
    SpaceGoal.PAUSED: gettext_lazy("Pausing it stopped"),
    SpaceGoal.GONE: gettext_lazy("Taking it down stopped"),
}
PLAN = {
    SpaceGoal.RUN: gettext_lazy("Setting up the Space"),
    SpaceGoal.PAUSED: gettext_lazy("Pausing the Space"),
    SpaceGoal.GONE: gettext_lazy("Taking the Space down"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that can be asked for now."""

    change: Change
    icon: str
    variant: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the audit trail; `by` is None for the platform."""

    at: datetime
    by: User | None
    sentence: str


def space_of(project: Project) -> Space:
    space = Space.objects.filter(project=project).first()
    if space is None:
        raise NotVisibleError(_("This project has no Space yet. Ask for one on its page."))
    space.project = project
    return space


def context(project: Project, form: SpaceNameForm | None = None) -> dict[str, object]:
    """All of the page, or before there is a Space what it would be."""
    space = Space.objects.filter(project=project).first()
    if space is None:
        wanted = f"{project.cohort.hosting_organisation}/{spaces.name_for(project)}"
        hardware = prices.in_words(space_previews.named(project.cohort.space_hardware))
        return {
            "project": project,
            "space": None,
            "wanted_name": wanted,
            "wanted_hardware": hardware,
            "is_finished": project.state in FINISHED,
        }
    space.project = project
    return {"project": project, "space": space, **_moving(space, form), **_resting(space)}


def happenings(events: Iterable[SpaceEvent]) -> list[Happening]:
    return [Happening(event.at, event.by, space_events.sentence(event)) for event in events]


def _moving(space: Space, form: SpaceNameForm | None) -> dict[str, object]:
    """What changes while workers are at it."""
    steps = list(space.steps.all())
    failed = next((step for step in steps if step.state == StepState.FAILED), None)
    present = next((step for step in steps if step.state not in {StepState.PENDING, StepState.DONE}), None)
    forgets = any(step.key == StepKey.FORGET for step in steps)
    tone, icon = TONES.get(SpaceState(space.state), MOVING_TONE)
    return {
        "state": {"words": state_in_words(space, present), "tone": tone, "icon": icon},
        "plan": _plan(space, forgets=forgets),
        "stopped": _("Deleting its data stopped") if forgets else str(STOPPED[SpaceGoal(space.goal)]),
        "steps": [_shown(step, space) for step in steps],
        "failed": failed,
        "can_rename": failed is not None and failed.key in BEFORE_IT_HAS_A_NAME,
        "form": form or SpaceNameForm(initial={"name": _name_to_try(space, failed)}),
        "is_finished": space.project.state in FINISHED,
        "drift": [difference.sentence for difference in differences.kept(space)],
    }


def _resting(space: Space) -> dict[str, object]:
    """What stands below: it only changes when something was asked for or came to its end."""
    events = list(space.events.select_related("by")[: FEWER_EVENTS + 1])
    return {
        "offers": [_offer(change) for change in space_changes.possible(space)],
        "no_forgetting": space_changes.refusal(space, Change.FORGET)
        if space.state == SpaceState.GONE
        else "",
        "hardware": prices.in_words(space_previews.named(space.hardware)),
        "sleep": space_previews.sleep_in_words(space.hardware, space.sleep_seconds),
        "cost": costs.of_project(space.project),
        "happenings": happenings(events[:FEWER_EVENTS]),
        "has_more": len(events) > FEWER_EVENTS,
    }


def _plan(space: Space, *, forgets: bool) -> str:
    """What its steps are there for."""
    if forgets:
        return _("Deleting the Space's data")
    if space.goal == SpaceGoal.RUN and space.ready_at:
        return _("Setting the Space right")
    return str(PLAN[SpaceGoal(space.goal)])


def _offer(change: Change) -> Offer:
    return Offer(change, ICONS[change], "primary" if change == Change.RESUME else "secondary")


def _name_to_try(space: Space, failed: SpaceStep | None) -> str:
    # Our own refusal of a stranger's Space carries no id of the Hub; the Hub's refusals do.
    taken = failed is not None and failed.key == StepKey.SPACE and not failed.request_id
    return spaces.other_name(space) if taken else space.name


def _shown(step: SpaceStep, space: Space) -> Step:
    return Step(
        label=step.get_key_display(),
        state=SHOWN[StepState(step.state)],
        detail=_detail(step, space),
        took=(step.ended_at or clock.now()) - step.started_at if step.started_at else None,
    )


def _detail(step: SpaceStep, space: Space) -> str:
    """What there is to say beside the step. Why one failed stands above, where the way on is."""
    if step.state == StepState.WAITING and step.next_retry_at:
        seconds = max(round((step.next_retry_at - clock.now()).total_seconds()), 0)
        told = {"error": step.error, "seconds": seconds, "attempt": step.attempt, "most": MAX_ATTEMPTS}
        return _("%(error)s That was attempt %(attempt)d of %(most)d; the next in %(seconds)d s.") % told
    if step.state != StepState.WORKING or step.key not in THAT_WATCH or not space.stage:
        return ""
    told = {"stage": space.stage, "reason": step.error}
    return (
        _("The Hub says: %(stage)s. %(reason)s") % told
        if step.error
        else _("The Hub says: %(stage)s.") % told
    )
