"""Changes of a Space on their pages: each looked at before it is done, by those who may, and done once."""

import pytest
from django.test import Client

from dibt.lib import leases
from projects.domain import space_changes
from projects.domain.space_changes import Change
from projects.models import Project, ProjectState, Role, Space, SpaceGoal, SpaceState
from tests.factories import organiser, person
from tests.projects.space_pages import Lead, a_space, fit_for, tell_prices, url
from tests.projects.space_worlds import a_project_of_its_own, lead_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
CHANGES = list(Change)
CHOICE = {"hardware": "cpu-upgrade", "sleep_seconds": "3600"}


@pytest.fixture(autouse=True)
def _prices() -> None:
    tell_prices()


@pytest.fixture
def lead(client: Client) -> Lead:
    return Lead(client)


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
