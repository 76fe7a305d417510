"""What is begun on one device and gone on with on another."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.test_keyboard import open_project
from tests.browser.test_looks import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def choose(page: Page, value: int) -> None:
    """Choose without sending, and wait until the site has it."""
    with page.expect_response(re.compile("/draft/$")) as kept:
        page.locator(f"#answer-form input[type=radio][value='{value}']").check(force=True)
    assert kept.value.status == 200


def record_of(page: Page) -> str:
    return page.locator("#answer-form input[name=record]").input_value()


def test_what_is_begun_on_one_device_is_sent_from_another(arrive_at_demo: Arrive) -> None:
    desk, phone = arrive_at_demo("okapi"), arrive_at_demo("okapi", viewport={"width": 360, "height": 740})
    project = open_project(desk.page, desk.url)
    desk.go(project + "annotate/")
    if desk.page.locator("input[name=licence]").count():
        desk.page.locator("input[name=licence]").check()
        desk.page.keyboard.press("2")
        desk.page.keyboard.press("Enter")
        expect(desk.page.locator("#done")).to_contain_text("Saved.")
    # The last thing that the script makes ready.
    expect(desk.page.get_by_role("button", name="with me")).to_be_visible()
    text = desk.page.locator(".workspace__record").inner_text()
    choose(desk.page, 2)

    for path in ("/me/answers/begun/", f"/me/answers/begun/{record_of(desk.page)}/"):
        phone.go(path)
        assert list(faults(phone.page)) == []
    phone.go("/me/answers/")
    expect(phone.main.get_by_role("heading", name="Begun, not sent")).to_be_visible()
    phone.main.get_by_role("link", name="Go on").first.click()
    expect(phone.page.locator(".workspace__record")).to_have_text(text, use_inner_text=True)
    expect(phone.page.locator("#answer-form input[type=radio][value='2']")).to_be_checked()
    phone.page.wait_for_load_state()
    choose(phone.page, 4)
    phone.page.reload()
    expect(phone.page.locator("#answer-form input[type=radio][value='4']")).to_be_checked()
    record = record_of(phone.page)
    phone.press("Submit", exact=False)
    expect(phone.page.get_by_text("Your answer is saved.")).to_be_visible()

    newest = phone.page.request.get(f"{phone.url}/api/v1/me/responses/").json()["results"][0]
    assert (str(newest["record"]), newest["values"]["quality"]) == (record, 4)
    assert phone.page.request.get(f"{phone.url}/api/v1/me/drafts/").json()["results"] == []


def test_what_is_thrown_away_is_not_filled_in_again(arrive_at_demo: Arrive) -> None:
    visitor = arrive_at_demo("heron")
    page = visitor.page
    project = open_project(page, visitor.url)
    visitor.go(project + "annotate/")
    expect(page.get_by_role("button", name="with me")).to_be_visible()
    record = record_of(page)
    choose(page, 2)

    visitor.go("/me/answers/")
    page.locator(f"form[data-forget='{record}']").get_by_role("button").click()
    page.locator("#confirm [data-confirm-yes]").click()
    expect(page.get_by_text("What you had begun is deleted.")).to_be_visible()
    visitor.go(project + "annotate/")

    expect(page.get_by_role("button", name="with me")).to_be_visible()
    assert record_of(page) == record
    expect(page.locator("#answer-form input:checked")).to_have_count(0)
