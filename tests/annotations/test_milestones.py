"""A goal for today and thanks at milestones, as far as the server has a part in them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Contributor
from projects.models import Project
from tests.annotations.pages import on_screen
from tests.annotations.worlds import a_project, somebody, taking_part

pytestmark = pytest.mark.django_db


def answer_after(project: Project, user: User, before: int) -> dict[str, object]:
    """What comes back for an answer of somebody who has given so many before."""
    client = Client()
    client.force_login(user)
    url = reverse("projects:annotate", args=[project.slug])
    record = on_screen(client, url)
    Contributor.objects.filter(user=user).update(submitted_count=before)
    form = {"record": record, "answer.quality": "4"}
    return client.post(url, form, headers={"Accept": "application/json"}).json()


@pytest.mark.parametrize(
    ("number", "shown"), [(10, "10"), (50, "50"), (100, "100"), (500, "500"), (1000, "1,000")]
)
def test_a_milestone_is_thanked_for(number: int, shown: str) -> None:
    project = a_project(records=2)

    told = answer_after(project, taking_part(project), number - 1)

    assert f"{shown} answers by you here. Thank you!" in told["cheer"]
    assert told["own_answers"] == number


@pytest.mark.parametrize("number", [1, 9, 11, 99, 1001])
def test_other_answers_are_not_and_take_earlier_thanks_away(number: int) -> None:
    project = a_project(records=2)

    told = answer_after(project, taking_part(project), number - 1)

    assert told["cheer"].strip() == ""


def test_a_page_that_is_opened_at_a_milestone_thanks_for_nothing() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    Contributor.objects.filter(user=user).update(submitted_count=10)
    client = Client()
    client.force_login(user)

    assert (
        "of yours in this project"
        not in client.get(reverse("projects:annotate", args=[project.slug])).content.decode()
    )


def test_what_a_browser_keeps_is_apart_for_each_person_and_names_nobody() -> None:
    one, another = somebody(), somebody()

    keys = {one.browser_key, another.browser_key}

    assert one.browser_key in keys
    assert len(keys) == 2
    assert all(re.fullmatch("[0-9a-f]{16}", key) for key in keys)
