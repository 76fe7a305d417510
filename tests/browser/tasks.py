"""Open projects with any task, and people who answer it with a real browser."""

from collections.abc import Collection

from playwright.sync_api import Page, expect

from accounts.models import User
from annotations.models import Response
from projects.models import Project, SchemaVersion
from projects.schema.definition import TaskSchema
from tests.annotations.worlds import a_project, taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import become

PHONE = {"width": 360, "height": 740}


def project_asking(
    schema: TaskSchema, suggestions: dict[str, dict[str, object]] | None = None, *, records: int = 2
) -> Project:
    """An open project with this task and these suggestions on every record."""
    project = a_project(records=records)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    project.records.update(suggestions=suggestions or {})
    return project


def page_of(
    arrive: Arrive, user: User, path: str, *, refusals: Collection[int] = (), **options: object
) -> Page:
    """The page as somebody sees it who has signed in."""
    visitor = arrive("", refusals=refusals, **options)
    become(visitor, user)
    visitor.go(path)
    return visitor.page


def workspace(arrive: Arrive, project: Project, *, refusals: Collection[int] = (), **options: object) -> Page:
    """The workspace as somebody sees it who has signed in and agreed to the licence."""
    path = f"/projects/{project.slug}/annotate/"
    return page_of(arrive, taking_part(project), path, refusals=refusals, **options)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("1 answer by you")).to_be_visible()


def answered() -> dict[str, object]:
    """The only answer that there is."""
    values: dict[str, object] = Response.objects.get().values
    return values
