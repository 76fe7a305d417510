"""The lead's page of a Space through its whole life: what it says in each state, and what it offers."""

from datetime import timedelta

import pytest
from django.test import Client

from dibt.lib import clock
from dibt.sandbox.testing import SandboxServer
from projects.domain import costs, space_changes, space_events, space_plans
from projects.domain.space_changes import Change
from projects.models import EventKind, Project, ProjectState, SpaceGoal, SpaceState, StepKey, StepState
from tests.factories import organiser, person
from tests.projects.space_pages import Lead, a_space, tell_prices, url
from tests.projects.space_worlds import a_project_of_its_own, a_requested_space, lead_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _prices() -> None:
    tell_prices()


@pytest.fixture
def lead(client: Client) -> Lead:
    return Lead(client)


# --- The page in each state -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "goal", "words"),
    [
        (SpaceState.WORKING, SpaceGoal.RUN, "Being set up"),
        (SpaceState.WORKING, SpaceGoal.PAUSED, "Being paused"),
        (SpaceState.WORKING, SpaceGoal.GONE, "Being taken down"),
        (SpaceState.READY, SpaceGoal.RUN, "The Space runs"),
        (SpaceState.PAUSED, SpaceGoal.PAUSED, "The Space is paused"),
        (SpaceState.GONE, SpaceGoal.GONE, "The Space is taken down"),
    ],
)
def test_each_state_has_its_words_its_changes_and_polls_only_while_it_moves(
    lead: Lead, state: SpaceState, goal: SpaceGoal, words: str
):
    space = a_space(state, goal, url="https://example.org/space")
    if space.is_moving:
        space.steps.filter(position=0).update(state=StepState.WORKING, started_at=clock.now())

    page = lead.sees(space)

    assert words in page
    offered = {change for change in Change if f'href="{url(space, change + "/")}"' in page}
    assert offered == set(space_changes.possible(space))
    assert ("hx-trigger" in page) == space.is_moving
    assert ("Open the Space" in page) == (state == SpaceState.READY)


def test_the_steps_of_whatever_plan_runs_are_shown(lead: Lead):
    space = a_space(SpaceState.WORKING, SpaceGoal.GONE)

    page = lead.sees(space)

    assert "Taking the Space down" in page
    assert [str(key.label) in page for key in space_plans.TAKE_DOWN] == [True, True]
    assert str(StepKey.PROOF.label) not in page


def test_a_pause_that_failed_says_so_and_can_be_tried_again(lead: Lead):
    space = a_space(SpaceState.FAILED, SpaceGoal.PAUSED)
    space.steps.update(state=StepState.FAILED, error="The Hub refused it.")

    page = lead.sees(space)

    assert "Pausing it stopped" in page
    assert "The Hub refused it." in page
    assert f'action="{url(space, "retry/")}"' in page


def test_what_differs_on_the_hub_is_told_in_sentences(lead: Lead):
    drift = [{"what": "hardware", "wanted": "t4-small", "seen": "cpu-basic"}]

    page = lead.sees(a_space(drift=drift))

    assert "On the Hub it is otherwise than wanted" in page
    assert "It runs on cpu-basic in place of t4-small." in page


def test_what_it_costs_is_shown(lead: Lead):
    space = a_space(hardware="t4-small")
    with clock.at(clock.now().replace(day=15, hour=12)):
        with clock.at(clock.now() - timedelta(hours=10)):
            costs.observed(space, stage="RUNNING", hardware="t4-small")

        page = lead.sees(space)

    assert "$0.40" in page
    assert "$4.00" in page
    assert "the Hub's bill is the truth" in page


def test_what_happened_is_told_with_who_did_it(lead: Lead):
    space = a_space()
    space_events.note(space, EventKind.ARRIVED, state="ready")

    trail = lead.sees(space).partition("What happened")[2]

    assert trail.index("It is ready.") < trail.index(f"Asked for it as {space.repo_id}.")
    assert "The platform" in trail
    assert lead_of(space.project).hub_username in trail


def test_of_many_events_the_last_twenty_are_shown_and_all_on_their_own_page(lead: Lead):
    space = a_space()
    few = lead.sees(space)
    for number in range(25):
        space_events.note(space, EventKind.RETRIED, by=organiser(), name=f"try-{number:02}.")

    page, whole = lead.sees(space), lead.sees(space, "events/")

    assert url(space, "events/") not in few
    assert url(space, "events/") in page
    assert [page.count("as try-"), whole.count("as try-")] == [20, 25]
    assert "try-24." in page


def test_when_it_stops_moving_what_stands_below_comes_along_once(lead: Lead):
    moving, resting = a_space(SpaceState.WORKING), a_space()
    parts = []
    for space in (moving, resting):
        lead.client.force_login(lead_of(space.project))
        parts.append(lead.client.get(url(space), **HTMX).content.decode())

    assert ["hx-swap-oob" in part for part in parts] == [False, True]
    assert ["What you can do" in part for part in parts] == [False, True]


def test_the_page_costs_the_same_with_one_event_and_with_thirty(lead: Lead, django_assert_max_num_queries):
    space = work(a_requested_space())
    for number in range(30):
        space_events.note(space, EventKind.RETRIED, by=person(f"helper-{number}"), name="it")
    lead.client.force_login(lead_of(space.project))

    with django_assert_max_num_queries(14):
        lead.client.get(url(space))
    with django_assert_max_num_queries(12):
        lead.client.get(url(space, "events/"))


# --- Its end --------------------------------------------------------------------------------------


def test_once_gone_it_can_be_asked_for_again(lead: Lead):
    space = a_space(SpaceState.GONE, SpaceGoal.GONE)

    page = lead.sees(space)
    lead.client.post(url(space, "request/"))

    assert "Ask for it again" in page
    assert f"{space.bucket_id}</code> still holds its data" in page
    assert f'href="{url(space, "forget/")}"' in page
    space.refresh_from_db()
    assert (space.state, space.goal) == (SpaceState.REQUESTED, SpaceGoal.RUN)


def test_before_a_release_it_says_why_the_data_stay(lead: Lead):
    space = a_space(SpaceState.GONE, SpaceGoal.GONE)
    Project.objects.filter(pk=space.project_id).update(released_at=None)

    page = lead.sees(space)

    assert "No release of this project was published yet, so its data stay." in page
    assert f'href="{url(space, "forget/")}"' not in page


def test_after_its_data_were_deleted_nothing_is_left_to_delete(lead: Lead):
    space = a_space(SpaceState.GONE, SpaceGoal.GONE, bucket_deleted_at=clock.now())

    page = lead.sees(space)

    assert "Its data were deleted" in page
    assert f'href="{url(space, "forget/")}"' not in page


def test_a_finished_project_is_not_offered_another_space(lead: Lead):
    gone, bare = a_space(SpaceState.GONE, SpaceGoal.GONE), a_project_of_its_own()
    Project.objects.update(state=ProjectState.COMPLETED)
    lead.client.force_login(organiser())

    for project in (gone.project, bare):
        page = lead.client.get(f"/manage/{project.slug}/space/").content.decode()
        assert "This project is finished, so it needs no Space." in page
        assert f"/manage/{project.slug}/space/request/" not in page


def test_a_life_by_hand_from_ready_to_forgotten(lead: Lead, sandbox: SandboxServer):
    space = work(a_requested_space())
    Project.objects.filter(pk=space.project_id).update(released_at=clock.now())
    seen = [space.state]

    for change in (Change.PAUSE, Change.RESUME, Change.SECRETS, Change.TAKE_DOWN, Change.FORGET):
        lead.does(space, change)
        space = work(space)
        seen.append(space.state)

    assert seen == ["ready", "paused", "ready", "ready", "gone", "gone"]
    assert space.bucket_id not in sandbox.state.buckets(owner=space.owner)
    assert space.repo_id not in sandbox.state.repos("space", owner=space.owner)


@pytest.mark.parametrize("state", [SpaceState.READY, SpaceState.WORKING, SpaceState.PAUSED])
def test_contributors_are_not_led_into_the_space(client: Client, state: SpaceState):
    """Answers are given here, so there is no way into it that would have to be closed."""
    space = a_space(state, url="https://somewhere.example/space")
    Project.objects.filter(pk=space.project_id).update(state=ProjectState.OPEN)
    client.force_login(person("contributor"))

    pages = [client.get(f"/projects/{space.project.slug}/"), client.get("/projects/"), client.get("/")]

    assert [space.url in page.content.decode() for page in pages] == [False] * 3
