"""The organisers' list of Spaces, which brings itself anew under the hands of whoever is selecting in it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What the table does by itself every five seconds while something in it moves.
BRING_ANEW = """() => {
  document.getElementById("spaces-table").dataset.old = "yes";
  return htmx.ajax("GET", location.href, {target: "#spaces-table", swap: "outerHTML"});
}"""


def test_what_is_selected_and_where_the_focus_is_outlast_new_rows(arrive_at_demo: Arrive) -> None:
    organiser = arrive_at_demo("weaver")
    organiser.go("/organise/spaces/")
    box = organiser.main.locator("[data-select]").first

    box.check()
    box.focus()
    organiser.page.evaluate(BRING_ANEW)

    expect(organiser.main.locator("#spaces-table[data-old]")).to_have_count(0)
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(organiser.main.get_by_text("Selected: 1")).to_be_visible()


def test_all_on_the_page_are_selected_at_once_and_looked_at_before_anything_happens(
    arrive_at_demo: Arrive,
) -> None:
    organiser = arrive_at_demo("weaver")
    organiser.go("/organise/spaces/")
    boxes = organiser.main.locator("[data-select]")

    organiser.main.get_by_label("Select all on this page").check()
    expect(organiser.main.get_by_text(f"Selected: {boxes.count()}")).to_be_visible()
    organiser.press("Pause", within=organiser.main)

    expect(organiser.main.get_by_role("link", name="Back to the list")).to_be_visible()
