"""Small and low screens: what is read and what is pressed both have their room."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from annotations.models import Contributor
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.questions import LabelQuestion, MultiLabelQuestion, Option, RatingQuestion, SpanQuestion
from tests.annotations.worlds import a_project, taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import on_screen, sit_down
from tests.browser.tasks import project_asking, workspace
from tests.schema.schemas import EVERYTHING

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TARGET = 43.9  # pixels: 44, rounded by a browser
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
OPTIONS = (Option(value="long", text=WORD), Option(value="short", text="Short"))
CHOICES = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        LabelQuestion(name="one", title="Which?", options=OPTIONS),
        MultiLabelQuestion(name="some", title="Which ones?", options=OPTIONS),
        RatingQuestion(name="ten", title="Ten", min=1, max=10, min_label="bad", max_label="good"),
        RatingQuestion(name="seven", title="Seven", min=0, max=6, max_label="good"),
        RatingQuestion(name="five", title="Five", min=1, max=5, min_label="bad"),
    ),
)

FREE = """async () => {
  for (let picture = 0; picture < 2; picture += 1) await new Promise(requestAnimationFrame);
  const [header, labels, bar] = [".site-header", "[data-spans-palette]", ".workspace__bar"]
    .map(name => document.querySelector(name).getBoundingClientRect());
  return Math.min(labels.top, bar.top) - Math.max(header.bottom, 0);
}"""


def labels(number: int) -> Project:
    """A project that marks a long text with that many labels."""
    options = tuple(Option(value=str(place), text=f"Label number {place}") for place in range(number))
    question = SpanQuestion(name="names", title="Names", field="prompt", options=options)
    project = project_asking(TaskSchema(fields=EVERYTHING.fields[:1], questions=(question,)))
    project.records.update(fields={"prompt": "Ada went to Lagos and met Bola there. " * 120})
    return project


@pytest.mark.parametrize("number", [12, 50])
def test_half_of_a_low_screen_is_for_the_text(arrive_here: Arrive, number: int) -> None:
    page = workspace(arrive_here, labels(number), reduced_motion="reduce")
    expect(page.locator("[data-long]")).to_be_visible()

    free = {}
    for width, height in [
        (640, 360),
        (740, 360),
        (640, 450),
        (320, 256),
        (360, 740),
        (1280, 500),
        (1280, 720),
    ]:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 500)")
        free[width, height] = page.evaluate(FREE) / height

    assert {size: share for size, share in free.items() if share < 0.47} == {}


def test_on_a_low_screen_every_label_can_still_be_reached_and_refusals_be_read(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, labels(50), viewport={"width": 640, "height": 360}, reduced_motion="reduce")
    page.locator("[data-spans-text]").focus()

    page.keyboard.press("Shift+Control+ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-spans-said]")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Label number 49").click()

    expect(page.locator("[data-spans-list] .spans__chip")).to_have_text(["Label number 49"])
    assert targets(page, page.locator("[data-spans-palette] button:visible")) == []


def targets(page: Page, where: Locator) -> list[dict[str, float]]:
    """Those that are too small for a thumb; nothing sticks out of the page."""
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    boxes = [box for one in where.all() if (box := one.bounding_box())]
    assert boxes
    return [box for box in boxes if min(box["width"], box["height"]) < TARGET]


@pytest.mark.parametrize("width", [360, 320])
def test_choices_fit_and_are_targets_for_thumbs(arrive_here: Arrive, width: int) -> None:
    size = {"width": width, "height": 740}
    page = workspace(arrive_here, project_asking(CHOICES), viewport=size, has_touch=True, is_mobile=True)

    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        assert targets(page, page.locator(".answer, .workspace__top > h1 > a")) == []
        assert rows(page, "ten") == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]
        assert rows(page, "seven") == [["0", "1", "2", "3"], ["4", "5", "6"]]
        assert rows(page, "five") == [["1", "2", "3", "4", "5"]]
        ends_are_at_the_ends(page, direction)


def test_a_scale_is_one_row_where_there_is_room(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(CHOICES), viewport={"width": 1280, "height": 900})

    assert rows(page, "ten") == [[str(value) for value in range(1, 11)]]
    assert targets(page, page.locator(".answer, .workspace__top > h1 > a")) == []


def question(page: Page, name: str) -> Locator:
    return page.locator(f"[data-question={name}]")


def rows(page: Page, name: str) -> list[list[str]]:
    """The values of a scale as they are read: row by row, along the line of reading."""
    found: list[list[str]] = question(page, name).evaluate(
        """(element) => {
          const rightwards = getComputedStyle(element).direction === "ltr" ? 1 : -1;
          const boxes = [...element.querySelectorAll(".answer")].map(one => [one, one.getBoundingClientRect()]);
          const tops = [...new Set(boxes.map(([, box]) => box.top))].sort((one, other) => one - other);
          return tops.map(top => boxes
            .filter(([, box]) => box.top === top)
            .sort(([, one], [, other]) => rightwards * (one.left - other.left))
            .map(([one]) => one.querySelector(".rating__value").textContent));
        }"""
    )
    return found


def ends_are_at_the_ends(page: Page, direction: str) -> None:
    """In two rows the scale begins above the first value and ends below the last row."""
    low, high, first, last = (
        box
        for place in ("text=bad", "text=good", ".answer >> nth=0", ".answer >> nth=9")
        if (box := question(page, "ten").locator(place).bounding_box())
    )
    assert low["y"] + low["height"] <= first["y"]
    assert high["y"] >= last["y"] + last["height"]
    begins, ends = (0, 1) if direction == "ltr" else (1, 0)
    edge = [lambda box: box["x"], lambda box: box["x"] + box["width"]]
    assert edge[begins](low) == pytest.approx(edge[begins](first), abs=1)
    assert edge[ends](high) == pytest.approx(edge[ends](last), abs=1)


# A thumb that is on its way meets what was there when it set out.
PLACES = """() => [...document.querySelectorAll("#work, #work label, .workspace__bar button")]
  .map(e => Math.round(e.getBoundingClientRect().top + scrollY))"""


@pytest.mark.parametrize("key", ["4", "s", "d"])
@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_said_of_the_record_before_moves_nothing_of_the_next(
    arrive_here: Arrive, width: int, key: str
) -> None:
    project = a_project(records=6)
    project.records.update(fields={"prompt": "A long prompt, and what it asks. " * 40})
    user = taking_part(project)
    Contributor.objects.filter(user=user).update(submitted_count=9)
    visitor = arrive_here(viewport={"width": width, "height": 740}, reduced_motion="reduce")
    page = sit_down(visitor, project, user, intercepted=True)
    held_back: list[Route] = []
    sent = re.compile("/(annotate|skip|discard)/$")
    page.route(sent, lambda route: held_back.append(route), times=1)  # noqa: PLW0108 - it reads our function
    first = on_screen(page).input_value()

    page.keyboard.press(key)
    if key == "4":
        page.keyboard.press("Enter")
    expect(on_screen(page)).not_to_have_value(first)
    expect(page.locator("#done")).to_contain_text("Kept here.")
    before = page.evaluate(PLACES)
    while not held_back:  # the page says so before the request is seen here
        page.wait_for_timeout(50)
    held_back[0].continue_()

    expect(page.locator("#done")).to_contain_text({"4": "Saved.", "s": "Skipped.", "d": "Noted"}[key])
    assert page.evaluate(PLACES) == before
    thanks = page.get_by_text("10 answers by you here. Thank you!")
    expect(thanks).to_have_count(1 if key == "4" else 0)
    if key == "4":
        expect(thanks).to_be_in_viewport(ratio=1)
