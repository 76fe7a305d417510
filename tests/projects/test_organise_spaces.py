"""The page of all Spaces: who may see it, what it says first, how it follows what moves, and what it costs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from dibt.lib import clock
from projects.models import HardwarePrice, Space, SpaceGoal, SpaceState, StepKey, StepState
from tests.factories import a_cohort, organiser, person
from tests.projects.space_lists import a_space, at, billed, copy_of, stopped
from tests.projects.space_worlds import lead_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TABLE = {**HTMX, "HTTP_HX_TARGET": "spaces-table"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def show(query: str = "", **headers: str) -> str:
    answer = signed_in(organiser()).get(reverse("organise:spaces") + query, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(page: str, *spaces: Space) -> list[str]:
    """The titles of those that are on the page, in its order."""
    found = {space.project.title: page.find(f">{space.project.title}<") for space in spaces}
    return [title for title, place in sorted(found.items(), key=lambda item: item[1]) if place >= 0]


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["organise:spaces", "organise:spaces-change"])
def test_only_organisers_get_in(name: str):
    space = a_space()
    url = reverse(name)

    assert Client().get(url).status_code == 302
    assert signed_in(person("stranger")).get(url).status_code == 403
    assert signed_in(lead_of(space.project)).get(url).status_code == 403


def test_the_organisers_home_leads_here_and_says_how_many_need_a_person():
    stopped()

    page = signed_in(organiser()).get(reverse("organise:home")).content.decode()

    assert 'href="/organise/spaces/"' in page
    assert '<a href="/organise/spaces/?show=person">1 Space needs a person.</a>' in page


# --- What it shows --------------------------------------------------------------------------------


def test_before_there_is_any_it_says_so_and_does_not_poll():
    page = show()

    assert "No Space yet" in page
    assert "every 5s" not in page


def test_problems_come_first_then_what_differs_then_what_moves_longest_then_the_rest_by_name():
    hour = timedelta(hours=1)
    zebra, ant = a_space("Zebra"), a_space("Ant")
    short, long = (a_space(name, state=SpaceState.WORKING, ready_at=None) for name in ("Short", "Long"))
    at(short, StepKey.BUCKET, StepState.WORKING, started_at=clock.now() - hour)
    at(long, StepKey.RUNNING, StepState.WAITING, started_at=clock.now() - 2 * hour)
    other = a_space("Other", drift=[{"what": "hardware", "wanted": "cpu-basic", "seen": "t4-small"}])
    broken = stopped("Broken")

    page = show()

    assert titles(page, zebra, ant, short, long, other, broken) == [
        "Broken",
        "Other",
        "Long",
        "Short",
        "Ant",
        "Zebra",
    ]
    assert "Differs: Hardware" in page
    assert "It runs on t4-small in place of cpu-basic." in page
    assert "Wait until it runs" in page
    assert "for 2\xa0hours" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": SpaceState.REQUESTED, "ready_at": None}, "Waiting for a worker"),
        ({"state": SpaceState.WORKING, "ready_at": None}, "Being set up"),
        ({"state": SpaceState.WORKING}, "Being set right"),
        ({"state": SpaceState.WORKING, "goal": SpaceGoal.PAUSED}, "Being paused"),
        ({"state": SpaceState.WORKING, "goal": SpaceGoal.GONE}, "Being taken down"),
        ({"stage": "SLEEPING"}, "Ready, asleep"),
        ({"state": SpaceState.PAUSED, "goal": SpaceGoal.PAUSED}, "Paused"),
        ({"state": SpaceState.GONE, "goal": SpaceGoal.GONE}, "Taken down"),
    ],
)
def test_its_state_is_told_by_its_goal(fields: dict[str, Any], said: str):
    a_space(**fields)

    assert f"{said}</span></p>" in show("", **TABLE).replace("</span>\n", "</span>").replace("  ", "")


def test_a_failure_says_at_which_step_and_why():
    stopped(error="It has no <card>.")

    page = show()

    assert "Setting it up stopped at “Wait until it runs”. It has no &lt;card&gt;." in page


def test_a_row_leads_to_the_page_of_its_space_and_its_box_names_it():
    space = a_space()

    page = show()

    assert f'href="{reverse("manage:space", args=[space.project.slug])}"' in page
    assert f"Select {space.repo_id}</span>" in page


# --- Finding --------------------------------------------------------------------------------------


def test_groups_have_counts_and_narrow_the_list():
    ready, broken = a_space(), stopped()
    moving, paused = a_space(state=SpaceState.WORKING), a_space(state=SpaceState.PAUSED)
    every = (ready, broken, moving, paused)

    assert titles(show("?show=person"), *every) == [broken.project.title]
    assert titles(show("?show=moving"), *every) == [moving.project.title]
    assert titles(show("?show=ready"), *every) == [ready.project.title]
    assert titles(show("?show=paused"), *every) == [paused.project.title]
    assert "No Space matches" in show("?show=gone")
    assert 'All<span class="tab__count">4</span>' in show("?show=gone")
    assert len(titles(show("?show=nonsense&cohort=none&page=x"), *every)) == 4


def test_search_finds_by_project_by_name_and_by_the_name_on_the_hub():
    yoruba, hausa = a_space("Riddles in Yoruba"), a_space("Riddles in Hausa")
    Space.objects.filter(pk=hausa.pk).update(name="elsewhere")

    assert titles(show("?q=yoruba"), yoruba, hausa) == ["Riddles in Yoruba"]
    assert titles(show("?q=elsewh"), yoruba, hausa) == ["Riddles in Hausa"]
    assert titles(show(f"?q={hausa.owner}/elsewhere"), yoruba, hausa) == ["Riddles in Hausa"]


def test_a_cohort_narrows_the_list_and_the_bill():
    first, second = a_cohort(name="First"), a_cohort(name="Second")
    mine, other = a_space(cohort=first), a_space(cohort=second)
    billed(other, "0.50")

    page = show(f"?cohort={first.slug}")

    assert titles(page, mine, other) == [mine.project.title]
    assert "$0.50" not in page


def test_fifty_are_on_a_page():
    model = a_space()
    for number in range(50):
        copy_of(model, number)

    assert show().count("data-select>") == 50
    assert show("?page=2").count("data-select>") == 1


def test_the_page_takes_as_many_queries_for_thirty_as_for_three():
    model, client = a_space(), signed_in(organiser())
    for number in range(2):
        copy_of(model, number)

    def queries(**headers: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = client.get(reverse("organise:spaces"), **headers).content.decode()
        assert page.count("data-select>") == Space.objects.count()
        return len(seen)

    three = queries(), queries(**TABLE)
    for number in range(2, 29):
        copy_of(model, number)

    assert (queries(), queries(**TABLE)) == three
    assert max(three) <= 18


# --- While something moves ------------------------------------------------------------------------


def test_while_something_moves_the_table_asks_for_itself_again():
    a_space(state=SpaceState.WORKING)

    page, part = show("?show=moving"), show("?show=moving", **TABLE)

    for text in (page, part):
        assert 'hx-get="/organise/spaces/?show=moving" hx-trigger="every 5s"' in text
    assert "<html" not in part
    assert 'id="spaces-form"' not in part
    assert part.count('hx-swap-oob="true"') == 4
    assert "hx-swap-oob" not in page


def test_when_nothing_moves_it_stops_asking():
    a_space()

    assert "hx-trigger" not in show("", **TABLE)


def test_searching_brings_the_list_alone():
    a_space()

    part = show("?q=space", **HTMX, HTTP_HX_TARGET="spaces")

    assert 'id="spaces-form"' in part
    assert "<html" not in part
    assert part.index('id="spaces-form"') < part.index('hx-swap-oob="true"')


# --- What it costs --------------------------------------------------------------------------------


def test_the_bill_adds_up_and_says_in_words_which_budget_is_exceeded():
    rich, poor = a_cohort(name="Rich", monthly_budget=9000), a_cohort(name="Poor", monthly_budget=1)
    ones = a_space(cohort=rich), a_space(cohort=poor)
    HardwarePrice.objects.create(
        name="cpu-upgrade", pretty_name="CPU", hourly=Decimal("0.5"), seen_at=clock.now()
    )
    with clock.at(clock.now().replace(day=10, hour=12)):
        billed(ones[0], "0.50", hours=10)
        billed(ones[1], "0.25", hours=8)
        page = show()

    assert "$0.75" in page
    assert "$7.00" in page
    assert page.index("Over budget by $") < page.index("of $9,000.00")
    assert "prices were seen" in page


def test_without_prices_it_says_that_all_is_counted_as_free():
    assert "were not seen yet" in show()
