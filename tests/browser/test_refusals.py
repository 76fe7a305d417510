"""What is said of an answer that cannot be sent as it is: where one looks. And the focus is where one goes on."""

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import Response, TrialAnswer
from projects.domain.tasks import save_guidelines
from projects.schema.definition import TaskSchema
from projects.schema.questions import TextQuestion
from tests.annotations.worlds import answer, taking_part
from tests.browser import tasks
from tests.browser.conftest import Arrive
from tests.browser.test_spans import (
    ENGLISH,
    FINGER,
    SUGGESTED,
    answered,
    by_keys,
    drag_over,
    expect_marks,
    expect_said,
    label,
    listed,
    marking,
    pending,
    said,
    submit,
    tap_on,
    text_of,
    workspace,
)
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, RATING_ONLY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LONG = " ".join([ENGLISH] * 30)
UNMARKED = "“{}” is selected, but not marked. Mark it, or select nothing."
SEVERAL = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        *EVERYTHING.questions[:1],
        TextQuestion(name="why", title="Why?"),
        *RANKING_ONLY.questions,
    ),
)


def said_open(page: Page) -> Locator:
    return page.locator("[data-said-open]")


def uncovered(place: Locator) -> bool:
    """Whether all of it is on the screen and no bar lies upon it."""
    on_top: bool = place.evaluate(
        """(element) => {
          const { left, top, bottom } = element.getBoundingClientRect();
          return [top + 2, bottom - 2].every(y => element.contains(document.elementFromPoint(left + 5, y)));
        }"""
    )
    return on_top


# --- What is selected and not marked ----------------------------------------------------------------


def test_by_keys_what_is_selected_is_neither_sent_nor_lost_until_it_is_marked_or_let_go(
    arrive_here: Arrive,
) -> None:
    page = workspace(arrive_here, marking(ENGLISH))
    text_of(page).focus()
    by_keys(page, "Shift+Control+ArrowRight", "1", "Control+ArrowRight", "Shift+Control+ArrowRight")
    expect(pending(page)).to_have_text("to")

    by_keys(page, "Enter")
    expect_said(said(page), UNMARKED.format("to"))
    expect(text_of(page)).to_be_focused()
    by_keys(page, "Enter")  # the same is no other answer to it
    expect_marks(page, [("Person", "Ada")])
    assert not Response.objects.exists()
    by_keys(page, "Escape")
    expect(said(page)).to_be_empty()
    by_keys(page, "Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered(ENGLISH) == [("Ada", "per")]


def test_by_touch_what_is_tapped_is_said_beside_the_labels_and_marked_there(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(LONG), **FINGER)
    tap_on(page, LONG, "Lagos")

    page.get_by_role("button", name="Submit").tap()
    expect_said(said(page), UNMARKED.format("Lagos"))
    assert uncovered(said(page))
    assert not Response.objects.exists()
    label(page, "Place").tap()
    submit(page)

    assert answered(LONG) == [("Lagos", "loc")]


def test_who_tries_before_signing_in_loses_no_words_either(arrive_here: Arrive) -> None:
    project = marking(ENGLISH)
    page = arrive_here().go(f"/projects/{project.slug}/annotate/").page
    drag_over(page, ENGLISH, "Ada")
    text_of(page).focus()
    by_keys(page, "End", "Shift+Control+ArrowLeft", "Enter")

    expect_said(said(page), UNMARKED.format("there."))
    assert not TrialAnswer.objects.exists()
    by_keys(page, "Escape", "Enter")

    expect(page.get_by_text("Record 2 of 3 to try")).to_be_visible()
    assert TrialAnswer.objects.get().values == {"names": [{"start": 0, "end": 3, "label": "per"}]}


# --- Where it is said --------------------------------------------------------------------------------


def test_that_a_mark_does_not_fit_is_said_beside_the_labels_and_once(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(LONG), **FINGER)
    tap_on(page, LONG, "went")
    tap_on(page, LONG, "and")
    label(page, "Person").tap()
    expect_said(said(page), "“went to Lagos and” is marked: Person.")

    tap_on(page, LONG, "Ada")
    tap_on(page, LONG, "met")
    label(page, "Place").tap()

    sentence = "“Ada went to Lagos and met” runs into another mark. Remove that one first, or select less."
    expect_said(said(page), sentence)
    assert uncovered(said(page))
    expect(page.locator("[data-spans] [role=status]").filter(has_text="runs into")).to_have_count(1)
    expect(pending(page)).to_be_hidden()  # or it would be there twice
    expect(listed(page)).to_have_count(1)


def test_what_a_long_text_lacks_is_in_sight_with_the_focus_on_the_text(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(LONG), viewport={"width": 1280, "height": 900})
    page.evaluate("scrollTo({ top: 1e6, behavior: 'instant' })")

    page.get_by_role("button", name="Submit").click()

    expect(said_open(page)).to_have_text("“Names” needs an answer.")
    expect(text_of(page)).to_be_focused()
    expect(said_open(page)).to_be_in_viewport(ratio=1)
    page.wait_for_function("scrollY < 300")  # smoothly
    assert uncovered(said_open(page))


def test_what_lacks_is_led_to_question_by_question_and_goes_once_it_is_answered(arrive_here: Arrive) -> None:
    page = tasks.workspace(arrive_here, tasks.project_asking(SEVERAL), reduced_motion="reduce")
    enter = page.get_by_role("button", name="Submit")

    enter.click()
    expect(said_open(page)).to_have_text("“Quality” needs an answer.")
    expect(page.locator("[name='answer.quality']").first).to_be_focused()
    by_keys(page, "4")
    expect(said_open(page)).to_be_hidden()
    by_keys(page, "Enter")
    expect(said_open(page)).to_have_text("“Why?” needs an answer.")
    expect(page.get_by_label("Why?")).to_be_focused()
    before = page.get_by_label("Why?").bounding_box()
    page.keyboard.type("Because.")
    expect(said_open(page)).to_be_hidden()
    assert page.get_by_label("Why?").bounding_box() == before  # nothing moves away from a finger
    enter.click()
    expect(said_open(page)).to_have_text("“Order” needs an answer.")
    expect(page.get_by_role("group", name="Order")).to_be_focused()
    by_keys(page, "2", "1")  # the third place is that of the third
    expect(said_open(page)).to_be_hidden()
    by_keys(page, "Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert tasks.answered() == {"quality": 4, "why": "Because.", "order": ["b", "a", "c"]}


def test_a_half_ranking_is_submitted_by_enter_and_keeps_its_places(arrive_here: Arrive) -> None:
    page = tasks.workspace(arrive_here, tasks.project_asking(RANKING_ONLY))
    by_keys(page, "2", "Enter")
    expect(said_open(page)).to_have_text("1 of 3 options have a place; rank all of them.")

    by_keys(page, "Enter")
    expect(page.locator("[data-ranking-ranked] [data-ranking-text]")).to_have_text(["Bee"])
    by_keys(page, "1", "Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert tasks.answered() == {"order": ["b", "a", "c"]}


# --- Where the keys go on once a button is gone ------------------------------------------------------


def test_a_button_that_goes_by_being_pressed_leaves_the_focus_on_the_text(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=SUGGESTED))

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).focus()
        by_keys(page, "Enter")
        expect(text_of(page)).to_be_focused()

    press("Start empty")
    press("Take the suggestions")
    by_keys(page, "End", "Shift+Control+ArrowLeft")
    press("Select nothing")
    by_keys(page, "End", "Shift+Control+ArrowLeft")
    press("Mark")

    expect_marks(page, [("Person", "Ada"), ("Place", "Lagos"), ("Person", "there.")])
    page.locator("mark").last.click()
    press("Remove the mark")
    expect_marks(page, [("Person", "Ada"), ("Place", "Lagos")])


def test_a_note_that_is_put_away_leaves_the_focus_on_the_record(arrive_here: Arrive) -> None:
    project = tasks.project_asking(RATING_ONLY)
    user = taking_part(project)
    answer(project, user)
    save_guidelines(project, by=project.leads.get(), text="All is new.")
    page = tasks.page_of(arrive_here, user, f"/projects/{project.slug}/annotate/")

    page.get_by_role("button", name="Dismiss").focus()
    by_keys(page, "Enter")

    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)
    expect(page.get_by_role("article", name="Record")).to_be_focused()
    by_keys(page, "Tab")
    expect(page.locator("[name='answer.quality']").first).to_be_focused()
