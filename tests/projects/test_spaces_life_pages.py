"""The lead's page of a Space through its whole life: what it says in each state, what it offers, and each change
looked at before it is done."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from dibt.lib import clock, leases
from dibt.sandbox.testing import SandboxServer
from projects.domain import costs, space_changes, space_events, space_plans
from projects.domain.space_changes import Change
from projects.models import (
    EventKind,
    HardwarePrice,
    Project,
    ProjectState,
    Role,
    Space,
    SpaceGoal,
    SpaceState,
    StepKey,
    StepState,
)
from tests.factories import organiser, person
from tests.projects.space_worlds import a_project_of_its_own, a_requested_space, lead_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
HTMX = {"HTTP_HX_REQUEST": "true"}
CHANGES = list(Change)
# The state in which each change can be asked for.
FROM = {
    Change.RESUME: (SpaceState.PAUSED, SpaceGoal.PAUSED),
    Change.FORGET: (SpaceState.GONE, SpaceGoal.GONE),
}
CHOICE = {"hardware": "cpu-upgrade", "sleep_seconds": "3600"}


@pytest.fixture(autouse=True)
def _prices() -> None:
    for name, hourly in (("cpu-upgrade", "0.03"), ("t4-small", "0.40"), ("a100-large", "2.50")):
        HardwarePrice.objects.create(
            name=name, pretty_name=name.upper(), hourly=Decimal(hourly), seen_at=clock.now()
        )


def url(space: Space, action: str = "") -> str:
    return f"/manage/{space.project.slug}/space/{action}"


def a_space(state: SpaceState = SpaceState.READY, goal: SpaceGoal = SpaceGoal.RUN, **fields: object) -> Space:
    """One of which the rows say so; its project had a release."""
    space = a_requested_space()
    space.steps.all().delete()
    space_plans.lay_out(space, space_plans.PLANS[goal])
    Space.objects.filter(pk=space.pk).update(**{"state": state, "goal": goal, "stage": "RUNNING", **fields})
    Project.objects.filter(pk=space.project_id).update(released_at=clock.now())
    return Space.objects.get(pk=space.pk)


def fit_for(change: Change, **fields: object) -> Space:
    state, goal = FROM.get(change, (SpaceState.READY, SpaceGoal.RUN))
    return a_space(state, goal, **fields)


@pytest.fixture
def lead(client: Client) -> "Lead":
    return Lead(client)


class Lead:
    """Whoever runs the project of a Space, with a browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def sees(self, space: Space, action: str = "", **asked: str) -> str:
        self.client.force_login(lead_of(space.project))
        answer = self.client.get(url(space, action), asked, follow=True)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def does(self, space: Space, change: Change, **typed: str) -> str:
        """What is seen after confirming."""
        self.client.force_login(lead_of(space.project))
        answer = self.client.post(url(space, f"{change}/"), typed, follow=True)
        assert answer.status_code == 200
        return unescape(answer.content.decode())


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("change", CHANGES)
def test_strangers_neither_see_nor_make_changes(client: Client, change: Change, method: str):
    space = fit_for(change)
    before = Space.objects.values().get(pk=space.pk)

    def ask() -> int:
        return getattr(client, method)(url(space, f"{change}/"), CHOICE).status_code

    assert ask() == 302
    client.force_login(person("stranger"))
    assert ask() == 404
    Project.objects.filter(pk=space.project_id).update(state=ProjectState.OPEN)
    assert ask() == 403
    assert Space.objects.values().get(pk=space.pk) == before


def test_strangers_do_not_see_what_happened(client: Client):
    space = a_space()

    assert client.get(url(space, "events/")).status_code == 302
    client.force_login(person("stranger"))
    assert client.get(url(space, "events/")).status_code == 404


@pytest.mark.parametrize("who", ["co-lead", "organiser"])
def test_co_leads_and_organisers_can_change_it(client: Client, who: str):
    space = a_space()
    user = person("second") if who == "co-lead" else organiser("third")
    if who == "co-lead":
        space.project.roles.create(user=user, role=Role.CO_LEAD)
    client.force_login(user)

    answer = client.post(url(space, "pause/"))

    assert answer.status_code == 302
    assert space.events.first().by == user


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_change_of_another_name_and_none_without_a_space(client: Client, method: str):
    space, bare = a_space(), a_project_of_its_own()
    client.force_login(organiser())

    assert getattr(client, method)(url(space, "explode/")).status_code == 404
    for action in ("pause/", "events/"):
        assert client.get(f"/manage/{bare.slug}/space/{action}").status_code == 404


# --- Looking before doing -------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_looking_at_a_change_changes_nothing(lead: Lead, change: Change):
    space = fit_for(change)
    before = Space.objects.values().get(pk=space.pk)

    page = lead.sees(space, f"{change}/", **CHOICE)

    assert 'method="post"' in page.partition("What will happen")[2]
    assert f'href="{url(space)}"' in page
    assert Space.objects.values().get(pk=space.pk) == before
    assert space.events.count() == 1


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_confirmed_with_one_button_of_which_a_second_press_is_harmless(
    lead: Lead, change: Change
):
    space = fit_for(change)

    once = lead.does(space, change, **CHOICE)
    rows, events = Space.objects.values().get(pk=space.pk), space.events.count()
    twice = lead.does(space, change, **CHOICE)

    assert rows["state"] == SpaceState.REQUESTED
    assert events == 2
    assert (Space.objects.values().get(pk=space.pk), space.events.count()) == (rows, events)
    for page in (once, twice):
        assert "message--good" in page
        assert "message--bad" not in page


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_destroys_looks_dangerous(lead: Lead, change: Change):
    page = lead.sees(fit_for(change), f"{change}/", **CHOICE)

    assert ("button--danger" in page.partition("What will happen")[2].partition("</form>")[0]) == (
        change in {Change.TAKE_DOWN, Change.FORGET}
    )


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            Change.PAUSE,
            [
                "Whoever is in it is cut off, and loses what they typed there and did not submit.",
                "It costs nothing from then on, in place of $0.03 an hour.",
                "Annotating in the workspace here goes on as before.",
            ],
        ),
        (
            Change.RESUME,
            ["That takes a few minutes.", "It runs on CPU-UPGRADE, $0.03 an hour, about $21.90 a month."],
        ),
        (
            Change.SECRETS,
            ["Everybody has to sign in to it again.", "Argilla keeps it in its database", "It restarts"],
        ),
        (
            Change.TAKE_DOWN,
            [
                "It is closed to annotators at once.",
                "answers are given on this site",
                "can be asked for again",
            ],
        ),
        (Change.FORGET, ["Nobody can bring it back.", "If the Space is asked for again, it begins empty."]),
    ],
)
def test_it_says_what_will_happen(lead: Lead, change: Change, sentences: list[str]):
    page = lead.sees(fit_for(change, hardware="cpu-upgrade"), f"{change}/")

    assert [sentence for sentence in sentences if sentence not in page] == []


def test_pausing_free_hardware_promises_no_savings(lead: Lead):
    page = lead.sees(a_space(), "pause/")

    assert "It is on free hardware, so pausing it saves no money." in page


def test_what_stays_and_what_goes_is_named(lead: Lead):
    kept, lost = fit_for(Change.TAKE_DOWN), fit_for(Change.FORGET)

    assert f"The bucket {kept.bucket_id} with Argilla's data stays" in lead.sees(kept, "take-down/")
    assert f"The bucket {lost.bucket_id}, with all that Argilla kept" in lead.sees(lost, "forget/")


def test_a_change_that_is_no_longer_possible_leads_back_and_says_why(lead: Lead):
    page = lead.sees(a_space(SpaceState.PAUSED, SpaceGoal.PAUSED), "pause/")

    assert "This Space is paused already, or about to be." in page
    assert "What you can do" in page


def test_a_change_confirmed_too_late_is_refused_and_says_why(lead: Lead):
    space = a_space()
    space_changes.take_down(Space.objects.get(pk=space.pk), by=organiser())
    lead.client.force_login(lead_of(space.project))

    answer = lead.client.post(url(space, "pause/"))

    assert answer.status_code == 422
    assert "This Space is taken down, or about to be." in answer.content.decode()


def test_while_a_worker_holds_it_a_change_asks_for_patience(lead: Lead):
    space = a_space(SpaceState.WORKING)
    leases.take(Space.objects.get(pk=space.pk))
    lead.client.force_login(lead_of(space.project))

    answer = lead.client.post(url(space, "pause/"))

    assert answer.status_code == 422
    assert "Try again in a few seconds." in answer.content.decode()
    assert f'href="{url(space, "pause/")}"' in answer.content.decode()
    assert Space.objects.get(pk=space.pk).goal == SpaceGoal.RUN


# --- Hardware -------------------------------------------------------------------------------------


def test_hardware_is_chosen_by_its_price_and_previewed_before_it_is_confirmed(lead: Lead):
    space = a_space()

    first = lead.sees(space, "hardware/")
    second = lead.sees(space, "hardware/", **CHOICE)

    assert "CPU-UPGRADE, $0.03 an hour, about $21.90 a month" in first
    assert "What will happen" not in first
    assert (
        "It moves to CPU-UPGRADE, $0.03 an hour, about $21.90 a month. Until now it was on CPU Basic, free."
        in second
    )
    assert "It goes to sleep after 1 hour without a visit" in second
    assert "$21.90 a month; its budget is $" in second
    assert '<input type="hidden" name="hardware" value="cpu-upgrade"' in second


def test_confirmed_hardware_is_wanted_from_then_on(lead: Lead):
    space = a_space()

    lead.does(space, Change.HARDWARE, **CHOICE)

    space.refresh_from_db()
    assert (space.hardware, space.sleep_seconds, space.state) == ("cpu-upgrade", 3600, SpaceState.REQUESTED)


def test_free_hardware_is_said_to_sleep_after_two_days(lead: Lead):
    page = lead.sees(a_space(hardware="cpu-upgrade"), "hardware/", hardware="cpu-basic", sleep_seconds="300")

    assert "Free hardware goes to sleep after 48 hours" in page
    assert "It goes to sleep after 5 minutes" not in page


def test_while_it_is_paused_the_preview_says_that_hardware_is_only_noted(lead: Lead):
    page = lead.sees(a_space(SpaceState.PAUSED, SpaceGoal.PAUSED), "hardware/", **CHOICE)

    assert "only noted down now, and done when it is resumed" in page
    assert "It restarts" not in page


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"hardware": "abacus", "sleep_seconds": "3600"}, "Select a valid choice."),
        ({"hardware": "cpu-upgrade", "sleep_seconds": "7"}, "Select a valid choice."),
        ({"hardware": "a100-large", "sleep_seconds": "3600"}, "its budget is"),
    ],
)
def test_hardware_that_cannot_be_is_refused_on_the_form_with_all_that_was_chosen(
    lead: Lead, method: str, typed: dict[str, str], why: str
):
    space = a_space()
    lead.client.force_login(lead_of(space.project))

    answer = getattr(lead.client, method)(url(space, "hardware/"), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page
    if typed["sleep_seconds"] == "3600":
        assert '<option value="3600" selected>' in page
    space.refresh_from_db()
    assert space.hardware == "cpu-basic"


def test_what_it_has_already_needs_no_change(lead: Lead):
    space = a_space(hardware="cpu-upgrade", sleep_seconds=3600)
    lead.client.force_login(lead_of(space.project))

    answer = lead.client.get(url(space, "hardware/"), CHOICE)

    assert answer.status_code == 422
    assert "That is what the Space has now." in answer.content.decode()


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
