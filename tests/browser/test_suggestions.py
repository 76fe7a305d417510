"""Answers that begin with what somebody suggested: marked as theirs, changed, taken out and back, never forced."""

import pytest
from playwright.sync_api import Page, expect

from projects.schema.definition import TaskSchema
from projects.schema.questions import TextQuestion
from tests.browser.conftest import Arrive
from tests.browser.tasks import PHONE, answered, project_asking, submit, workspace
from tests.browser.test_looks import WCAG, grave
from tests.schema.schemas import EVERYTHING, RATING_ONLY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TITLE = TaskSchema(fields=EVERYTHING.fields[:1], questions=(TextQuestion(name="title", title="A title"),))
WRITTEN: dict[str, dict[str, object]] = {"title": {"value": "Two\nlines", "agent": "writer-7b"}}
CHOICES = TaskSchema(fields=EVERYTHING.fields[:1], questions=EVERYTHING.questions[:4])
CHOSEN: dict[str, dict[str, object]] = {
    "quality": {"value": 4, "agent": "judge-2"},
    "topic": {"value": "math", "agent": "judge-2"},
    "flags": {"value": ["pii", "spam"], "agent": ""},
    "comment": {"value": "Well said.", "agent": "judge-2"},
}


def test_a_suggested_text_is_there_to_go_on_from_and_marked_until_it_is_changed(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(TITLE, WRITTEN))
    area, mark = page.get_by_label("A title"), page.get_by_text("Suggested by writer-7b.")
    expect(area).to_have_value("Two\nlines")
    expect(area).to_have_accessible_description(
        "Suggested by writer-7b. Change it where you see it differently."
    )

    area.press("Control+End")
    area.press_sequentially("!")

    expect(mark).to_be_hidden()
    expect(area).to_have_accessible_description("")
    area.press("Backspace")
    expect(mark).to_be_visible()
    submit(page)
    assert answered() == {"title": "Two\nlines"}


def test_one_can_start_empty_and_take_the_suggestion_back_without_losing_what_one_wrote(
    arrive_here: Arrive,
) -> None:
    page = workspace(arrive_here, project_asking(TITLE, WRITTEN))
    area = page.get_by_label("A title")

    page.get_by_role("button", name="Start empty").click()
    expect(area).to_have_value("")
    expect(area).to_be_focused()
    page.keyboard.type("My own")
    page.get_by_role("button", name="Take the suggestion back").click()
    expect(area).to_have_value("Two\nlines")
    page.get_by_role("button", name="Back to what I wrote").click()

    expect(area).to_have_value("My own")
    submit(page)
    assert answered() == {"title": "My own"}


def test_an_emptied_text_that_is_refused_is_not_filled_again(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(TITLE, WRITTEN))

    page.get_by_role("button", name="Start empty").click()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("“A title” needs an answer.")).to_be_visible()
    expect(page.get_by_label("A title")).to_have_value("")
    expect(page.locator("[data-suggestion-in]")).to_be_visible()


def test_an_optional_text_is_there_too_and_not_sent_once_it_is_taken_out(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(CHOICES, CHOSEN))
    area = page.get_by_label("Comment")
    expect(area).to_have_value("Well said.")
    expect(area).to_have_accessible_description(
        "Suggested by judge-2. Change it where you see it differently."
    )

    page.get_by_role("button", name="Start empty").click()
    expect(area).to_have_value("")
    expect(area).to_have_accessible_description("")
    submit(page)

    assert answered() == {"quality": 4, "topic": "math", "flags": ["pii", "spam"]}


def test_choices_stand_as_suggested_and_a_click_or_a_digit_makes_them_ones_own(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(RATING_ONLY, CHOSEN))
    rating = page.locator("[data-question=quality]")
    expect(rating).to_have_attribute("data-begun", "")
    expect(rating).to_have_accessible_description(
        "Suggested by judge-2. Change it where you see it differently."
    )
    expect(rating.locator("label", has=page.locator("input:checked"))).to_contain_text("4")

    rating.locator("label", has=page.locator("input:checked")).click()
    expect(rating).not_to_have_attribute("data-begun", "")
    page.keyboard.press("2")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == {"quality": 2}
    expect(rating.locator("input:checked")).to_have_value("4")  # of the next record


def test_an_optional_choice_can_be_left_open_though_it_is_suggested(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(CHOICES, CHOSEN))

    page.get_by_label("No answer").check()
    page.get_by_role("checkbox", name="Personal data").uncheck()
    submit(page)

    assert answered() == {"quality": 4, "flags": ["spam"], "comment": "Well said."}


def test_without_a_script_suggestions_are_there_to_change_and_to_read(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(CHOICES, CHOSEN), java_script_enabled=False)
    expect(page.get_by_text("Suggested by judge-2.").first).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("Well said.")

    page.get_by_label("Rude").check()
    page.get_by_label("Comment").fill("")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == {"quality": 4, "topic": "math", "flags": ["pii", "rude", "spam"]}


def test_reset_and_going_back_show_the_suggestion_again_with_its_mark(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, project_asking(TITLE, WRITTEN))
    page.get_by_role("button", name="Start empty").click()

    page.evaluate("document.querySelector('form[data-workspace]').reset()")

    expect(page.get_by_label("A title")).to_have_value("Two\nlines")
    expect(page.get_by_text("Suggested by writer-7b.")).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_suggestions_fit_a_phone_and_bar_nobody(arrive_here: Arrive, colours: str, direction: str) -> None:
    project = project_asking(CHOICES, CHOSEN)
    page = workspace(arrive_here, project, viewport=PHONE, color_scheme=colours, reduced_motion="reduce")
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)

    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert small_targets(page) == []
    assert list(grave(page, WCAG, colours)) == []


def small_targets(page: Page) -> list[str]:
    targets = page.locator(".workspace__questions :is(button, label.answer, summary):visible").all()
    boxes = [(target.inner_text(), target.bounding_box()) for target in targets]
    return [name for name, box in boxes if box and min(box["width"], box["height"]) < 44]
