"""Ranking in the workspace: by keys, with a mouse, with a finger, and without any script."""

from collections.abc import Collection, Iterator
from typing import cast

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Response
from projects.models import Project, SchemaVersion
from projects.schema.definition import TaskSchema
from tests.annotations.worlds import a_project, taking_part
from tests.browser.conftest import Arrive, visitors
from tests.schema.schemas import RANKING_ONLY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
SUGGESTED = {"order": {"value": ["b", "c", "a"], "agent": "ranker-1"}}


@pytest.fixture
def project() -> Project:
    """An open project that asks to put three animals in order."""
    return ranking_project(RANKING_ONLY)


@pytest.fixture
def arrive_here(browser: Browser, live_server: LiveServer) -> Iterator[Arrive]:
    with visitors(browser, live_server.url) as arrive:
        yield arrive


def ranking_project(schema: TaskSchema) -> Project:
    project = a_project(records=2)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    project.records.update(suggestions=SUGGESTED)
    return project


def workspace(arrive: Arrive, project: Project, *, refusals: Collection[int] = (), **options: object) -> Page:
    """The workspace as somebody sees it who has signed in and agreed to the licence."""
    client = Client()
    client.force_login(taking_part(project))
    visitor = arrive("", refusals=refusals, **options)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": visitor.url}]
    )
    visitor.go(f"/projects/{project.slug}/annotate/")
    return visitor.page


def ranked(page: Page) -> Locator:
    return page.locator("[data-ranking-ranked] [data-ranking-text]")


def item(page: Page, name: str) -> Locator:
    return page.locator("[data-value]").filter(has_text=name)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("1 answer by you")).to_be_visible()


def answered() -> object:
    return Response.objects.get().values["order"]


def test_pressing_digits_ranks_in_that_order_and_enter_submits(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    expect(ranked(page)).to_have_count(0)

    page.keyboard.press("3")
    page.keyboard.press("1")

    expect(ranked(page)).to_have_text(["Cat", "Ant", "Bee"])  # the last place is the last one's
    expect(page.locator("[data-ranking-said]")).to_have_text("“Ant” is now number 2 of 3. All are ranked.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == ["c", "a", "b"]
    expect(ranked(page)).to_have_count(0)


def test_alt_and_an_arrow_move_the_option_that_has_the_focus(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    page.keyboard.press("1")
    page.keyboard.press("2")

    bee = item(page, "Bee").locator("[data-ranking-toggle]")
    bee.focus()
    page.keyboard.press("Alt+ArrowUp")

    expect(ranked(page)).to_have_text(["Bee", "Ant", "Cat"])
    expect(bee).to_be_focused()
    expect(page.locator("[data-ranking-said]")).to_contain_text("“Bee” is now number 1 of 3.")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(ranked(page)).to_have_text(["Ant", "Cat", "Bee"])


def test_buttons_move_an_option_and_pressing_it_again_takes_it_out(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project)
    item(page, "Ant").locator("[data-ranking-toggle]").click()
    item(page, "Bee").locator("[data-ranking-toggle]").click()

    up = page.get_by_role("button", name="Move up: Cat")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(ranked(page)).to_have_text(["Ant", "Cat", "Bee"])
    item(page, "Ant").locator("[data-ranking-toggle]").click()

    expect(ranked(page)).to_have_text(["Cat", "Bee"])
    expect(page.locator("[data-ranking-said]")).to_have_text("“Ant” is not ranked any more.")


def test_options_are_dragged_with_the_mouse(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    for name in ("Ant", "Bee"):
        item(page, name).locator("[data-ranking-toggle]").click()

    drag_by_mouse(page, item(page, "Cat").locator("[data-ranking-text]"), onto=item(page, "Ant"))
    expect(ranked(page)).to_have_text(["Cat", "Ant", "Bee"])
    submit(page)

    assert answered() == ["c", "a", "b"]


def test_options_are_dragged_with_a_finger_on_a_phone(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, viewport=PHONE, has_touch=True, is_mobile=True)
    for name in ("Ant", "Bee"):
        item(page, name).locator("[data-ranking-toggle]").tap()

    drag_by_finger(page, item(page, "Ant").locator("[data-ranking-handle]"), onto=item(page, "Cat"))
    expect(ranked(page)).to_have_text(["Bee", "Cat", "Ant"])
    submit(page)

    assert answered() == ["b", "c", "a"]


def test_a_suggested_order_is_shown_and_taken_only_when_asked_for(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project)
    expect(item(page, "Bee")).to_contain_text("suggested: 1")
    expect(ranked(page)).to_have_count(0)

    page.get_by_role("button", name="Take the suggested order").click()
    expect(ranked(page)).to_have_text(["Bee", "Cat", "Ant"])
    submit(page)

    assert answered() == ["b", "c", "a"]


def test_an_untouched_or_half_ranking_is_no_answer(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, refusals={422})

    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("“Order” needs an answer.")).to_be_visible()
    page.keyboard.press("2")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 of 3 options have a place; rank all of them.")).to_be_visible()
    expect(ranked(page)).to_have_text(["Bee"])
    assert not Response.objects.exists()


def test_without_a_script_each_place_is_chosen_from_a_list(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, java_script_enabled=False)

    for place, option in enumerate(["Cat", "Bee", "Ant"], start=1):
        page.get_by_label(f"Number {place} of 3").select_option(value=option[0].lower())
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == ["c", "b", "a"]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_ranking_fits_a_phone_with_targets_for_thumbs(
    arrive_here: Arrive, project: Project, colours: str, direction: str
) -> None:
    page = workspace(arrive_here, project, viewport=PHONE, color_scheme=colours)
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    page.keyboard.press("1")
    page.keyboard.press("2")

    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    targets = page.locator("[data-ranking-board] :is(button, [data-ranking-handle]):visible").all()
    boxes = [box for target in targets if (box := target.bounding_box())]
    assert len(boxes) == 3 * 4 + 1
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44


def drag_by_mouse(page: Page, grip: Locator, *, onto: Locator) -> None:
    (x, y), (to_x, to_y) = middle(grip), upper_edge(onto)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=10)
    page.mouse.up()


def drag_by_finger(page: Page, grip: Locator, *, onto: Locator) -> None:
    """Real touches, as the browser gets them from a screen."""
    onto.scroll_into_view_if_needed()
    (x, y), (_to_x, to_y) = middle(grip), middle(onto)
    screen = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": across, "y": down} for across, down in points]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", (x, y))
    for step in range(1, 11):
        touch("touchMove", (x, y + (to_y + 10 - y) * step / 10))
    touch("touchEnd")


def middle(element: Locator) -> tuple[float, float]:
    box = cast("dict[str, float]", element.bounding_box())
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def upper_edge(element: Locator) -> tuple[float, float]:
    box = cast("dict[str, float]", element.bounding_box())
    return box["x"] + box["width"] / 2, box["y"] + 4
