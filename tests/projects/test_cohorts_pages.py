"""Cohorts as everybody reads them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dibt.lib import clock
from projects.domain import applications
from tests.factories import a_cohort, a_draft, an_application, organiser, person

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_open_cohorts_come_first_then_those_to_come_then_those_that_were():
    now = clock.now()
    a_cohort(name="Was", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    a_cohort(name="Will be", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=9))
    a_cohort(name="Is")

    page = Client().get(reverse("cohorts:list")).content.decode()

    assert page.index(">Is<") < page.index(">Will be<") < page.index(">Was<")


def test_the_list_says_how_many_seats_are_taken():
    cohort = a_cohort(seats=3)
    applications.accept(an_application(cohort), by=organiser())
    an_application(cohort)

    page = Client().get(reverse("cohorts:list")).content.decode()

    assert "1 of 3" in page


def test_an_unpublished_cohort_is_there_for_organisers_alone():
    cohort = a_cohort(name="In the making", is_published=False)
    listed, detail = reverse("cohorts:list"), cohort.get_absolute_url()

    for client in (Client(), signed_in(person("stranger"))):
        assert "In the making" not in client.get(listed).content.decode()
        assert client.get(detail).status_code == 404
    assert "In the making" in signed_in(organiser()).get(listed).content.decode()
    assert "Not published" in signed_in(organiser()).get(detail).content.decode()


@pytest.mark.parametrize(
    ("opens", "closes", "sentence", "may_apply"),
    [
        (-1, 1, "Your draft is saved as you type.", True),
        (1, 2, "You can apply from the opening on.", False),
        (-2, -1, "This cohort takes no more applications.", False),
    ],
)
def test_the_page_offers_what_can_be_done_now(opens: int, closes: int, sentence: str, may_apply: bool):
    now = clock.now()
    cohort = a_cohort(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))

    page = Client().get(cohort.get_absolute_url()).content.decode()

    assert sentence in page
    assert (reverse("applications:start", args=[cohort.slug]) in page) == may_apply


def test_whoever_has_applied_is_led_to_their_application_and_sees_no_other():
    cohort = a_cohort()
    mine = a_draft(cohort, title="My idea")
    a_draft(cohort, title="Somebody else's idea")

    page = signed_in(mine.lead).get(cohort.get_absolute_url()).content.decode()

    assert "To your application" in page
    assert "My idea" in page
    assert "Somebody else" not in page


def test_the_page_speaks_of_hosting_only_where_there_is_a_budget():
    without, given = a_cohort(monthly_budget=0), a_cohort(monthly_budget=50)

    pages = [Client().get(cohort.get_absolute_url()).content.decode() for cohort in (without, given)]

    assert ["a month for all Spaces" in page for page in pages] == [False, True]


def test_who_may_apply_and_who_has_are_told_that_it_is_one_application_at_a_time():
    draft = a_draft()

    for client in (Client(), signed_in(draft.lead)):
        page = client.get(draft.cohort.get_absolute_url()).content.decode()
        assert "one undecided application in a cohort" in page


def test_a_description_is_markdown_that_can_do_no_harm():
    cohort = a_cohort(description="# Hello\n\n<script>alert(1)</script> [x](javascript:alert(1))")

    page = Client().get(cohort.get_absolute_url()).content.decode()

    assert "<h3>Hello</h3>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_applying_to_a_cohort_that_closed_meanwhile_says_so_on_its_page():
    now = clock.now()
    cohort = a_cohort(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))

    answer = signed_in(person()).post(
        reverse("applications:start", args=[cohort.slug]),
        headers={"referer": f"http://testserver{cohort.get_absolute_url()}"},
        follow=True,
    )

    assert answer.redirect_chain == [(f"http://testserver{cohort.get_absolute_url()}", 302)]
    assert "closed on" in answer.content.decode()


def test_a_longer_list_costs_no_more_queries(django_assert_num_queries):
    judge = organiser()
    a_cohort(by=judge, wanted_languages=["yor_Latn"], wanted_tasks=["preference"])
    with django_assert_num_queries(1):
        Client().get(reverse("cohorts:list"))
    for _ in range(29):
        an_application(a_cohort(by=judge, wanted_languages=["yor_Latn"], wanted_domains=["law"]))
    with django_assert_num_queries(1):
        page = Client().get(reverse("cohorts:list")).content.decode()

    assert page.count('class="meter ') == 30
