"""Taking back a slip without a mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.test_keyboard import open_project

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_z_opens_the_last_answer_to_change_it_and_leads_back(arrive_at_demo: Arrive) -> None:
    visitor = arrive_at_demo("okapi")
    page = visitor.page
    project = open_project(page, visitor.url)
    visitor.go(project + "annotate/")
    if page.locator("input[name=licence]").count():
        page.locator("input[name=licence]").check()
    answered = page.locator("#answer-form input[name=record]").input_value()
    text = page.locator(".workspace__record").inner_text()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Saved.")
    held = page.locator("#answer-form input[name=record]").input_value()

    page.keyboard.press("z")
    expect(page.get_by_role("heading", name="Change your answer")).to_be_visible()
    page.wait_for_load_state()  # its script knows of keys from then on
    expect(page.locator(".workspace__record")).to_have_text(text, use_inner_text=True)
    expect(page.locator("input[type=radio][value='2']")).to_be_checked()
    for key in ("s", "d", "f", "z", "4", "Enter"):  # what has no meaning here does nothing
        page.keyboard.press(key)

    expect(page.locator("#answer-form input[name=record]")).to_have_value(held)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert answered != held
    newest = page.request.get(f"{visitor.url}/api/v1/me/responses/").json()["results"][0]
    assert (str(newest["record"]), newest["values"]["quality"]) == (answered, 4)
