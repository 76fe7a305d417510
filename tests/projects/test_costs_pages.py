"""What organisers see of costs: choosing hardware for a cohort, deciding, and looking at the queue."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dibt.gateways.hub import HardwareOffer
from projects.domain import applications, cohorts, prices
from projects.models import Application, Cohort
from tests.factories import a_cohort, an_application, organiser
from tests.projects.test_organise_pages import SCORES, cohort_form

pytestmark = pytest.mark.django_db
EXCEEDS = "and $43.80 with this project; the budget is $30.00"


@pytest.fixture(autouse=True)
def _prices() -> None:
    prices.refresh(
        [
            HardwareOffer("cpu-basic", "CPU Basic", Decimal(0)),
            HardwareOffer("cpu-upgrade", "CPU Upgrade", Decimal("0.03")),
        ]
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tight_cohort(*, seats: int = 10) -> Cohort:
    """A cohort with the money for one Space and a half."""
    return a_cohort(space_hardware="cpu-upgrade", monthly_budget=Decimal(30), seats=seats)


def one_too_many() -> Application:
    cohort = tight_cohort()
    applications.accept(an_application(cohort), by=organiser())
    return an_application(cohort)


def decided(application: Application, **said: str) -> tuple[int, str, str]:
    """The answer's status and page, and the state afterwards."""
    form = {"decision": "accept", "edition": str(application.edition), **said}
    answer = signed_in(organiser()).post(reverse("organise:decide", args=[application.pk]), form)
    application.refresh_from_db()
    return answer.status_code, answer.content.decode(), application.state


# --- The cohort's form ----------------------------------------------------------------------------


def test_hardware_is_chosen_by_what_it_costs():
    client = signed_in(organiser())

    page = client.get(reverse("organise:new-cohort")).content.decode()
    answer = client.post(reverse("organise:new-cohort"), cohort_form(space_hardware="cpu-upgrade"))

    assert '<option value="cpu-basic" selected>CPU Basic, free</option>' in page
    assert "CPU Upgrade, $0.03 an hour, about $21.90 a month" in page
    assert (answer.status_code, Cohort.objects.get().space_hardware) == (302, "cpu-upgrade")


def test_hardware_that_nobody_offers_is_refused():
    answer = signed_in(organiser()).post(reverse("organise:new-cohort"), cohort_form(space_hardware="abacus"))

    assert answer.status_code == 422
    assert not Cohort.objects.exists()


def test_a_stale_form_tells_which_hardware_was_saved_meanwhile():
    cohort = a_cohort()
    cohorts.edit(cohort, by=organiser(), edition=1, space_hardware="cpu-upgrade")

    answer = signed_in(organiser()).post(reverse("organise:edit-cohort", args=[cohort.slug]), cohort_form())

    assert answer.status_code == 409
    assert "<bdi>CPU Upgrade, $0.03 an hour, about $21.90 a month</bdi>" in answer.content.decode()


# --- The decision ---------------------------------------------------------------------------------


def test_an_acceptance_over_the_budget_says_so_before_and_asks_for_a_tick():
    fits = an_application(tight_cohort())
    exceeds = one_too_many()
    client = signed_in(organiser())

    pages = [
        client.get(reverse("organise:application", args=[each.pk])).content.decode()
        for each in (fits, exceeds)
    ]

    assert [EXCEEDS in page for page in pages] == [False, True]
    assert ['name="over_budget"' in page for page in pages] == [False, True]


def test_without_the_tick_it_is_refused_and_nothing_typed_is_lost():
    application = one_too_many()

    status, page, state = decided(application, feedback="Half a letter.")

    assert (status, state) == (409, "submitted")
    assert page.count(EXCEEDS) == 1
    assert "Half a letter.</textarea>" in page


def test_with_the_tick_it_is_accepted():
    application = one_too_many()

    status, _, state = decided(application, over_budget="on")

    assert (status, state) == (302, "accepted")


def test_declining_asks_for_no_tick():
    application = one_too_many()

    status, _, state = decided(application, decision="decline", feedback="So sorry.")

    assert (status, state) == (302, "declined")


def test_the_tick_stays_when_a_review_cannot_be_saved():
    application = one_too_many()

    status, page, state = decided(application, **{**SCORES, "need": "", "over_budget": "on"})

    assert (status, state) == (422, "submitted")
    assert 'name="over_budget" id="id_over_budget" checked' in page


def test_a_budget_that_was_lowered_after_the_page_was_opened_is_told_with_the_refusal():
    application = an_application(tight_cohort())
    cohorts.edit(application.cohort, by=organiser(), edition=1, monthly_budget=Decimal(10))

    status, page, state = decided(application)

    assert (status, state) == (409, "submitted")
    assert "the budget is $10.00" in page
    assert 'name="over_budget"' in page


# --- The queue ------------------------------------------------------------------------------------


def test_the_queue_tells_what_is_promised_where_it_is_not_free():
    free, paid = a_cohort(), one_too_many().cohort
    client = signed_in(organiser())

    pages = [
        client.get(reverse("organise:queue", args=[cohort.slug])).content.decode() for cohort in (free, paid)
    ]

    assert "$" not in pages[0]
    assert "$21.90 of $30.00" in pages[1]
    assert "With one project more it would be $43.80 a month, more than the budget." in pages[1]
