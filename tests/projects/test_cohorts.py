"""Cohorts: who makes and edits them, and what cannot be."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError
from projects.domain import applications, cohorts
from projects.models import Cohort
from projects.models.cohort import Phase
from tests.factories import a_cohort, a_draft, an_application, organiser, person

pytestmark = pytest.mark.django_db


def test_a_cohort_gets_its_address_from_its_name_and_keeps_it():
    judge = organiser()
    cohort = a_cohort(by=judge, name="First cohort: Languages of Africa")

    cohorts.edit(cohort, by=judge, edition=1, name="Renamed")

    assert (cohort.slug, cohort.name, cohort.edition) == ("first-cohort-languages-of-africa", "Renamed", 2)


@pytest.mark.parametrize(("name", "slug"), [("Cohort", "cohort-2"), ("الدفعة الأولى", "cohort-2")])
def test_every_cohort_has_an_address_of_its_own(name: str, slug: str):
    a_cohort(name="Cohort")

    assert a_cohort(name=name).slug == slug


def test_only_organisers_make_and_edit_cohorts():
    cohort = a_cohort()

    with pytest.raises(NotAllowedError):
        a_cohort(by=person())
    with pytest.raises(NotAllowedError):
        cohorts.edit(cohort, by=person(), edition=1, name="Mine")

    assert [found.name for found in Cohort.objects.all()] == [cohort.name]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("description", "x" * 4001),
        ("seats", 0),
        ("seats", 100_000),
        ("monthly_budget", Decimal(-1)),
        ("hosting_organisation", "not a name"),
        ("hosting_organisation", "-dash"),
        ("hosting_organisation", ""),
        ("wanted_languages", ["klingon"]),
        ("wanted_domains", ["astrology"]),
        ("wanted_tasks", ["guessing"]),
    ],
)
def test_what_cannot_be_is_refused_by_name(field: str, value: object):
    with pytest.raises(InvalidError) as refusal:
        a_cohort(**{field: value})

    assert list(refusal.value.fields) == [field]
    assert not Cohort.objects.exists()


def test_a_cohort_does_not_close_before_it_opens():
    now = clock.now()

    with pytest.raises(InvalidError) as refusal:
        a_cohort(opens_at=now, closes_at=now)

    assert list(refusal.value.fields) == ["closes_at"]


def test_there_are_never_fewer_seats_than_are_taken():
    cohort = a_cohort(seats=2)
    for _ in range(2):
        applications.accept(an_application(cohort), by=organiser())

    with pytest.raises(InvalidError) as refusal:
        cohorts.edit(cohort, by=organiser(), edition=1, seats=1)

    assert refusal.value.fields == {"seats": ["2 seats are taken already; there cannot be fewer."]}
    assert Cohort.objects.get().seats == 2


def test_a_cohort_that_people_applied_to_is_not_hidden_again():
    cohort = a_draft().cohort

    with pytest.raises(InvalidError) as refusal:
        cohorts.edit(cohort, by=organiser(), edition=1, is_published=False)

    assert list(refusal.value.fields) == ["is_published"]


def test_a_stale_form_does_not_overwrite_another_organisers_change():
    cohort, judge = a_cohort(), organiser()
    cohorts.edit(cohort, by=judge, edition=1, seats=5)

    with pytest.raises(ConflictError, match="Somebody saved this cohort"):
        cohorts.edit(cohort, by=judge, edition=1, seats=6)
    cohorts.edit(cohort, by=judge, edition=1, seats=5)

    assert (Cohort.objects.get().seats, Cohort.objects.get().edition) == (5, 2)


@pytest.mark.parametrize(
    ("offset", "phase"),
    [
        (timedelta(days=-8), Phase.UPCOMING),
        (timedelta(days=-7), Phase.OPEN),
        (timedelta(days=7, seconds=-1), Phase.OPEN),
        (timedelta(days=7), Phase.CLOSED),
    ],
)
def test_a_cohort_is_open_from_its_opening_until_just_before_its_closing(offset: timedelta, phase: Phase):
    now = clock.now()
    with clock.at(now):
        cohort = a_cohort()

    with clock.at(now + offset):
        assert (cohort.phase, cohort.is_open()) == (phase, phase == Phase.OPEN)
        assert Cohort.objects.open().exists() == (phase == Phase.OPEN)


def test_counts_of_a_cohort_are_of_seats_and_of_what_waits():
    cohort = a_cohort()
    accepted, _waiting, _draft = an_application(cohort), an_application(cohort), a_draft(cohort)
    applications.accept(accepted, by=organiser())

    counted = Cohort.objects.with_counts().get()

    assert (counted.seats_taken, counted.waiting) == (1, 1)
