"""Images that lie elsewhere on the web: shown on the pages with the record, and only those pages may load them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import HubOrganisation, User
from annotations.domain import responding
from annotations.reading.suggesting import suggest_mapping
from projects.models import Project, SchemaVersion
from projects.schema.definition import TaskSchema
from tests.annotations.worlds import a_project, somebody, taking_part
from tests.schema.schemas import RATING_ONLY
from tests.schema.test_images import IMAGES

pytestmark = pytest.mark.django_db
ADDRESS = "https://images.example.org/a.png?x=1&y=2"


def showing(schema: TaskSchema, content: dict[str, str]) -> Project:
    project = a_project(records=1)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    project.records.update(fields=content)
    return project


def with_images() -> Project:
    return showing(IMAGES, {"picture": ADDRESS})


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def images_from(response: object) -> set[str]:
    policy = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]  # of the test client
    [sources] = re.findall(r"img-src ([^;]+)", policy)
    return set(sources.split())


def workspace(project: Project) -> str:
    return reverse("projects:annotate", args=[project.slug])


def test_an_image_is_shown_with_a_name_lazily_and_without_telling_where_from() -> None:
    project = with_images()

    page = as_user(taking_part(project)).get(workspace(project)).content.decode()

    assert (
        '<img src="https://images.example.org/a.png?x=1&amp;y=2" alt="Picture" loading="lazy" '
        'decoding="async" referrerpolicy="no-referrer">'
    ) in page
    assert '<bdi class="text-soft">images.example.org</bdi>' in page


def test_pages_with_the_record_may_load_images_of_the_web() -> None:
    project = with_images()
    user = taking_part(project)
    assignment = responding.next_record(project, by=user)
    assert assignment
    response = responding.submit(
        project, by=user, record_id=assignment.record_id, values={"quality": 3}
    ).response
    lead = as_user(project.application.lead)

    pages = [
        as_user(taking_part(project)).get(workspace(project)),
        as_user(user).get(reverse("mine:edit", args=[response.public_id])),
        lead.get(reverse("records:preview", args=[project.slug])),
    ]

    assert all("https:" in images_from(page) for page in pages)


def test_every_other_page_stays_strict() -> None:
    project, plain = with_images(), showing(RATING_ONLY, {"prompt": ADDRESS})
    lead, plain_lead = as_user(project.application.lead), as_user(plain.application.lead)

    pages = [
        as_user(taking_part(plain)).get(workspace(plain)),
        plain_lead.get(reverse("records:preview", args=[plain.slug])),
        lead.get(reverse("manage:task", args=[project.slug])),
        lead.get(reverse("records:list", args=[project.slug])),
        Client().get(project.get_absolute_url()),
        Client().get("/"),
    ]

    assert all("https:" not in images_from(page) for page in pages)
    assert ADDRESS.split("?", maxsplit=1)[0] in pages[0].content.decode()
    assert "<img" not in pages[0].content.decode()


def test_who_tries_first_sees_the_image_too() -> None:
    page = Client().get(workspace(with_images()))

    assert ADDRESS.split("?", maxsplit=1)[0] in page.content.decode()
    assert {"'self'", "data:", "https:"} <= images_from(page)


def test_who_may_not_answer_sees_no_image() -> None:
    project = with_images()
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.filter(pk=project.pk).update(access="organisation", organisation=organisation)
    signed_out = Client().get(workspace(project))
    Project.objects.filter(pk=project.pk).update(access="open", state="setup", organisation=None)

    outsider = as_user(somebody()).get(workspace(project))

    assert ADDRESS.split("?", maxsplit=1)[0] not in signed_out.content.decode() + outsider.content.decode()
    assert (signed_out.status_code, outsider.status_code) == (200, 404)


def test_without_records_the_preview_says_what_will_be_there() -> None:
    project = with_images()
    project.records.all().delete()

    page = (
        as_user(project.application.lead)
        .get(reverse("records:preview", args=[project.slug]))
        .content.decode()
    )

    assert "Here people will read what your records have under “Picture”." in page
    assert "<img" not in page


def test_a_column_of_addresses_is_suggested_for_an_image() -> None:
    rows = [{"name": "a cow", "picture": "cow.png", "photo": ADDRESS}]

    assert suggest_mapping(IMAGES, rows).fields == {"picture": "photo"}
