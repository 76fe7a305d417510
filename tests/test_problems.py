"""What a page's script is told when it is refused: problem+json, where a person would get a page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.annotations.worlds import a_project, somebody, taking_part

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}


def test_who_is_no_longer_signed_in_is_told_so_and_not_led_away() -> None:
    project = a_project(records=1)

    answer = Client().post(
        reverse("projects:skip", args=[project.slug]), {"record": project.records.get().pk}, headers=SCRIPT
    )

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["type"] == "signed-out"


def test_a_refusal_of_the_domain_names_its_kind_and_sentence() -> None:
    project = a_project(records=1)
    client = Client()
    client.force_login(taking_part(project))

    answer = client.post(
        reverse("projects:skip", args=[project.slug]), {"record": project.records.get().pk}, headers=SCRIPT
    )

    assert answer.status_code == 404
    assert answer.json() == {
        "type": "not-found",
        "title": "Not Found",
        "status": 404,
        "detail": "This record was not given to you. Open the next one.",
    }


def test_a_form_without_its_protection_is_told_apart_from_other_refusals() -> None:
    project = a_project(records=1)
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody())

    answer = client.post(reverse("projects:skip", args=[project.slug]), {"record": "1"}, headers=SCRIPT)

    assert answer.status_code == 403
    assert answer.json()["type"] == "stale-form"
