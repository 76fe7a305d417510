"""“Undo” beside “Saved.”: back to the answer that was just given, with and without scripts."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from annotations.models import Assignment, Response
from projects.models import Project
from tests.annotations.pages import on_screen
from tests.annotations.worlds import a_project, taking_part

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answered(client: Client, project: Project, **how: str):
    url = reverse("projects:annotate", args=[project.slug])
    record = on_screen(client, url)
    return client.post(url, {"record": record, "answer.quality": "2"}, **how)


def undo_url() -> str:
    return reverse("mine:edit", args=[Response.objects.get().public_id])


def test_the_page_after_an_answer_leads_to_it() -> None:
    project = a_project(records=2)

    told = answered(as_user(taking_part(project)), project, **SCRIPT).json()

    back = reverse("projects:annotate", args=[project.slug])
    assert f'href="{undo_url()}?next={back}" data-undo' in told["status"]


def test_after_the_last_record_there_is_a_way_back_too() -> None:
    project = a_project(records=1)

    told = answered(as_user(taking_part(project)), project, **SCRIPT).json()

    assert "Nothing is left for you here" in told["nothing_left"]
    assert undo_url() in told["status"]


def test_without_scripts_the_next_page_offers_it_as_well() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))

    sent_on = answered(client, project)
    page = client.get(sent_on["Location"]).content.decode()

    assert "Saved." in page
    assert undo_url() in page


@pytest.mark.parametrize("saved", ["", "x", "0" * 40])
def test_nothing_is_offered_where_nothing_was_saved(saved: str) -> None:
    project = a_project(records=1)
    client = as_user(taking_part(project))

    page = client.get(reverse("projects:annotate", args=[project.slug]), {"saved": saved})

    assert page.status_code == 200
    assert not re.search(r"<a [^>]*data-undo", page.content.decode())


def test_undoing_and_going_on_finds_the_record_that_was_open() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))
    answered(client, project, **SCRIPT)
    held = Assignment.objects.order_by("pk")[0]

    back = client.post(
        reverse("mine:take_back", args=[Response.objects.get().public_id]),
        {"next": reverse("projects:annotate", args=[project.slug])},
    )

    assert on_screen(client, back["Location"]) == held.record_id
    assert not Response.objects.exists()


def test_offering_it_costs_no_query() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))
    sent_on = answered(client, project)
    plain = reverse("projects:annotate", args=[project.slug])
    client.get(plain)

    with CaptureQueriesContext(connection) as without:
        client.get(plain)
    with CaptureQueriesContext(connection) as offered:
        client.get(sent_on["Location"])

    assert len(offered) == len(without)
