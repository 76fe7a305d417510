"""Watching: what differs on the Hub is found by the list of an owner's Spaces, shown, and where safe set right."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from huggingface_hub import HfApi

from accounts.models import Notice
from dibt.gateways.errors import RetryLaterError
from dibt.gateways.hub import Hub, Listed, the_hub
from dibt.lib import clock, leases
from dibt.sandbox.testing import SandboxServer
from projects import tasks
from projects.domain import prices, space_changes, space_events, spaces
from projects.models import EventKind, Proof, Space, SpaceGoal, SpaceState, SpaceUse, StepKey
from projects.provisioning import differences, mending, pace, watching
from tests.factories import organiser
from tests.projects.space_worlds import a_ready_space, lead_of, step, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
OWNER = "data-is-better-together"
LIST = "/api/spaces$"
BEAT = timedelta(minutes=5)


def watch(hub: Hub | None = None, *, after: timedelta = BEAT, owner: str = OWNER) -> timedelta | None:
    """Look at the Spaces so much later than now: what a worker did to them lies in the past then."""
    with clock.at(clock.now() + after):
        return watching.watch(owner, hub or the_hub())


def now(space: Space) -> Space:
    return Space.objects.get(pk=space.pk)


def drift(space: Space) -> list[str]:
    return [difference.what for difference in differences.kept(now(space))]


def mended(space: Space) -> list[str]:
    """What the audit trail says of it, oldest first."""
    events = space.events.filter(kind=EventKind.DRIFTED).order_by("pk")
    return [space_events.sentence(event) for event in events]


def set_right(space: Space) -> Space:
    """Let the workers do their work, from the moment on at which it was found."""
    with clock.at(clock.now() + BEAT):
        return work(space)


class Between(Hub):
    """The Hub, where something happens between its list and what is done about it."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(endpoint=settings.HUB_URL, token=settings.HUB_TOKEN, timeout=settings.HUB_TIMEOUT)
        self._happens = happens

    def spaces_of(self, owner: str) -> dict[str, Listed]:
        listed = super().spaces_of(owner)
        self._happens()
        return listed


class Listing(Hub):
    """The Hub, whose list says something else than its Spaces."""

    def __init__(self, listed: dict[str, Listed]) -> None:
        super().__init__(endpoint=settings.HUB_URL, token=settings.HUB_TOKEN, timeout=settings.HUB_TIMEOUT)
        self._listed = listed

    def spaces_of(self, owner: str) -> dict[str, Listed]:
        assert owner == OWNER
        return self._listed


# --- All is well ----------------------------------------------------------------------------------


def test_what_is_as_wanted_is_noted_as_seen_at_the_price_of_one_request(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.requests.clear()

    watch()

    seen = now(space)
    assert (seen.state, seen.stage, seen.drift, seen.checked_at > space.checked_at) == (
        SpaceState.READY,
        "RUNNING",
        [],
        True,
    )
    assert [(entry.method, entry.path) for entry in sandbox.requests.all()] == [("GET", "/api/spaces")]


def test_sleeping_by_schedule_is_no_drift(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.fall_asleep(space.repo_id)

    watch()

    assert (now(space).state, now(space).stage, drift(space)) == (SpaceState.READY, "SLEEPING", [])


def test_what_is_on_its_way_is_no_drift_before_it_takes_too_long(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.force_stage(space.repo_id, "BUILDING")

    watch()
    watch(after=pace.DEADLINE)
    before = drift(space)
    watch(after=2 * BEAT + pace.DEADLINE)

    assert (before, drift(space)) == ([], ["stage"])
    assert mended(space)[0].endswith("It has been BUILDING for far longer than that takes.")


def test_settings_are_compared_as_soon_as_it_is_seen_awake(sandbox: SandboxServer):
    space = a_ready_space()
    Space.objects.filter(pk=space.pk).update(inspect_at=None)
    sandbox.state.fall_asleep(space.repo_id)

    watch()
    asleep = now(space).inspect_at
    sandbox.state.force_stage(space.repo_id, "RUNNING")
    watch(after=2 * BEAT)

    assert asleep is None
    assert now(space).inspect_at == now(space).checked_at


# --- What differs ---------------------------------------------------------------------------------

CHANGES: dict[str, tuple[Callable[[HfApi, SandboxServer, str], object], str]] = {
    "hardware": (
        lambda api, _sandbox, name: api.request_space_hardware(name, "t4-small"),
        "It runs on t4-small in place of cpu-basic.",
    ),
    "visibility": (
        lambda api, _sandbox, name: api.update_repo_settings(name, private=True, repo_type="space"),
        "It can be seen by: Members of the hosting organisation. It is to be seen by: Everybody.",
    ),
    "volumes": (
        lambda api, _sandbox, name: api.delete_space_volumes(name),
        "Mounted into it is nothing in place of",
    ),
    "stage: paused": (
        lambda api, _sandbox, name: api.pause_space(name),
        "It is PAUSED, and is to be RUNNING.",
    ),
    "stage: stopped": (
        lambda _api, sandbox, name: sandbox.state.force_stage(name, "STOPPED"),
        "It is STOPPED, and is to be RUNNING.",
    ),
    "stage: failed": (
        lambda _api, sandbox, name: sandbox.state.force_stage(name, "RUNTIME_ERROR"),
        "It is RUNTIME_ERROR, and is to be RUNNING.",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_changed_is_found_shown_and_set_right(change: str, api: HfApi, sandbox: SandboxServer):
    space = a_ready_space()
    make, sentence = CHANGES[change]
    make(api, sandbox, space.repo_id)

    watch()
    found, told = now(space), mended(space)
    after = set_right(space)
    watch(after=4 * BEAT)

    assert (found.state, drift(found)) == (SpaceState.REQUESTED, [])  # nothing differs any more
    assert [each["what"] for each in found.drift] == [change.partition(":")[0]]
    assert len(told) == 1
    assert sentence in told[0]
    assert (after.state, after.drift) == (SpaceState.READY, [])
    assert (now(space).state, len(mended(space))) == (SpaceState.READY, 1)


def test_another_sleep_time_on_paid_hardware_is_set_right(api: HfApi):
    prices.refresh(the_hub().hardware_prices())
    space = a_ready_space()
    space_changes.change_hardware(
        space, by=lead_of(space.project), hardware="cpu-upgrade", sleep_seconds=3600
    )
    space = work(space)
    api.set_space_sleep_time(space.repo_id, 7200)

    watch()
    told = mended(space)
    set_right(space)

    assert told[0].endswith("It goes to sleep after 120 minutes; wanted is after 60 minutes.")
    assert the_hub().runtime(space.repo_id).sleep_seconds == 3600


def test_paid_hardware_that_shall_never_sleep_is_told_by_its_sleep_time(api: HfApi, sandbox: SandboxServer):
    prices.refresh(the_hub().hardware_prices())
    space = a_ready_space()
    space_changes.change_hardware(space, by=lead_of(space.project), hardware="cpu-upgrade")
    space = work(space)
    api.set_space_sleep_time(space.repo_id, 300)
    sandbox.state.fall_asleep(space.repo_id)

    watch()

    assert mended(space)[0].endswith("It goes to sleep after 5 minutes; wanted is never.")


def test_other_volumes_void_the_proof_at_that_moment_and_it_is_proven_anew(api: HfApi):
    space = a_ready_space()
    api.delete_space_volumes(space.repo_id)

    watch()
    found = now(space)
    after = set_right(space)

    assert (found.proof, found.proven_at) == (Proof.NONE, None)
    assert (after.proof, after.state) == (Proof.READ, SpaceState.READY)
    assert after.proven_at > space.proven_at


def test_a_stage_that_nobody_knows_is_shown_and_left_alone(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.force_stage(space.repo_id, "DREAMING")

    watch()

    (difference,) = differences.kept(now(space))
    assert difference.sentence == "The Hub calls it DREAMING, a word that the platform does not know."
    assert (now(space).state, mended(space)) == (SpaceState.READY, [])


def test_what_is_right_again_is_no_longer_shown(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.force_stage(space.repo_id, "DREAMING")
    watch()

    sandbox.state.force_stage(space.repo_id, "RUNNING")
    watch(after=2 * BEAT)

    assert drift(space) == []


def test_one_that_fails_again_after_it_was_built_anew_needs_a_person(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.force_stage(space.repo_id, "BUILD_ERROR", sticky=True)

    watch()
    after = set_right(space)

    assert after.state == SpaceState.FAILED
    assert "also after it was built anew" in step(after, StepKey.RUNNING).error
    assert sandbox.state.starts(space.repo_id).count("factory reboot") == 1


# --- Paused ---------------------------------------------------------------------------------------


def a_paused_space() -> Space:
    space = a_ready_space()
    space_changes.pause(space, by=lead_of(space.project))
    return work(space)


def test_a_paused_one_that_somebody_started_is_stopped_again(api: HfApi, sandbox: SandboxServer):
    space = a_paused_space()
    api.restart_space(space.repo_id)

    watch()
    told = mended(space)
    after = set_right(space)

    assert told[0].endswith("It is RUNNING, and is to be PAUSED.")
    assert (after.state, sandbox.state.stage(space.repo_id)) == (SpaceState.PAUSED, "PAUSED")


def test_of_a_paused_one_everything_else_waits_until_it_is_resumed(api: HfApi):
    space = a_paused_space()
    api.request_space_hardware(space.repo_id, "t4-small")
    api.delete_space_volumes(space.repo_id)

    watch()
    before = (now(space).state, drift(space))
    space_changes.resume(space, by=lead_of(space.project))
    work(space)

    assert before == (SpaceState.PAUSED, [])
    assert watching.survey(the_hub(), [now(space)]) == {space.pk: []}


# --- Gone -----------------------------------------------------------------------------------------


def test_one_that_somebody_deleted_needs_a_person_who_can_have_it_made_again(
    api: HfApi, sandbox: SandboxServer
):
    space = a_ready_space()
    api.delete_repo(space.repo_id, repo_type="space")

    watch()
    found = now(space)
    error = step(space, StepKey.SPACE).error
    spaces.retry(now(space), by=lead_of(space.project))
    after = set_right(space)

    assert (found.state, found.proof, found.stage) == (SpaceState.FAILED, Proof.NONE, "")
    assert "somebody deleted it. Its data are still in its bucket. Try again to have it made again" in error
    assert (after.state, after.proof, after.drift) == (SpaceState.READY, Proof.READ, [])
    assert space.repo_id in sandbox.state.repos("space", owner=OWNER)


def test_its_lead_and_the_organisers_are_told_that_it_was_deleted(api: HfApi):
    space = a_ready_space()
    api.delete_repo(space.repo_id, repo_type="space")

    watch()
    watch(after=2 * BEAT)

    told = Notice.objects.filter(kind="space-failed")
    assert {notice.user for notice in told} == {lead_of(space.project), organiser()}
    assert told.count() == 2


def test_a_paused_one_that_somebody_deleted_can_be_resumed_or_taken_down(api: HfApi):
    resumed, taken_down = a_paused_space(), a_paused_space()
    for space in (resumed, taken_down):
        api.delete_repo(space.repo_id, repo_type="space")
    watch()
    sentence = step(resumed, StepKey.STOP).error
    spaces.retry(now(resumed), by=lead_of(resumed.project))
    tried_again = set_right(resumed)

    space_changes.resume(now(resumed), by=lead_of(resumed.project))
    space_changes.take_down(now(taken_down), by=lead_of(taken_down.project))

    assert "Resume it to have it made again, or take it down." in sentence
    assert tried_again.state == SpaceState.FAILED
    assert set_right(resumed).state == SpaceState.READY
    assert set_right(taken_down).state == SpaceState.GONE


def test_one_that_is_being_deleted_is_waited_for(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.state.force_stage(space.repo_id, "DELETING")

    watch()

    assert [each.sentence for each in differences.kept(now(space))] == ["It is being deleted on the Hub."]
    assert (now(space).state, mended(space)) == (SpaceState.READY, [])


def test_one_that_was_renamed_is_shown_and_left_alone(api: HfApi, sandbox: SandboxServer):
    space = a_ready_space()
    api.move_repo(space.repo_id, f"{space.repo_id}-moved", repo_type="space")

    watch()

    assert "somebody may have renamed it" in differences.kept(now(space))[0].sentence
    assert now(space).state == SpaceState.READY


def test_a_list_that_comes_back_empty_ends_nothing_and_asks_for_few(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watching, "ASKED_AT_ONCE", 2)
    three = [a_ready_space() for _ in range(3)]
    sandbox.faults.add("status", path=LIST, status=200, body="[]")
    sandbox.requests.clear()

    watch()

    assert {now(space).state for space in three} == {SpaceState.READY}
    asked = [entry.path for entry in sandbox.requests.all() if entry.path != "/api/spaces"]
    assert asked == [f"/api/organizations/{OWNER}/overview", *(f"/api/spaces/{s.repo_id}" for s in three[:2])]


def test_who_was_not_asked_for_is_asked_for_next(api: HfApi, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watching, "ASKED_AT_ONCE", 1)
    two = [a_ready_space() for _ in range(2)]
    for space in two:
        api.delete_repo(space.repo_id, repo_type="space")

    watch()
    once = [now(space).state for space in two]
    watch(after=2 * BEAT)

    assert sorted(once) == [SpaceState.FAILED, SpaceState.READY]
    assert {now(space).state for space in two} == {SpaceState.FAILED}


def test_an_owner_that_is_gone_is_told_once_and_its_spaces_are_left_alone():
    two = [a_ready_space() for _ in range(2)]
    Space.objects.update(owner="nobody-here")

    watch(owner="nobody-here")
    watch(owner="nobody-here", after=2 * BEAT)

    assert {now(space).state for space in two} == {SpaceState.READY}
    assert (
        differences.kept(now(two[0]))[0].sentence == "The Hub knows no organisation “nobody-here” any more."
    )
    (notice,) = Notice.objects.filter(kind="spaces-ownerless")
    assert (notice.user, notice.params) == (organiser(), {"owner": "nobody-here", "count": 2})


# --- Who is faster --------------------------------------------------------------------------------


def test_one_that_a_worker_holds_is_left_alone(api: HfApi):
    space = a_ready_space()
    api.pause_space(space.repo_id)
    with clock.at(clock.now() + BEAT):
        leases.take(now(space))
        held = now(space)

        watching.watch(OWNER, the_hub())

        assert (now(space).state, now(space).checked_at, mended(space)) == (
            SpaceState.READY,
            held.checked_at,
            [],
        )


def test_a_plan_that_begins_meanwhile_is_not_disturbed(api: HfApi):
    space = a_ready_space()
    api.request_space_hardware(space.repo_id, "t4-small")

    watch(Between(lambda: space_changes.pause(now(space), by=lead_of(space.project))))

    assert (now(space).goal, now(space).state, mended(space)) == (SpaceGoal.PAUSED, SpaceState.REQUESTED, [])
    assert set_right(space).state == SpaceState.PAUSED


def test_of_two_that_watch_at_once_one_sets_it_right(api: HfApi):
    space = a_ready_space()
    api.pause_space(space.repo_id)

    watch(Between(lambda: watching.watch(OWNER, the_hub())))

    assert len(mended(space)) == 1
    assert set_right(space).state == SpaceState.READY


def test_a_list_from_before_it_was_set_right_changes_nothing(api: HfApi):
    space = a_ready_space()
    api.pause_space(space.repo_id)

    def set_right_by_another() -> None:
        watch(after=BEAT)
        with clock.at(clock.now() + 2 * BEAT):
            work(space)

    watch(Between(set_right_by_another))

    assert (now(space).state, now(space).stage, len(mended(space))) == (SpaceState.READY, "RUNNING", 1)


def test_what_the_list_says_is_asked_of_the_space_itself_before_anything_is_done(sandbox: SandboxServer):
    space = a_ready_space()
    listed = the_hub().spaces_of(OWNER)
    runtime = replace(listed[space.repo_id].runtime, mounts=(), requested_hardware="t4-small")
    late = {**listed, space.repo_id: replace(listed[space.repo_id], runtime=runtime)}

    watch(Listing(late))

    assert (now(space).state, drift(space), mended(space)) == (SpaceState.READY, [], [])


def test_where_the_list_is_wrong_about_many_each_is_asked_in_its_turn(
    api: HfApi, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watching, "ASKED_AT_ONCE", 1)
    well, stopped = a_ready_space(), a_ready_space()
    api.pause_space(stopped.repo_id)
    wrong = {
        name: replace(each, runtime=replace(each.runtime, mounts=()))
        for name, each in the_hub().spaces_of(OWNER).items()
    }

    watch(Listing(wrong))
    watch(Listing(wrong), after=2 * BEAT)

    assert (now(well).state, mended(well), len(mended(stopped))) == (SpaceState.READY, [], 1)


def test_a_space_that_cannot_be_asked_itself_is_shown_to_differ_and_left_alone(
    api: HfApi, sandbox: SandboxServer
):
    space = a_ready_space()
    api.pause_space(space.repo_id)
    sandbox.faults.add("status", path="/runtime$", status=503)

    watch()
    shown = (now(space).state, drift(space))
    watch(after=2 * BEAT)

    assert shown == (SpaceState.READY, ["stage"])
    assert len(mended(space)) == 1


def test_who_dies_before_anything_is_done_leaves_it_to_the_next(api: HfApi, monkeypatch: pytest.MonkeyPatch):
    space = a_ready_space()
    api.pause_space(space.repo_id)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mending, "remedy", killed)
        with pytest.raises(SystemExit):
            watch()
    shown = (now(space).state, drift(space))
    watch(after=2 * BEAT)

    assert shown == (SpaceState.READY, ["stage"])
    assert (now(space).state, len(mended(space))) == (SpaceState.REQUESTED, 1)


# --- What fails -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_list_that_fails_changes_nothing_and_is_tried_again(
    kind: str, api: HfApi, sandbox: SandboxServer, caplog: pytest.LogCaptureFixture
):
    space = a_ready_space()
    api.pause_space(space.repo_id)
    sandbox.faults.add(kind, path=LIST)

    with caplog.at_level(logging.WARNING):
        pause = watch()

    assert (now(space).state, now(space).checked_at, now(space).drift) == (
        SpaceState.READY,
        space.checked_at,
        [],
    )
    assert pause == pace.LIST_AGAIN
    assert "The Spaces of data-is-better-together could not be listed: The " in caplog.text
    assert settings.HUB_TOKEN not in caplog.text


def test_a_list_is_asked_for_again_when_the_hub_says_and_not_for_ever(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
):
    asked: list[tuple[tuple[str, int], float]] = []
    monkeypatch.setattr(
        tasks.watching.watch_owner, "apply_async", lambda args, countdown: asked.append((args, countdown))
    )
    sandbox.faults.add("status", path=LIST, status=503, headers={"Retry-After": "30"}, times=None)

    tasks.watching.watch_owner(OWNER)
    tasks.watching.watch_owner(OWNER, 1)

    assert asked == [((OWNER, 2), 31)]


def test_what_would_come_after_the_next_beat_is_left_to_that(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
):
    asked: list[object] = []
    monkeypatch.setattr(
        tasks.watching.watch_owner, "apply_async", lambda args, countdown: asked.append((args, countdown))
    )
    sandbox.faults.add("status", path=LIST, status=503, headers={"Retry-After": "299"})

    tasks.watching.watch_owner(OWNER)

    assert asked == []
    assert timedelta(seconds=settings.CELERY_BEAT_SCHEDULE["watch-spaces"]["schedule"]) == tasks.watching.BEAT


def test_each_owner_is_watched_by_a_task_of_its_own(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr(tasks.watching.watch_owner, "delay", asked.append)
    spaces_here = [a_ready_space(), a_ready_space()]
    Space.objects.filter(pk=spaces_here[0].pk).update(owner="another-owner")

    tasks.watching.watch()

    assert asked == ["another-owner", OWNER]


def test_what_the_list_tells_is_found_within_ten_minutes():
    beat = settings.CELERY_BEAT_SCHEDULE["watch-spaces"]

    assert beat["task"] == tasks.watching.watch.name
    assert 2 * timedelta(seconds=beat["schedule"]) <= timedelta(minutes=10)


# --- Again and again ------------------------------------------------------------------------------


def change_and_mend(space: Space, api: HfApi, *, after: timedelta) -> None:
    api.pause_space(space.repo_id)
    with clock.at(clock.now() + after):
        watching.watch(OWNER, the_hub())
        work(space)


def test_what_was_set_right_three_times_in_a_day_and_differs_again_needs_a_person(api: HfApi):
    space = a_ready_space()
    for hour in (1, 2, 3):
        change_and_mend(space, api, after=timedelta(hours=hour))
    api.pause_space(space.repo_id)

    watch(after=timedelta(hours=4))

    assert (now(space).state, len(mended(space))) == (SpaceState.FAILED, 3)
    assert "3 times within a day, and somebody changes it back" in step(space, StepKey.RUNNING).error


def test_what_was_set_right_longer_ago_than_a_day_does_not_count(api: HfApi):
    space = a_ready_space()
    for hour in (1, 2, 3):
        change_and_mend(space, api, after=timedelta(hours=hour))
    api.pause_space(space.repo_id)

    watch(after=timedelta(hours=26))

    assert (now(space).state, len(mended(space))) == (SpaceState.REQUESTED, 4)


def test_once_a_person_has_had_it_tried_again_the_count_begins_anew(api: HfApi):
    space = a_ready_space()
    for hour in (1, 2, 3):
        change_and_mend(space, api, after=timedelta(hours=hour))
    api.pause_space(space.repo_id)
    watch(after=timedelta(hours=4))
    with clock.at(clock.now() + timedelta(hours=5)):
        spaces.retry(now(space), by=lead_of(space.project))
        work(space)

    change_and_mend(space, api, after=timedelta(hours=6))

    assert (now(space).state, len(mended(space))) == (SpaceState.READY, 4)


# --- Costs, and the dry run -----------------------------------------------------------------------


def test_what_is_billed_begins_and_ends_with_what_is_seen(api: HfApi, sandbox: SandboxServer):
    prices.refresh(the_hub().hardware_prices())
    space = a_ready_space()
    space_changes.change_hardware(
        space, by=lead_of(space.project), hardware="cpu-upgrade", sleep_seconds=3600
    )
    work(space)
    sandbox.state.fall_asleep(space.repo_id)

    watch()
    asleep = SpaceUse.objects.filter(space=space, ended_at=None).count()
    sandbox.state.force_stage(space.repo_id, "RUNNING")
    watch(after=2 * BEAT)
    awake = SpaceUse.objects.get(space=space, ended_at=None)
    api.delete_repo(space.repo_id, repo_type="space")
    watch(after=3 * BEAT)

    assert asleep == 0
    assert awake.hardware == "cpu-upgrade"
    assert not SpaceUse.objects.filter(space=space, ended_at=None).exists()


def test_a_space_that_waits_for_a_person_is_billed_only_while_it_runs(sandbox: SandboxServer):
    prices.refresh(the_hub().hardware_prices())
    space = a_ready_space()
    space_changes.change_hardware(
        space, by=lead_of(space.project), hardware="cpu-upgrade", sleep_seconds=3600
    )
    work(space)
    Space.objects.filter(pk=space.pk).update(state=SpaceState.FAILED)

    watch()
    running = SpaceUse.objects.filter(space=space, ended_at=None).count()
    sandbox.state.fall_asleep(space.repo_id)
    watch(after=2 * BEAT)

    assert running == 1
    assert not SpaceUse.objects.filter(space=space, ended_at=None).exists()
    assert now(space).state == SpaceState.FAILED


def test_the_survey_tells_all_that_differs_and_changes_nothing(api: HfApi, sandbox: SandboxServer):
    well, changed, deleted = a_ready_space(), a_ready_space(), a_ready_space()
    api.request_space_hardware(changed.repo_id, "t4-small")
    api.delete_space_secret(changed.repo_id, "PASSWORD")
    api.delete_repo(deleted.repo_id, repo_type="space")
    rows = list(Space.objects.order_by("pk").values())
    sandbox.requests.clear()

    found = watching.survey(the_hub(), list(Space.objects.all()))

    assert {pk: [each.what for each in those] for pk, those in found.items()} == {
        well.pk: [],
        changed.pk: ["hardware", "secrets"],
        deleted.pk: ["existence"],
    }
    assert list(Space.objects.order_by("pk").values()) == rows
    assert {entry.method for entry in sandbox.requests.all()} == {"GET"}


def test_the_survey_says_so_where_the_hub_does_not_answer(api: HfApi, sandbox: SandboxServer):
    space = a_ready_space()
    api.delete_repo(space.repo_id, repo_type="space")
    sandbox.faults.add("status", path=f"{space.repo_id}$", status=503)

    with pytest.raises(RetryLaterError):
        watching.survey(the_hub(), [space])


def test_nothing_is_wanted_of_one_that_is_taken_down(sandbox: SandboxServer):
    space = a_ready_space()
    space_changes.take_down(space, by=lead_of(space.project))
    space = work(space)
    sandbox.requests.clear()

    watch()

    assert watching.survey(the_hub(), [space]) == {space.pk: []}
    assert now(space).checked_at == space.checked_at
