"""The deep look at one Space: its variables and the names of its secrets, once an hour while it is awake."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from huggingface_hub import HfApi

from dibt.gateways.hub import Hub, the_hub
from dibt.lib import clock, leases, secrets
from dibt.lib.errors import ConflictError
from dibt.sandbox.testing import SandboxServer
from projects import tasks
from projects.domain import space_changes, space_events, spaces
from projects.models import EventKind, Space, SpaceState, StepKey
from projects.provisioning import differences, inspecting, mending, pace, watching
from projects.provisioning.wanted import PROVISION_ID
from tests.projects.space_worlds import a_ready_space, a_requested_space, lead_of, step, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def inspect(space: Space, hub: Hub | None = None, *, after: timedelta = HOUR + MINUTE) -> Space:
    with clock.at(clock.now() + after):
        inspecting.inspect(space.pk, hub or the_hub())
    return now(space)


def now(space: Space) -> Space:
    return Space.objects.get(pk=space.pk)


def set_right(space: Space) -> Space:
    with clock.at(clock.now() + HOUR + MINUTE):
        return work(space)


def told(space: Space) -> list[str]:
    events = space.events.filter(kind=EventKind.DRIFTED).order_by("pk")
    return [space_events.sentence(event) for event in events]


def shown(space: Space) -> list[str]:
    return [difference.sentence for difference in differences.kept(now(space))]


def asked(sandbox: SandboxServer, space: Space) -> list[str]:
    entries = sandbox.requests.all(path=f"/api/spaces/{space.repo_id}/")
    return [f"{entry.method} {entry.path.rsplit('/', 1)[-1]}" for entry in entries]


class Between(Hub):
    """The Hub, where something happens while the variables are on their way."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(endpoint=settings.HUB_URL, token=settings.HUB_TOKEN, timeout=settings.HUB_TIMEOUT)
        self._happens = happens

    def space_variables(self, repo_id: str) -> dict[str, str]:
        found = super().space_variables(repo_id)
        self._happens()
        return found


# --- All is well ----------------------------------------------------------------------------------


def test_what_is_as_wanted_costs_two_requests_and_is_looked_at_again_within_the_hour(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.requests.clear()

    after = inspect(space)

    assert asked(sandbox, space) == ["GET variables", "GET secrets"]
    assert len(sandbox.requests.all()) == 2
    assert (after.state, after.drift, after.lease_holder) == (SpaceState.READY, [], None)
    assert after.inspected_at > space.inspected_at
    assert after.inspect_at - after.inspected_at == pace.INSPECT_EVERY
    minute = timedelta(seconds=settings.CELERY_BEAT_SCHEDULE["inspect-spaces"]["schedule"])
    assert pace.INSPECT_EVERY + minute <= HOUR


def test_nothing_is_asked_before_it_is_due(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.requests.clear()

    inspect(space, after=pace.INSPECT_EVERY - MINUTE)

    assert sandbox.requests.all() == []


def test_one_that_sleeps_is_looked_at_once_more_and_then_left_to_sleep(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.fall_asleep(space.repo_id)
    with clock.at(clock.now() + 5 * MINUTE):
        watching.watch(space.owner, the_hub())

    after = inspect(space)

    assert (after.inspect_at, after.stage) == (None, "SLEEPING")
    with clock.at(clock.now() + 100 * HOUR):
        assert inspecting.due() == []


def test_variables_of_the_template_are_let_be(api: HfApi):
    space = a_ready_space()
    api.add_space_variable(space.repo_id, "OF_THE_TEMPLATE", "1")

    assert inspect(space).drift == []


# --- What differs ---------------------------------------------------------------------------------

CHANGES: dict[str, tuple[Callable[[HfApi, str], object], str]] = {
    "a variable was changed": (
        lambda api, name: api.add_space_variable(name, "WORKSPACE", "marker-of-a-stranger"),
        "Of its variables these were changed or deleted: WORKSPACE.",
    ),
    "a variable was deleted": (
        lambda api, name: api.delete_space_variable(name, "REINDEX_DATASETS"),
        "Of its variables these were changed or deleted: REINDEX_DATASETS.",
    ),
    "a secret was deleted": (
        lambda api, name: api.delete_space_secret(name, "PASSWORD"),
        "Of its secrets these were deleted: PASSWORD.",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_changed_is_found_shown_and_set_right(change: str, api: HfApi, sandbox: SandboxServer):
    space = a_ready_space()
    make, sentence = CHANGES[change]
    make(api, space.repo_id)

    found = inspect(space)
    what = shown(space)
    after = set_right(space)

    assert (found.state, what) == (SpaceState.REQUESTED, [sentence])
    assert told(space)[0].endswith(sentence)
    assert (after.state, after.drift) == (SpaceState.READY, [])
    assert watching.survey(the_hub(), [after]) == {space.pk: []}
    password = secrets.decrypt(space.secrets_box)["PASSWORD"]
    assert sandbox.state.has_secret(space.repo_id, "PASSWORD", password)


def test_what_others_have_written_into_variables_is_kept_nowhere(
    api: HfApi, caplog: pytest.LogCaptureFixture
):
    space = a_ready_space()
    api.add_space_variable(space.repo_id, "WORKSPACE", "marker-of-a-stranger")

    with caplog.at_level(logging.DEBUG):
        found = inspect(space)

    said = [str(event.params) for event in space.events.all()]
    assert not [text for text in [*said, str(found.drift), caplog.text] if "marker-of-a-stranger" in text]


def test_secrets_that_are_not_ours_are_shown_and_left_alone(api: HfApi):
    space = a_ready_space()
    api.add_space_secret(space.repo_id, "ARGILLA_DATABASE_URL", "elsewhere")

    after = inspect(space)
    with clock.at(clock.now() + HOUR + 5 * MINUTE):
        watching.watch(space.owner, the_hub())  # what the list tells does not hide it

    sentence = "There are secrets that the platform did not set: ARGILLA_DATABASE_URL."
    assert (after.state, shown(space), told(space)) == (SpaceState.READY, [sentence], [])


def test_what_is_right_again_is_no_longer_shown(api: HfApi):
    space = a_ready_space()
    api.add_space_secret(space.repo_id, "OF_A_STRANGER", "1")
    inspect(space)

    api.delete_space_secret(space.repo_id, "OF_A_STRANGER")

    assert inspect(space, after=3 * HOUR).drift == []


def test_what_was_set_right_three_times_in_a_day_and_differs_again_needs_a_person(api: HfApi):
    space = a_ready_space()
    for hours in (2, 4, 6):
        api.delete_space_secret(space.repo_id, "PASSWORD")
        with clock.at(clock.now() + hours * HOUR):
            inspecting.inspect(space.pk, the_hub())
            work(space)
    api.delete_space_secret(space.repo_id, "PASSWORD")

    after = inspect(space, after=8 * HOUR)

    assert (after.state, len(told(space))) == (SpaceState.FAILED, 3)
    assert "Of its secrets these were deleted: PASSWORD." in step(space, StepKey.SETTINGS).error


# --- What is not ours -----------------------------------------------------------------------------


@pytest.mark.parametrize("seen", ["another", "none"])
def test_one_without_our_mark_needs_a_person_and_is_not_touched(
    seen: str, api: HfApi, sandbox: SandboxServer
):
    space = a_ready_space()
    if seen == "another":
        api.add_space_variable(space.repo_id, PROVISION_ID, str(uuid.uuid4()))
    else:
        api.delete_space_variable(space.repo_id, PROVISION_ID)
    sandbox.requests.clear()

    after = inspect(space)

    assert (after.state, after.inspect_at) == (SpaceState.FAILED, None)
    assert "It does not carry our mark" in step(space, StepKey.SPACE).error
    assert asked(sandbox, space) == ["GET variables"]


def test_once_it_has_its_mark_again_it_can_go_on(api: HfApi):
    space = a_ready_space()
    api.delete_space_variable(space.repo_id, PROVISION_ID)
    inspect(space)

    api.add_space_variable(space.repo_id, PROVISION_ID, str(space.provision_id))
    spaces.retry(now(space), by=lead_of(space.project))

    assert set_right(space).state == SpaceState.READY


def test_tried_again_without_its_mark_it_is_still_not_touched(api: HfApi, sandbox: SandboxServer):
    space = a_ready_space()
    api.delete_space_variable(space.repo_id, PROVISION_ID)
    inspect(space)
    sandbox.requests.clear()

    spaces.retry(now(space), by=lead_of(space.project))
    after = set_right(space)

    assert after.state == SpaceState.FAILED
    assert [entry for entry in asked(sandbox, space) if not entry.startswith("GET")] == []


# --- Who is faster --------------------------------------------------------------------------------


def test_one_that_a_worker_holds_is_left_alone(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.requests.clear()
    with clock.at(clock.now() + 2 * HOUR):
        leases.take(now(space))

        inspecting.inspect(space.pk, the_hub())

        assert inspecting.due() == []
    assert sandbox.requests.all() == []


def test_one_that_is_at_work_is_not_looked_at(sandbox: SandboxServer):
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(inspect_at=clock.now())
    sandbox.requests.clear()

    inspect(space)

    assert sandbox.requests.all() == []


def test_of_two_that_look_at_once_one_does(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.requests.clear()

    inspect(space, Between(lambda: inspecting.inspect(space.pk, the_hub())))

    assert asked(sandbox, space) == ["GET variables", "GET secrets"]


def test_nobody_gives_it_another_plan_while_it_is_looked_at():
    space = a_ready_space()
    refused: list[ConflictError] = []

    def pause() -> None:
        try:
            space_changes.pause(now(space), by=lead_of(space.project))
        except ConflictError as refusal:
            refused.append(refusal)

    inspect(space, Between(pause))

    assert [str(refusal) for refusal in refused] == [
        "A step of this Space is being worked on at this very moment. Try again in a few seconds."
    ]


def test_who_lost_it_meanwhile_asks_and_writes_no_more(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.requests.clear()

    def robbed() -> None:
        Space.objects.filter(pk=space.pk).update(lease_holder=uuid.uuid4())

    after = inspect(space, Between(robbed))

    assert asked(sandbox, space) == ["GET variables"]
    assert after.inspected_at == space.inspected_at


def test_who_dies_while_looking_is_followed_by_another():
    space = a_ready_space()

    def die() -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        inspect(space, Between(die))
    after = inspect(space, after=HOUR + MINUTE + 2 * pace.LEASE)

    assert after.inspected_at > space.inspected_at


def test_who_dies_before_anything_is_done_leaves_it_to_the_next_list(
    api: HfApi, monkeypatch: pytest.MonkeyPatch
):
    space = a_ready_space()
    api.delete_space_secret(space.repo_id, "PASSWORD")

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mending, "remedy", killed)
        with pytest.raises(SystemExit):
            inspect(space)
    with clock.at(clock.now() + HOUR + 5 * MINUTE):
        watching.watch(space.owner, the_hub())

    assert (now(space).state, len(told(space))) == (SpaceState.REQUESTED, 1)


# --- What fails -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "minutes"),
    [(500, {}, 5), (503, {"Retry-After": "119"}, 2), (401, {}, 5), (404, {}, 5)],
)
def test_what_fails_is_tried_again_in_a_few_minutes_or_when_the_hub_says(
    status: int, headers: dict[str, str], minutes: int, sandbox: SandboxServer
):
    space = a_ready_space()
    sandbox.faults.add("status", path="/secrets$", status=status, headers=headers)
    began = clock.now() + HOUR + MINUTE

    with clock.at(began):
        inspecting.inspect(space.pk, the_hub())

    after = now(space)
    assert (after.state, after.drift, after.inspected_at) == (SpaceState.READY, [], space.inspected_at)
    assert (after.inspect_at - began, after.lease_holder) == (timedelta(minutes=minutes), None)


def test_those_due_longest_come_first_and_no_more_than_a_minute_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(inspecting, "IN_A_MINUTE", 2)
    three = [a_ready_space() for _ in range(3)]
    for space, minutes in zip(three, (2, 3, 1), strict=True):
        Space.objects.filter(pk=space.pk).update(inspect_at=clock.now() - minutes * MINUTE)

    assert inspecting.due() == [three[1].pk, three[0].pk]


def test_each_is_looked_at_by_a_task_of_its_own(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks.watching.inspect, "delay", tasks.watching.inspect)
    two = [a_ready_space(), a_ready_space()]
    Space.objects.update(inspect_at=clock.now())
    sandbox.faults.add("status", path=f"{two[0].repo_id}/variables$", status=503)

    tasks.watching.inspect_due()

    assert [now(space).inspected_at == space.inspected_at for space in two] == [True, False]


def test_those_that_are_due_are_looked_for_every_minute():
    beat = settings.CELERY_BEAT_SCHEDULE["inspect-spaces"]

    assert (beat["task"], beat["schedule"]) == (tasks.watching.inspect_due.name, 60)
