"""Answering on a phone before signing in, and keeping the answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.test_looks import CONTRAST, PHONE, STICKING_OUT, WCAG, grave
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = "/projects/feelings-in-hausa-tweets/"
ON_A_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


def fits_and_is_accessible(visitor: Visitor) -> None:
    page = visitor.page
    wrong = [*grave(page, WCAG, "light"), *page.evaluate(STICKING_OUT)]
    page.emulate_media(color_scheme="dark")
    page.reload()  # or some colours are still on their way from the other scheme
    wrong += grave(page, CONTRAST, "dark")
    page.emulate_media(color_scheme="light")
    assert not wrong, "\n".join(wrong)


def try_three(visitor: Visitor) -> None:
    """By touch, from the page of the project on; one record is skipped on the way."""
    page, record = visitor.page, visitor.main.locator(".workspace__record")
    for number in range(1, 4):
        visitor.sees(f"Record {number} of 3 to try")
        text = record.inner_text()
        if number == 2:
            page.get_by_role("button", name="Skip").tap()
            expect(record).not_to_have_text(text, use_inner_text=True)
        page.locator(".answer").first.tap()
        page.get_by_role("button", name="Submit").tap()
    visitor.sees("Sign in to keep your 3 answers and go on")


def sign_in_from_here(visitor: Visitor, handle: str) -> None:
    visitor.press("Sign in with Hugging Face", within=visitor.main)
    visitor.page.locator(f"button[name=person][value={handle}]").click()
    expect(visitor.page).to_have_url(visitor.url + PROJECT + "annotate/")


def test_three_answers_on_a_phone_are_kept_by_signing_in_and_nobody_after_gets_them(
    arrive_at_demo: Arrive,
) -> None:
    visitor = arrive_at_demo(**ON_A_PHONE)
    page = visitor.go(PROJECT).page
    visitor.press("Start annotating")
    fits_and_is_accessible(visitor)
    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]

    try_three(visitor)
    fits_and_is_accessible(visitor)
    sign_in_from_here(visitor, "tern")
    visitor.sees("Your 3 trial answers wait for this")
    fits_and_is_accessible(visitor)
    visitor.main.locator("input[name=licence]").check()
    visitor.press("Keep my 3 answers and go on")

    visitor.sees("The 3 answers you gave before signing in are yours now.")
    visitor.sees("3 answers by you")
    own = page.request.get(f"{visitor.url}/api/v1/me/responses/").json()["results"]
    here = [row for row in own if row["project"] in PROJECT]
    assert [(row["trial"], row["surplus"]) for row in here] == [(True, False)] * 3
    assert "trial" not in [cookie["name"] for cookie in page.context.cookies()]

    visitor.go("/me/answers/")
    expect(page.get_by_text("given before signing in")).to_have_count(3)
    fits_and_is_accessible(visitor)
    page.evaluate("document.querySelector('form[action$=\"/sign-out/\"]').requestSubmit()")
    visitor.sees("You are signed out here.")
    visitor.go(PROJECT + "annotate/").sees("Record 1 of 3 to try")


def test_digits_enter_and_s_work_before_signing_in_too(arrive_at_demo: Arrive) -> None:
    visitor = arrive_at_demo()
    page = visitor.go(PROJECT + "annotate/").page
    record = visitor.main.locator(".workspace__record")
    first = record.inner_text()

    page.keyboard.press("s")
    expect(record).not_to_have_text(first, use_inner_text=True)
    page.wait_for_load_state()  # its scripts have begun
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    visitor.sees(re.compile("Saved"))
    visitor.sees("Record 2 of 3 to try")

    visitor.confirm("Delete my answers")
    visitor.sees("nothing of you is kept")
    visitor.go(PROJECT + "annotate/").sees("Record 1 of 3 to try")
