"""Ranking in the workspace: by keys, with a mouse, with a finger, and without any script."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import Response
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.questions import Option, RankingQuestion
from tests.browser.conftest import Arrive
from tests.browser.tasks import PHONE, answered, project_asking, submit, workspace
from tests.browser.test_looks import TWO_FRAMES
from tests.schema.schemas import EVERYTHING, RANKING_ONLY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SUGGESTED: dict[str, dict[str, object]] = {"order": {"value": ["b", "c", "a"], "agent": "ranker-1"}}

SIX_LONG = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        RankingQuestion(
            name="order",
            title="Order",
            options=tuple(
                Option(value=str(number), text=f"Number {number}, which goes on " + "and on " * 20)
                for number in range(1, 7)
            ),
        ),
    ),
)


@pytest.fixture
def project() -> Project:
    """An open project that asks to put three animals in order."""
    return project_asking(RANKING_ONLY)


def ranked(page: Page) -> Locator:
    return page.locator("[data-ranking-ranked] [data-ranking-text]")


def item(page: Page, name: str) -> Locator:
    return page.locator("[data-value]").filter(has_text=name)


def test_pressing_digits_ranks_in_that_order_and_enter_submits(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    expect(ranked(page)).to_have_count(0)

    page.keyboard.press("3")
    page.keyboard.press("1")

    expect(ranked(page)).to_have_text(["Cat", "Ant", "Bee"])  # the last place is the last one's
    expect(page.locator("[data-ranking-said]")).to_have_text("“Ant” is now number 2 of 3. All are ranked.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered()["order"] == ["c", "a", "b"]
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

    assert answered()["order"] == ["c", "a", "b"]


def test_options_are_dragged_with_a_finger_on_a_phone(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, viewport=PHONE, has_touch=True, is_mobile=True)
    for name in ("Ant", "Bee"):
        item(page, name).locator("[data-ranking-toggle]").tap()

    drag_by_finger(page, item(page, "Ant").locator("[data-ranking-handle]"), onto=item(page, "Cat"))
    expect(ranked(page)).to_have_text(["Bee", "Cat", "Ant"])
    submit(page)

    assert answered()["order"] == ["b", "c", "a"]


def test_a_ranking_begins_with_the_suggested_order_and_is_marked(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(RANKING_ONLY, SUGGESTED))

    expect(ranked(page)).to_have_text(["Bee", "Cat", "Ant"])
    expect(item(page, "Bee")).to_contain_text("suggested: 1")
    expect(page.get_by_text("Suggested by ranker-1.")).to_be_visible()
    expect(page.get_by_role("button", name="Take the suggested order")).to_be_hidden()
    submit(page)

    assert answered()["order"] == ["b", "c", "a"]


def test_the_suggested_order_can_be_taken_out_and_in_again_without_losing_the_focus(
    arrive_here: Arrive,
) -> None:
    page = workspace(arrive_here, project_asking(RANKING_ONLY, SUGGESTED))
    out, into = (
        page.get_by_role("button", name=name) for name in ("Start empty", "Take the suggested order")
    )

    out.focus()
    page.keyboard.press("Enter")
    expect(ranked(page)).to_have_count(0)
    expect(page.locator("[data-ranking-said]")).to_have_text("Nothing is ranked any more.")
    expect(into).to_be_focused()
    page.keyboard.press("Enter")

    expect(ranked(page)).to_have_text(["Bee", "Cat", "Ant"])
    expect(out).to_be_focused()


def test_without_a_script_the_lists_begin_with_the_suggested_order(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(RANKING_ONLY, SUGGESTED), java_script_enabled=False)

    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered()["order"] == ["b", "c", "a"]


def test_an_untouched_or_half_ranking_is_no_answer(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)

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
    assert answered()["order"] == ["c", "b", "a"]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_ranking_fits_a_phone_with_targets_for_thumbs(
    arrive_here: Arrive, colours: str, direction: str
) -> None:
    project = project_asking(RANKING_ONLY, SUGGESTED)
    page = workspace(arrive_here, project, viewport=PHONE, color_scheme=colours)
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)

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
    element.page.evaluate(TWO_FRAMES)
    box = cast("dict[str, float]", element.bounding_box())
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def upper_edge(element: Locator) -> tuple[float, float]:
    box = cast("dict[str, float]", element.bounding_box())
    return box["x"] + box["width"] / 2, box["y"] + 4


TOP = "document.querySelector('[data-ranking]').getBoundingClientRect().top"
STANDS = (
    "() => window.before === scrollY || ((window.before = scrollY), false)"  # from one picture to the next
)


@pytest.mark.parametrize("held_by", ["mouse", "finger"])
def test_the_page_goes_along_while_an_option_is_held_near_its_end(arrive_here: Arrive, held_by: str) -> None:
    """Also where motion is unwanted: nothing could be dragged there otherwise."""
    page = workspace(
        arrive_here, project_asking(SIX_LONG), viewport=PHONE, has_touch=True, reduced_motion="reduce"
    )
    for name in ("Number 1", "Number 2", "Number 3", "Number 4", "Number 5"):
        item(page, name).locator("[data-ranking-toggle]").click()
    page.evaluate(TWO_FRAMES)  # in which the browser scrolls so that what is on the screen stays there
    grip = item(page, "Number 6").locator("[data-ranking-handle]")
    grip.evaluate("element => element.scrollIntoView({ block: 'center' })")
    first = item(page, "Number 1").locator("[data-ranking-toggle]")
    expect(first).not_to_be_in_viewport()

    with held(page, grip, by=held_by) as hold_at:
        hold_at(40)
        expect(ranked(page).first).to_contain_text("Number 6")
        page.wait_for_function(STANDS)
        assert 0 < page.evaluate(TOP) < PHONE["height"] / 2  # where the ranking begins
        hold_at(PHONE["height"] - 40)
        expect(ranked(page).last).to_contain_text("Number 6")
        hold_at(40)
        expect(ranked(page).first).to_contain_text("Number 6")
    submit(page)

    assert answered()["order"] == ["6", "1", "2", "3", "4", "5"]


@contextmanager
def held(page: Page, grip: Locator, *, by: str) -> Iterator[Callable[[float], None]]:
    """Hold this with a mouse or a finger; gives what moves it to a height of the screen and keeps it there."""
    x, y = middle(grip)
    screen = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": across, "y": down} for across, down in points]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    if by == "finger":
        touch("touchStart", (x, y))
        yield lambda height: [touch("touchMove", (x, height + step)) for step in (2, 1, 0)] and None
        touch("touchEnd")
        return
    page.mouse.move(x, y)
    page.mouse.down()
    yield lambda height: page.mouse.move(x, height, steps=3)
    page.mouse.up()
