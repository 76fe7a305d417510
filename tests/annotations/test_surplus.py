"""Answers that came to a full record, and how a lead lets them count."""

import pytest
from django.test import Client
from django.urls import reverse

from annotations.domain import queue, records, responding, surplus, totals
from annotations.models import Response
from dibt.lib import clock
from dibt.lib.errors import NotAllowedError
from projects.models import Project
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, somebody, taking_part

pytestmark = pytest.mark.django_db


def a_project_with_surplus() -> Project:
    """One record that wants one answer and has it, and one answer more."""
    project = a_project(records=1, overlap=1)
    sleeper = taking_part(project)
    held = responding.next_record(project, by=sleeper)
    assert held is not None
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        answer(project, taking_part(project))
        responding.submit(project, by=sleeper, record_id=held.record_id, values={"quality": 1})
    return project


def test_surplus_answers_count_once_the_overlap_has_room_and_the_lead_takes_them_in():
    project = a_project_with_surplus()
    lead = project.leads.get()
    records.set_overlap(project, by=lead, overlap=2)
    before = totals.of(project).complete

    taken = surplus.take_in(project, by=lead)

    assert (before, taken) == (0, 1)
    assert totals.of(project).complete == 1
    assert not Response.objects.filter(surplus=True).exists()
    assert_invariants(project, most=2)


def test_where_there_is_no_room_they_stay_surplus():
    project = a_project_with_surplus()

    taken = surplus.take_in(project, by=project.leads.get())

    assert taken == 0
    assert Response.objects.filter(surplus=True).count() == 1
    assert_invariants(project, most=1)


def test_taking_in_twice_takes_nothing_more():
    project = a_project_with_surplus()
    lead = project.leads.get()
    records.set_overlap(project, by=lead, overlap=3)

    assert [surplus.take_in(project, by=lead) for _ in range(2)] == [1, 0]
    assert_invariants(project, most=3)


def test_an_answer_that_counts_since_its_author_opened_the_page_frees_its_place_when_deleted():
    project = a_project_with_surplus()
    lead = project.leads.get()
    as_opened = Response.objects.get(surplus=True)
    records.set_overlap(project, by=lead, overlap=2)
    assert surplus.take_in(project, by=lead) == 1

    assert as_opened.contributor.user is not None
    responding.take_back(as_opened, by=as_opened.contributor.user)

    assert list(project.records.values_list("submitted_count", "open_slots")) == [(1, 1)]
    assert_invariants(project, most=2)


def test_only_those_who_run_the_project_take_them_in():
    project = a_project_with_surplus()
    records.set_overlap(project, by=project.leads.get(), overlap=2)

    with pytest.raises(NotAllowedError):
        surplus.take_in(project, by=somebody())
    assert Response.objects.filter(surplus=True).count() == 1


def test_the_lead_sees_surplus_answers_and_lets_them_count(client: Client):
    project = a_project_with_surplus()
    lead = project.leads.get()
    client.force_login(lead)
    page = reverse("records:list", args=[project.slug])

    full = client.get(page).content.decode()
    records.set_overlap(project, by=lead, overlap=2)
    with_room = client.get(page).content.decode()
    done = client.post(reverse("records:take-in", args=[project.slug]), follow=True).content.decode()

    assert "1 answer came when its record had all it needed" in full
    assert "take-in" not in full
    assert "take-in" in with_room
    assert "1 answer counts now." in done
    assert "Surplus answers" not in done


def test_an_outsider_lets_nothing_count(client: Client):
    project = a_project_with_surplus()
    url = reverse("records:take-in", args=[project.slug])

    anonymous = client.post(url)
    client.force_login(somebody())

    assert anonymous.status_code == 302
    assert client.post(url).status_code == 403
