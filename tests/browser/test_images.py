"""Images of other hosts in the workspace, as a real browser with our Content-Security-Policy loads them."""

from base64 import b64decode

import pytest
from playwright.sync_api import Page, Route, expect

from projects.models import Project
from tests.annotations.worlds import taking_part
from tests.browser.conftest import Arrive
from tests.browser.tasks import PHONE, page_of, project_asking
from tests.browser.test_looks import WCAG, grave
from tests.schema.test_images import IMAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WIDE = b"""<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="900"><rect width="3000" height="900"/></svg>"""


@pytest.fixture
def project() -> Project:
    project = project_asking(IMAGES)
    project.records.update(fields={"picture": "https://images.example.org/a.png"})
    return project


def workspace(
    arrive: Arrive, project: Project, *, status: int, body: bytes, kind: str, **options: object
) -> Page:
    """The workspace; the host of the images answers like this."""
    user = taking_part(project)
    page = page_of(
        arrive, user, f"/projects/{project.slug}/", refusals={status} if status > 399 else (), **options
    )
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers)
        route.fulfill(status=status, body=body, content_type=kind)

    page.context.route("https://images.example.org/**", answer)
    page.goto(page.url + "annotate/")
    expect(page.locator("[data-image]")).to_be_visible()
    page.wait_for_function(
        "() => { const i = document.querySelector('[data-image] img'); return i.complete || i.hidden }"
    )
    assert all("referer" not in headers for headers in asked)
    assert asked
    return page


def test_an_image_loads_and_is_no_wider_than_a_phone(arrive_here: Arrive, project: Project) -> None:
    page = workspace(
        arrive_here,
        project,
        status=200,
        body=WIDE,
        kind="image/svg+xml",
        viewport=PHONE,
        reduced_motion="reduce",
    )

    image = page.get_by_role("img", name="Picture")
    expect(image).to_be_visible()
    assert page.evaluate("document.querySelector('[data-image] img').naturalWidth") == 3000
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    expect(page.locator("[data-image-broken]")).to_be_hidden()
    expect(page.get_by_role("link", name="Open the image")).to_have_attribute("rel", "noreferrer noopener")
    assert list(grave(page, WCAG, "light")) == []


def test_an_image_that_does_not_load_says_so(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, status=404, body=b"", kind="text/plain")

    expect(page.get_by_text("The image does not load.")).to_be_visible()
    expect(page.get_by_role("img", name="Picture")).to_be_hidden()
    expect(page.get_by_role("link", name="Open the image")).to_be_visible()


def test_the_next_record_shows_its_image_too(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, status=200, body=DOT, kind="image/png")

    page.keyboard.press("3")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    expect(page.get_by_role("img", name="Picture")).to_be_visible()
