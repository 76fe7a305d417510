"""Where the focus is after an answer, and what `?` says of the keys."""

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.questions import TextQuestion
from tests.annotations.worlds import taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import sit_down
from tests.browser.tasks import project_asking
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, SPANS_ONLY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SEVERAL = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        *EVERYTHING.questions[:3],
        *RANKING_ONLY.questions,
        TextQuestion(name="why", title="Why?", required=False),
    ),
)


def keys(page: Page) -> list[tuple[str, str]]:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    terms, words = dialog.locator("dt").all_inner_texts(), dialog.locator("dd").all_inner_texts()
    return list(zip((term.strip() for term in terms), words, strict=True))


def test_reading_goes_on_at_the_text_to_mark_and_at_the_end_it_is_said(arrive_here: Arrive) -> None:
    project = project_asking(SPANS_ONLY)
    page = sit_down(arrive_here(), project, taking_part(project))

    for _record in range(2):
        page.get_by_label("There is nothing to mark").check()
        page.locator("#main").focus()
        before = page.locator("#work").get_attribute("data-record")
        page.get_by_role("button", name="Submit").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#work[data-record='{before}']")).to_have_count(0)
        if _record == 0:
            expect(page.locator("[data-spans-text]")).to_be_focused()

    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_focused()


def several() -> Project:
    return project_asking(SEVERAL)


def test_digits_are_said_once_for_all_questions_and_the_help_begins_at_its_beginning(
    arrive_here: Arrive,
) -> None:
    project = several()
    visitor = arrive_here(viewport={"width": 800, "height": 360})
    page = sit_down(visitor, project, taking_part(project))

    said = keys(page)

    digits = [words for term, words in said if term.startswith("1")]
    assert digits == ["Answer the question that has the focus, else the first one that is open"]
    assert said[0][0] == "1 – 5"
    assert ("S", "Skip") in said
    assert any(words.startswith("Order (each key gives its option the next place") for _, words in said)
    expect(page.locator("#keys-title")).to_be_focused()
    expect(page.locator("#keys-title")).to_be_in_viewport()
    expect(page.get_by_text("Ctrl Enter")).to_be_attached()


def test_one_question_has_its_own_line_and_no_text_no_word_of_typing(arrive_here: Arrive) -> None:
    project = project_asking(RANKING_ONLY)
    page = sit_down(arrive_here(), project, taking_part(project))

    said = keys(page)

    assert said[0] == ("1 – 3", "Order (each key gives its option the next place, or takes it out again)")
    expect(page.get_by_text("Ctrl Enter")).to_be_hidden()
