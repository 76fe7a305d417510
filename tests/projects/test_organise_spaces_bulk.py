"""One change to many Spaces: looked at first, done to each that it can be done to, and told of the others."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dibt.lib import clock
from projects.models import HardwarePrice, Space, SpaceEvent, SpaceGoal, SpaceState
from tests.factories import a_cohort, organiser
from tests.projects.space_lists import a_space, billed, stopped
from tests.projects.space_worlds import lead_of

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(chosen: list[Space], wanted: str, *, back: str = "", method: str = "post") -> str:
    fields = {"space": [space.pk for space in chosen], "change": wanted, "back": back}
    url = reverse("organise:spaces-change")
    return getattr(signed_in(organiser()), method)(url, fields, follow=True).content.decode()


def test_a_lead_cannot_change_spaces_here():
    space = a_space()
    url, fields = reverse("organise:spaces-change"), {"space": [space.pk], "change": "pause"}

    assert signed_in(lead_of(space.project)).post(url, fields).status_code == 403
    assert Client().post(url, fields).status_code == 302
    space.refresh_from_db()
    assert space.goal == SpaceGoal.RUN


def test_looking_first_says_what_will_happen_to_how_many_and_changes_nothing():
    running, resting = billed(a_space("Costly"), "0.50"), a_space("Resting", state=SpaceState.PAUSED)
    Space.objects.filter(pk=resting.pk).update(goal=SpaceGoal.PAUSED)

    page = change([running, resting], "pause", method="get")

    assert "<h1>Pause 1 Space</h1>" in page
    assert "That saves $0.50 an hour" in page
    assert "Resting: This Space is paused already" in page
    assert not SpaceEvent.objects.filter(kind="paused").exists()


def test_pausing_many_does_all_that_can_be_done_and_tells_why_not_of_the_others():
    running, resting = a_space("Running"), a_space("Resting", state=SpaceState.PAUSED, goal=SpaceGoal.PAUSED)
    held = a_space("Held", leased_until=clock.now() + timedelta(minutes=1), lease_holder=uuid4())

    page = change([held, running, resting], "pause")

    assert "1 Space is being paused." in page
    assert "Resting: This Space is paused already, or about to be." in page
    assert "Held: A step of this Space is being worked on at this very moment." in page
    goals = {space.name: (space.goal, space.state) for space in Space.objects.all()}
    assert goals[running.name] == (SpaceGoal.PAUSED, SpaceState.REQUESTED)
    assert goals[held.name] == (SpaceGoal.RUN, SpaceState.READY)
    assert SpaceEvent.objects.get(kind="paused").by == organiser()


def test_doing_it_twice_is_doing_it_once():
    space = a_space()

    change([space], "pause")
    again = change([space], "pause")

    assert "This Space is paused already, or about to be." in again
    assert SpaceEvent.objects.filter(kind="paused").count() == 1


def test_trying_again_and_resuming():
    broken, resting, fine = stopped("Broken"), a_space("Resting", goal=SpaceGoal.PAUSED), a_space("Fine")
    Space.objects.filter(pk=resting.pk).update(state=SpaceState.PAUSED)

    retried = change([broken, fine], "retry")
    resumed = change([resting, fine], "resume")

    assert "1 Space is tried again." in retried
    assert "Fine: Only a Space that needs a person can be tried again." in retried
    assert "1 Space is being resumed." in resumed
    assert "Fine: This Space is not paused." in resumed
    moving = Space.objects.filter(state=SpaceState.REQUESTED, goal=SpaceGoal.RUN)
    assert set(moving.values_list("pk", flat=True)) == {broken.pk, resting.pk}


def test_what_resuming_costs_is_said_before():
    HardwarePrice.objects.create(
        name="cpu-upgrade", pretty_name="CPU", hourly=Decimal("0.03"), seen_at=clock.now()
    )
    chosen = [
        a_space(state=SpaceState.PAUSED, goal=SpaceGoal.PAUSED, hardware="cpu-upgrade") for _ in range(2)
    ]

    page = change(chosen, "resume", method="get")

    assert "<h1>Resume 2 Spaces</h1>" in page
    assert "While all of them run they cost $0.06 an hour." in page


def test_what_the_budget_does_not_allow_is_told_before():
    HardwarePrice.objects.create(
        name="cpu-upgrade", pretty_name="CPU", hourly=Decimal("0.03"), seen_at=clock.now()
    )
    cohort = a_cohort(monthly_budget=1)
    space = a_space(cohort=cohort, state=SpaceState.PAUSED, goal=SpaceGoal.PAUSED, hardware="cpu-upgrade")

    page = change([space], "resume", method="get")

    assert "All stay as they are" in page
    assert "its budget is $1.00" in page


def test_trying_a_pause_again_costs_nothing():
    space = stopped(goal=SpaceGoal.PAUSED, hardware="cpu-upgrade")
    HardwarePrice.objects.create(
        name="cpu-upgrade", pretty_name="CPU", hourly=Decimal("0.03"), seen_at=clock.now()
    )

    assert "That costs nothing." in change([space], "retry", method="get")


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_selected_is_told_on_the_list_that_one_comes_from(method: str):
    answer = getattr(signed_in(organiser()), method)(
        reverse("organise:spaces-change"), {"change": "pause", "back": "show=ready&q=x"}, follow=True
    )

    assert answer.redirect_chain == [("/organise/spaces/?show=ready&q=x", 302)]
    assert "No Space is selected." in answer.content.decode()


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/?x=1"])
def test_the_way_back_leads_nowhere_else(back: str):
    answer = signed_in(organiser()).post(
        reverse("organise:spaces-change"), {"space": [a_space().pk], "change": "pause", "back": back}
    )

    assert answer.headers["Location"].startswith("/organise/spaces/?")


@pytest.mark.parametrize(
    "fields", [{"change": "explode", "space": ["1"]}, {"change": "pause", "space": ["x", "999"]}]
)
def test_what_cannot_be_understood_changes_nothing_and_is_told(fields: dict[str, Any]):
    space = a_space()

    answer = signed_in(organiser()).post(reverse("organise:spaces-change"), fields, follow=True)

    assert "message--bad" in answer.content.decode()
    space.refresh_from_db()
    assert space.state == SpaceState.READY
