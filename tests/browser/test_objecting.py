"""“Not answerable” and “Flag” in the workspace: by keys, by touch, and without scripts."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Arrive
from tests.browser.test_keyboard import open_project
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def test_discarding_takes_one_key(arrive_at_demo: Arrive) -> None:
    page = at_work(arrive_at_demo("okapi")).page
    record = of(page).input_value()

    page.keyboard.press("d")

    expect(of(page)).not_to_have_value(record)


def test_flagging_takes_no_mouse_and_escape_leaves_it_where_one_was(arrive_at_demo: Arrive) -> None:
    page = at_work(arrive_at_demo("okapi")).page
    record, choice = (
        of(page).input_value(),
        page.get_by_role("dialog", name="What is wrong with this record?"),
    )
    page.get_by_role("button", name="Skip").focus()

    page.keyboard.press("f")
    expect(page.get_by_role("radio", name="Wrong language")).to_be_focused()
    page.keyboard.press("3")  # in here it chooses no answer
    page.keyboard.press("Escape")

    expect(choice).to_be_hidden()
    expect(page.get_by_role("button", name="Skip")).to_be_focused()
    expect(page.locator("#answer-form input:checked")).to_have_count(0)

    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("A sign and a digit: s 3")
    page.keyboard.press("Enter")

    expect(of(page)).not_to_have_value(record)
    expect(choice).to_be_hidden()


def test_both_are_within_reach_of_a_thumb(arrive_at_demo: Arrive) -> None:
    page = at_work(arrive_at_demo("okapi", **PHONE)).page
    record = of(page).input_value()

    page.get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Flag").tap()
    page.get_by_text("Broken", exact=True).tap()
    page.locator("#flag-form").get_by_role("button", name="Flag").tap()
    expect(of(page)).not_to_have_value(record)

    flagged_next = of(page).input_value()
    page.get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Not answerable").tap()
    expect(of(page)).not_to_have_value(flagged_next)


def test_both_work_without_scripts(arrive_at_demo: Arrive) -> None:
    scripted = arrive_at_demo("okapi")
    path, state = open_project(scripted.page, scripted.url), scripted.page.context.storage_state()
    visitor = arrive_at_demo(storage_state=state, java_script_enabled=False).go(path + "annotate/")
    page, record = visitor.page, of(visitor.page).input_value()

    visitor.press("Not answerable", exact=False)
    expect(of(page)).not_to_have_value(record)

    discarded_next = of(page).input_value()
    visitor.press("Flag", exact=False)
    page.get_by_text("Unclear", exact=True).click()
    page.locator("#flag-form").get_by_role("button", name="Flag").click()
    expect(of(page)).not_to_have_value(discarded_next)


def at_work(visitor: Visitor) -> Visitor:
    return visitor.go(open_project(visitor.page, visitor.url) + "annotate/")


def of(page: Page) -> Locator:
    """Which record is on the page."""
    return page.locator("#answer-form input[name=record]")
