"""What is in the demo world, and that everybody can walk through it."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.models import User
from annotations.domain import totals
from annotations.models import Assignment, Contributor, Record, Response
from dibt.demo import world
from dibt.lib import clock, languages
from projects.domain.applications import seats_left
from projects.models import Application, Cohort, Project, Space
from tests.demo.crawling import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The world, built once for all tests of this file and rolled back after them; and what was told meanwhile."""
    lines: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        world.build(tell=lines.append)
        yield lines
        transaction.set_rollback(True)


def test_there_are_six_projects_at_different_stations_in_six_languages():
    stations = {
        (project.languages[0], project.state, project.access, project.cohort.name)
        for project in Project.objects.select_related("cohort")
    }

    assert stations == {
        ("eng_Latn", "open", "open", "First cohort"),
        ("hau_Latn", "open", "open", "First cohort"),
        ("pcm_Latn", "completed", "open", "First cohort"),
        ("yor_Latn", "open", "organisation", "Second cohort"),
        ("arb_Arab", "open", "open", "Second cohort"),
        ("ibo_Latn", "setup", "open", "Second cohort"),
    }


def test_one_cohort_is_closed_and_the_other_takes_applications_and_has_seats():
    first, second = Cohort.objects.order_by("opens_at")

    assert (first.phase, second.phase) == ("closed", "open")
    assert (second.closes_at - clock.now()).days == 19
    assert seats_left(second) == 4


def test_applications_stand_at_every_station_but_withdrawn():
    states = Counter(Application.objects.values_list("state", flat=True))

    assert states == {"draft": 1, "submitted": 2, "accepted": 1, "declined": 2, "confirmed": 6}
    assert Application.objects.waiting_for_review().filter(review_count=0).count() == 1


def test_records_are_those_of_the_files_but_for_the_refused_ones():
    records = Project.objects.annotate(n=Count("records")).values_list("languages__0", "n")

    assert dict(records) == {
        "eng_Latn": 120,
        "hau_Latn": 80,
        "pcm_Latn": 57,
        "yor_Latn": 150,
        "arb_Arab": 40,
        "ibo_Latn": 60,
    }


def test_totals_equal_a_recount():
    projects = list(Project.objects.all())

    assert [totals.of(project) for project in projects] == [totals.recount(project) for project in projects]


def test_every_record_has_the_places_that_its_answers_leave():
    counted = Count("responses", filter=Q(responses__surplus=False))
    records = Record.objects.annotate(answers=counted)

    assert not records.exclude(submitted_count=F("answers")).exists()
    assert not records.exclude(open_slots=F("overlap") - F("submitted_count")).exists()
    assert not Assignment.objects.exists()


def test_answers_were_given_while_the_project_was_open_and_on_many_days():
    for project in Project.objects.public():
        moments = Response.objects.filter(project=project).values_list("submitted_at", flat=True)

        assert project.opened_at is not None
        assert min(moments) > project.opened_at
        assert max(moments) < (project.completed_at or clock.now())
        assert len(totals.days(project, since=project.opened_at.date())) >= 5


def test_one_project_is_complete_one_almost_and_none_is_untouched():
    shares = {project.languages[0]: totals.of(project).share_complete for project in Project.objects.public()}

    assert shares["pcm_Latn"] == 1
    assert 0.85 < shares["hau_Latn"] < 1
    assert min(shares.values()) > 0.1


def test_only_members_annotate_where_only_members_may():
    project = Project.objects.get(access="organisation")
    people = {contributor.user for contributor in project.contributors.select_related("user")}

    assert {"okapi", "heron", "hoopoe"} <= {user.hub_username for user in people if user}
    assert all(
        user and user.memberships.filter(organisation=project.organisation).exists() for user in people
    )


def test_people_are_shown_in_each_of_the_ways_and_all_accepted_the_licence():
    contributors = Contributor.objects.filter(submitted_count__gt=0)

    assert set(contributors.values_list("user__shown_as", flat=True)) == {"hub_name", "pseudonym", "hidden"}
    assert not contributors.filter(licence_accepted_at=None).exists()
    assert not contributors.exclude(licence=F("project__licence")).exists()
    assert contributors.values("user").distinct().count() >= 8


def test_a_project_reads_from_right_to_left():
    (project,) = (
        project for project in Project.objects.all() if languages.get(project.languages[0]).direction == "rtl"
    )

    page = Client().get(project.get_absolute_url()).content.decode()

    assert "تعليمات كل يوم" in page
    assert "ما جودة هذه التعليمة؟" in page


def test_a_space_waits_for_a_worker():
    assert list(Space.objects.waiting().values_list("project__languages__0", "state")) == [
        ("eng_Latn", "requested")
    ]


def test_the_building_tells_how_far_it_is(told: list[str]):
    assert told[0] == "10 people have signed in"
    assert "Prompts worth answering: 120 records" in "\n".join(told)


@pytest.mark.parametrize("handle", [None, "okapi", "ibis", "tern", "weaver"])
def test_links_lead_everybody_to_all_that_is_theirs_and_none_leads_nowhere(handle: str | None):
    person = User.objects.get(hub_username=handle) if handle else None

    walked = walk(person)

    assert walked.dead_ends == {}
    assert places_of(person) <= walked.paths


def places_of(person: User | None) -> set[str]:
    """Of the pages that this person may see, those that must not be missed."""
    places = {project.get_absolute_url() for project in Project.objects.public()}
    if person is None:
        return places
    mine = Application.objects.visible_to(person).filter(lead=person)
    places |= {application.get_absolute_url() for application in mine}
    places |= {reverse("records:list", args=[project.slug]) for project in Project.objects.led_by(person)}
    if person.is_organiser:
        ids = Application.objects.handed_in().values_list("pk", flat=True)
        places |= {reverse("organise:application", args=[pk]) for pk in ids}
    return places
