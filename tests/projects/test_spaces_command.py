"""`manage.py spaces`: what operators read and ask of Spaces from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from huggingface_hub import HfApi

from dibt.lib import clock, secrets
from dibt.sandbox.testing import SandboxServer
from projects.models import EventKind, Space, SpaceGoal, SpaceState, SpaceUse, StepKey, StepState
from tests.factories import organiser, person
from tests.projects.space_worlds import a_requested_space, lead_of, work
from tests.projects.test_spaces_rate import use_up_the_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]


def spaces(*words: str) -> tuple[int, str, str]:
    """The exit status, and what was printed and complained of."""
    out, complaints = StringIO(), StringIO()
    try:
        call_command("spaces", *words, stdout=out, stderr=complaints)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{complaints.getvalue()}{error}"
    return 0, out.getvalue(), complaints.getvalue()


def a_ready_space() -> Space:
    return work(a_requested_space())


def a_failed_space(error: str = "The Hub said no.") -> Space:
    space = a_requested_space()
    space.steps.filter(key=StepKey.BUCKET).update(
        state=StepState.FAILED,
        attempt=2,
        error=error,
        request_id="req-7",
        started_at=clock.now(),
        ended_at=clock.now(),
    )
    Space.objects.filter(pk=space.pk).update(state=SpaceState.FAILED)
    return Space.objects.get(pk=space.pk)


def line_of(space: Space, printed: str) -> list[str]:
    return next(line.split() for line in printed.splitlines() if space.repo_id in line)


# --- Reading --------------------------------------------------------------------------------------


def test_the_list_has_a_line_of_single_words_for_each():
    space = a_ready_space()
    SpaceUse.objects.create(space=space, hardware="t4", hourly="0.40", began_at=clock.now())

    status, printed, _ = spaces("list")

    heads = printed.splitlines()[0].split()
    told = dict(zip(heads, line_of(space, printed), strict=True))
    assert status == 0
    assert (told["PROJECT"], told["SPACE"]) == (space.project.slug, space.repo_id)
    assert (told["STATE"], told["STAGE"]) == ("ready", "RUNNING")
    assert (told["HOURLY"], told["MONTH"], told["DIFFERS"]) == ("$0.40", "$0.00", "-")


def test_the_list_begins_with_what_needs_a_person_and_can_be_narrowed():
    fine, failed = a_requested_space(), a_failed_space()
    drifted = a_requested_space()
    drift = [{"what": "hardware", "wanted": "cpu-basic", "seen": "t4-small"}]
    Space.objects.filter(pk=drifted.pk).update(drift=drift)

    def listed(*words: str) -> list[str]:
        return [line.split()[1] for line in spaces("list", *words)[1].splitlines()[1:]]

    assert listed() == [failed.repo_id, drifted.repo_id, fine.repo_id]
    assert listed("--problems") == [failed.repo_id, drifted.repo_id]
    assert listed("--state", "failed") == [failed.repo_id]
    assert listed("--cohort", fine.project.cohort.slug) == [fine.repo_id]
    assert "hardware" in line_of(drifted, spaces("list")[1])


def test_a_longer_list_costs_no_more_queries(django_assert_num_queries):
    a_failed_space()
    with django_assert_num_queries(2):
        spaces("list")
    for _ in range(5):
        a_failed_space()
    with django_assert_num_queries(2):
        spaces("list")


def test_one_is_shown_with_its_steps_differences_and_events():
    space = a_failed_space()
    drift = [{"what": "hardware", "wanted": "cpu-basic", "seen": "t4-small"}]
    Space.objects.filter(pk=space.pk).update(drift=drift)

    status, printed, _ = spaces("show", space.project.slug)

    assert status == 0
    for text in (
        space.repo_id,
        "State: failed (Needs a person), goal: run",
        "Cost: $0.00 an hour now",
        "hardware: It runs on t4-small in place of cpu-basic.",
        "2. bucket: failed, attempt 2",
        "The Hub said no. (request req-7)",
        f"{space.requested_by.hub_username}  Asked for it as {space.repo_id}.",
    ):
        assert text in printed


def test_programs_read_the_same_as_json():
    space = a_failed_space()

    rows = json.loads(spaces("list", "--json")[1])
    one = json.loads(spaces("show", space.repo_id, "--json")[1])

    assert [row["space"] for row in rows] == [space.repo_id]
    assert one["state"] == "failed"
    assert one["cost"] == {"hourly": "0", "month": "0.00", "forecast": "0.00"}
    assert [step["state"] for step in one["steps"]][:3] == ["pending", "failed", "pending"]
    assert one["events"][0]["by"] == space.requested_by.hub_username


def test_no_secret_is_printed():
    space = a_ready_space()
    hidden = [*secrets.decrypt(space.secrets_box).values(), space.secrets_box]

    printed = "".join(
        spaces(*words)[1]
        for words in (
            ["list"],
            ["list", "--json"],
            ["show", space.repo_id],
            ["show", space.repo_id, "--json"],
            ["reconcile", space.repo_id],
        )
    )

    assert space.repo_id in printed
    assert [secret for secret in hidden if secret in printed] == []


@pytest.mark.parametrize("name", ["no-such-project", "no-such/space"])
def test_what_is_not_there_is_said_so(name: str):
    status, printed, complaint = spaces("show", name)

    assert (status, printed) == (1, "")
    assert "There is no such Space." in complaint


# --- Changing -------------------------------------------------------------------------------------


def as_it_is(space: Space) -> tuple[str, str]:
    space.refresh_from_db()
    return space.goal, space.state


def test_pausing_and_resuming_is_asked_for_and_done_by_the_workers():
    space, by = a_ready_space(), organiser("keeper")

    paused = spaces("pause", space.repo_id, "--by", "keeper")
    work(space)
    again = spaces("pause", space.repo_id, "--by", "keeper")
    at_rest = as_it_is(space)
    resumed = spaces("resume", space.project.slug, "--by", "keeper")

    assert paused == (0, f"{space.repo_id}: will be paused\n", "")
    assert at_rest == (SpaceGoal.PAUSED, SpaceState.PAUSED)
    assert again == (0, f"{space.repo_id}: is paused already\n", "")
    assert resumed == (0, f"{space.repo_id}: will run again\n", "")
    assert as_it_is(work(space)) == (SpaceGoal.RUN, SpaceState.READY)
    asked = space.events.filter(by=by).values_list("kind", flat=True)
    assert list(asked) == [EventKind.RESUMED, EventKind.PAUSED]


def test_what_failed_is_tried_again():
    space = a_failed_space()
    organiser("keeper")

    told = spaces("retry", space.repo_id, "--by", "keeper")

    assert told == (0, f"{space.repo_id}: will be tried again\n", "")
    assert work(space).state == SpaceState.READY


def test_tearing_down_deletes_the_space_and_leaves_its_data(api: HfApi):
    space = a_ready_space()
    organiser("keeper")

    status, *_ = spaces("teardown", space.repo_id, "--by", "keeper")

    assert (status, work(space).state) == (0, SpaceState.GONE)
    assert not api.repo_exists(space.repo_id, repo_type="space")
    assert api.bucket_info(space.bucket_id)


def test_what_is_refused_does_not_keep_the_others_from_being_done():
    ready, failed = a_ready_space(), a_failed_space()
    organiser("keeper")

    status, printed, complaints = spaces(
        "retry", ready.repo_id, "no-such/space", failed.repo_id, "--by", "keeper"
    )

    assert status == 1
    assert printed == f"{failed.repo_id}: will be tried again\n"
    assert f"{ready.repo_id}: This Space is “Ready”, so there is nothing to try again." in complaints
    assert "no-such/space: There is no such Space." in complaints
    assert "Refused: 2 of 3" in complaints
    assert as_it_is(failed)[1] == SpaceState.REQUESTED


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("lead", "is no organiser, and only organisers change Spaces"),
        ("stranger", "is no organiser, and only organisers change Spaces"),
        ("nobody", "Nobody called “nobody” has signed in here."),
    ],
)
@pytest.mark.parametrize("action", ["retry", "pause", "resume", "teardown", "reconcile --mend"])
def test_only_organisers_change_anything(action: str, who: str, sentence: str):
    space = a_failed_space()
    person("stranger")
    by = lead_of(space.project).hub_username if who == "lead" else who
    before = as_it_is(space)

    status, printed, complaint = spaces(*action.split(), space.repo_id, "--by", by)

    assert (status, printed) == (1, "")
    assert sentence in complaint
    assert as_it_is(space) == before


def test_what_changes_something_says_who_asks_for_it():
    space = a_failed_space()

    with pytest.raises(CommandError, match="--by"):
        call_command("spaces", "pause", space.repo_id)
    status, _, complaint = spaces("reconcile", "--mend")

    assert status == 2
    assert "Say who asks for it: --by NAME" in complaint


# --- Comparing ------------------------------------------------------------------------------------


def test_differences_are_told_and_nothing_is_changed(api: HfApi):
    fine, changed = a_ready_space(), a_ready_space()
    api.request_space_hardware(changed.repo_id, "cpu-upgrade")
    before = as_it_is(changed)

    status, printed, _ = spaces("reconcile")

    assert status == 0
    assert f"{changed.repo_id}: hardware: It runs on cpu-upgrade in place of cpu-basic." in printed
    assert fine.repo_id not in printed
    assert "Compared: 2, differ: 1" in printed
    assert as_it_is(changed) == before


def test_differences_are_mended_when_an_organiser_asks_for_it(api: HfApi):
    space = a_ready_space()
    keeper = organiser("keeper")
    api.request_space_hardware(space.repo_id, "cpu-upgrade")

    status, printed, _ = spaces("reconcile", space.repo_id, "--mend", "--by", "keeper")
    mended = work(space)

    assert status == 0
    assert f"{space.repo_id}: will be set right" in printed
    assert mended.state == SpaceState.READY
    assert api.get_space_runtime(space.repo_id).requested_hardware == "cpu-basic"
    assert space.events.get(kind="drifted").by == keeper


def test_what_is_worked_on_is_not_compared():
    space = a_requested_space()

    status, printed, complaint = spaces("reconcile", space.repo_id)

    assert status == 1
    assert "only what is ready or paused can be compared" in complaint
    assert "Compared: 0, differ: 0" in printed


def test_a_hub_that_does_not_answer_is_a_refusal(sandbox: SandboxServer):
    space = a_ready_space()
    sandbox.faults.add("status", path="/api/spaces", status=503, times=None)

    status, _, complaint = spaces("reconcile", space.repo_id)

    assert status == 1
    assert complaint


def test_where_the_rate_limit_leaves_no_room_it_waits_and_says_so():
    space = a_ready_space()
    use_up_the_window(seconds=1)

    status, printed, said = spaces("reconcile", space.repo_id)

    assert status == 0
    assert "rate limit" in said
    assert "Compared: 1, differ: 0" in printed
