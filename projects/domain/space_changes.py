"""What can be asked of a Space that is there: pause, resume, other hardware, new secrets, its end.

Each replaces the Space's plan and is in its audit trail; asked for once more, it changes nothing.
"""

from typing import TypedDict

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from dibt.lib import secrets
from dibt.lib.errors import ConflictError, InvalidError
from projects.domain import costs, space_plans
from projects.domain.projects import FINISHED
from projects.domain.space_events import note
from projects.models import FREE_HARDWARE, EventKind, HardwarePrice, Space, SpaceGoal, SpaceState, StepKey
from projects.permissions import require_manager

# Argilla keeps its owner's key in its own database and lets nobody change it; these two can be renewed.
RENEWABLE = ("PASSWORD", "ARGILLA_AUTH_SECRET_KEY")
SHORTEST_SLEEP, LONGEST_SLEEP = 300, 30 * 24 * 3600


class Change(models.TextChoices):
    PAUSE = "pause", gettext_lazy("Pause")
    RESUME = "resume", gettext_lazy("Resume")
    HARDWARE = "hardware", gettext_lazy("Change the hardware")
    SECRETS = "secrets", gettext_lazy("Renew the secrets")
    TAKE_DOWN = "take-down", gettext_lazy("Take down")
    FORGET = "forget", gettext_lazy("Delete its data")


class Setting(TypedDict):
    """What a Space runs on, and after how many seconds of idleness it sleeps; None is never."""

    hardware: str
    sleep_seconds: int | None


def possible(space: Space) -> list[Change]:
    """What can be asked of it as it is now, in the order to be offered."""
    return [change for change in Change if not refusal(space, change)]


def refusal(space: Space, change: Change) -> str:
    """Why that cannot be asked of the Space as it is now; empty if it can."""
    if change == Change.FORGET:
        return _of_forgetting(space)
    if space.goal == SpaceGoal.GONE:
        return _("This Space is taken down, or about to be. Ask for a new one when it is gone.")
    if change == Change.RESUME:
        return _of_resuming(space)
    return _of_pausing(space) if change == Change.PAUSE else ""


def require(space: Space, change: Change, *, hardware: str = "", sleep_seconds: int | None = None) -> None:
    """Raises what asking for that change would: ConflictError where it cannot be asked for as things are, or costs
    more than the cohort's budget allows, InvalidError for hardware or a sleep time that cannot be."""
    if why := refusal(space, change):
        raise ConflictError(why)
    if change == Change.HARDWARE:
        _require_hardware(hardware, sleep_seconds)
    if change in {Change.HARDWARE, Change.RESUME} and (
        over := costs.budget_refusal(space, hardware=hardware)
    ):
        raise ConflictError(over)


@transaction.atomic
def pause(space: Space, *, by: User) -> Space:
    """Stop it, so that it costs nothing, until somebody resumes it."""
    if _is_so(space, by, goal=SpaceGoal.PAUSED):
        return space
    require(space, Change.PAUSE)
    space_plans.replan(space, goal=SpaceGoal.PAUSED, plan=space_plans.PAUSE)
    note(space, EventKind.PAUSED, by=by)
    return space


@transaction.atomic
def resume(space: Space, *, by: User) -> Space:
    """Have it run again, set as it is wanted now. Raises ConflictError for more than the cohort's budget allows."""
    if _is_so(space, by, goal=SpaceGoal.RUN):
        return space
    require(space, Change.RESUME)
    space_plans.replan(space, goal=SpaceGoal.RUN, plan=space_plans.RUN)
    note(space, EventKind.RESUMED, by=by)
    return space


@transaction.atomic
def change_hardware(space: Space, *, by: User, hardware: str, sleep_seconds: int | None = None) -> Space:
    """Have it run on `hardware`, asleep after `sleep_seconds` of idleness (None: never; free hardware: the Hub's).

    While it is paused that is only noted down, and done when it is resumed. Raises InvalidError for hardware
    without a known price or a sleep time that cannot be, ConflictError for more than the cohort's budget allows.
    """
    wanted = Setting(hardware=hardware, sleep_seconds=None if hardware == FREE_HARDWARE else sleep_seconds)
    if _is_so(space, by, **wanted):
        return space
    require(space, Change.HARDWARE, **wanted)
    before = space.hardware
    _set(space, **wanted)
    note(
        space, EventKind.HARDWARE, by=by, before=before, after=hardware, sleep=str(space.sleep_seconds or "")
    )
    return space


@transaction.atomic
def rotate_secrets(space: Space, *, by: User) -> Space:
    """Give it a new owner's password and a new key for sign-ins: everybody there has to sign in again.

    While new ones are on their way already, it is left at those.
    """
    _look(space, by)
    if space.rotating and space.goal != SpaceGoal.GONE and space.state != SpaceState.FAILED:
        return space
    require(space, Change.SECRETS)
    renewed = {key: secrets.new_token() for key in RENEWABLE}
    box = secrets.encrypt({**secrets.decrypt(space.secrets_box), **renewed})
    _set(space, secrets_box=box, rotating=list(RENEWABLE))
    note(space, EventKind.SECRETS, by=by)
    return space


@transaction.atomic
def take_down(space: Space, *, by: User) -> Space:
    """Stop it and delete it. Answers are given here, so none is lost; its bucket stays until `forget_data`."""
    if _is_so(space, by, goal=SpaceGoal.GONE):
        return space
    require(space, Change.TAKE_DOWN)
    space_plans.replan(space, goal=SpaceGoal.GONE, plan=space_plans.TAKE_DOWN)
    note(space, EventKind.TAKEN_DOWN, by=by)
    return space


@transaction.atomic
def forget_data(space: Space, *, by: User) -> Space:
    """Delete the bucket of a Space that is gone. Raises ConflictError before a release has its records and answers."""
    _look(space, by)
    if space.bucket_deleted_at or (space.is_moving and _forgets(space)):
        return space
    require(space, Change.FORGET)
    space_plans.replan(space, goal=SpaceGoal.GONE, plan=space_plans.FORGET)
    note(space, EventKind.FORGOTTEN, by=by, bucket=space.bucket_id)
    return space


def _look(space: Space, by: User) -> None:
    """As it is now, for those who run its project."""
    require_manager(space.project, by)
    space.refresh_from_db()


def _is_so(space: Space, by: User, **wanted: object) -> bool:
    """Whether that was asked for already, and has not failed."""
    _look(space, by)
    return space.state != SpaceState.FAILED and all(
        getattr(space, name) == value for name, value in wanted.items()
    )


def _forgets(space: Space) -> bool:
    """Whether its plan is to delete its data: the Space itself is gone then."""
    return space.steps.filter(key=StepKey.FORGET).exists()


def _set(space: Space, **changes: object) -> None:
    """Write down what is wanted, and have it done unless the Space rests: then it is done when it is resumed."""
    if space.goal == SpaceGoal.RUN:
        space_plans.replan(space, goal=SpaceGoal.RUN, plan=space_plans.RUN, **changes)
        return
    Space.objects.filter(pk=space.pk).update(**changes)
    space.refresh_from_db()


def _of_pausing(space: Space) -> str:
    if space.goal == SpaceGoal.PAUSED and space.state != SpaceState.FAILED:
        return _("This Space is paused already, or about to be.")
    if not space.stage:
        return _("This Space is not on the Hub yet, so there is nothing to pause.")
    return ""


def _of_resuming(space: Space) -> str:
    if space.project.state in FINISHED:
        return _("This project is finished, so its Space stays as it is. Open the project again first.")
    if space.goal == SpaceGoal.RUN:
        return _("This Space is not paused.")
    return ""


def _of_forgetting(space: Space) -> str:
    if space.bucket_deleted_at:
        return _("Its data are deleted already.")
    if space.goal == SpaceGoal.GONE and space.is_moving and _forgets(space):
        return _("Its data are about to be deleted.")
    if space.goal != SpaceGoal.GONE or (space.state != SpaceState.GONE and not _forgets(space)):
        return _("Its data can be deleted once the Space is taken down.")
    if space.project.released_at is None:
        return _(
            "No release of this project was published yet, so its data stay. Publish a release first, look at it, "
            "then delete them."
        )
    return ""


def _require_hardware(hardware: str, sleep_seconds: int | None) -> None:
    if hardware != FREE_HARDWARE and not HardwarePrice.objects.filter(name=hardware).exists():
        refusal = _("“%(name)s” is not hardware that the Hub offers. Choose from the list.") % {
            "name": hardware
        }
        raise InvalidError(refusal, {"hardware": [refusal]})
    if sleep_seconds is not None and not SHORTEST_SLEEP <= sleep_seconds <= LONGEST_SLEEP:
        refusal = _("A Space can go to sleep after 5 minutes to 30 days of idleness, or never.")
        raise InvalidError(refusal, {"sleep_seconds": [refusal]})
