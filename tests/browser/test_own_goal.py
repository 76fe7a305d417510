"""A goal for today, the keys of the page, and thanks: what the workspace does beside its records."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Arrive
from tests.browser.desks import A_LOOK, ready
from tests.browser.test_keyboard import open_project
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# As if the day had begun nine answers ago.
NINE_TODAY = """() => {
  const [key] = Object.keys(localStorage).filter((name) => name.startsWith("goal:"));
  const kept = JSON.parse(localStorage.getItem(key)), [project] = Object.keys(kept.from);
  kept.from[project] = Number(document.getElementById("done").dataset.ownAnswers) - 9;
  localStorage.setItem(key, JSON.stringify(kept));
}"""


def workspace(arrive: Arrive, handle: str) -> Visitor:
    """Somebody at the workspace of an open project, where they have consented and answered once."""
    visitor = arrive(handle)
    visitor.go(open_project(visitor.page, visitor.url) + "annotate/")
    ready(visitor.page)
    for name in ("shown_as", "licence"):
        if (asked := visitor.main.locator(f"input[name={name}]")).count():
            asked.first.check()
    answer(visitor)
    return visitor


def answer(visitor: Visitor) -> None:
    record = visitor.main.locator("#answer-form input[name=record]")
    before = record.input_value()
    visitor.page.keyboard.press("2")
    visitor.page.keyboard.press("Enter")
    expect(record).not_to_have_value(before)
    expect(visitor.page.locator("#done")).to_contain_text("Saved.")
    visitor.page.wait_for_timeout(A_LOOK)


def goal(page: Page) -> Locator:
    return page.get_by_label("Goal today")


def said(page: Page) -> Locator:
    return page.locator("#goal-said")


def test_a_goal_counts_the_answers_of_today_and_survives_a_reload(arrive_at_demo: Arrive) -> None:
    visitor = workspace(arrive_at_demo, "gecko")
    page = visitor.page
    done = int(said(page).inner_text().split()[0])

    goal(page).select_option("20")
    page.locator("#main").focus()
    answer(visitor)
    expect(said(page)).to_have_text(f"{done + 1} of 20 today")
    page.reload()

    expect(said(page)).to_have_text(f"{done + 1} of 20 today")
    expect(goal(page)).to_have_value("20")
    expect(page.get_by_role("progressbar", name=f"{done + 1} of 20 today")).to_be_visible()
    goal(page).select_option("0")
    expect(said(page)).to_have_text(f"{done + 1} today")


def test_two_people_at_one_browser_have_a_goal_and_a_count_each(arrive_at_demo: Arrive) -> None:
    first = workspace(arrive_at_demo, "gecko")
    page, path = first.page, first.path()
    goal(page).select_option("10")
    expect(said(page)).to_contain_text("of 10 today")

    page.context.clear_cookies()
    first.sign_in("civet")
    first.go(path)

    expect(said(page)).to_have_text("0 today")
    expect(goal(page)).to_have_value("0")


def test_reaching_the_goal_is_said_once_and_politely(arrive_at_demo: Arrive) -> None:
    visitor = workspace(arrive_at_demo, "gecko")
    page = visitor.page
    goal(page).select_option("10")
    page.evaluate(NINE_TODAY)
    page.reload()
    expect(said(page)).to_have_text("9 of 10 today")
    thanks = page.get_by_role("status").filter(has_text="Goal of 10 reached today.")
    expect(thanks).to_have_count(0)

    answer(visitor)
    expect(thanks).to_be_visible()
    answer(visitor)
    expect(thanks).to_have_count(0)


def test_answers_that_wait_for_a_network_count_towards_the_goal(arrive_at_demo: Arrive) -> None:
    visitor = workspace(arrive_at_demo, "gecko")
    page = visitor.page
    done = int(said(page).inner_text().split()[0])
    record = visitor.main.locator("#answer-form input[name=record]").input_value()
    visitor.cut_off()

    page.keyboard.press("2")
    expect(page.locator(f"#work[data-record='{record}']")).to_have_count(0)
    expect(said(page)).to_have_text(f"{done + 1} today")
    visitor.cut_off(offline=False)

    expect(page.locator("#done")).to_contain_text("Saved.")
    expect(said(page)).to_have_text(f"{done + 1} today")


def test_without_scripts_no_goal_and_no_keys_are_offered(arrive_at_demo: Arrive) -> None:
    visitor = arrive_at_demo("civet")
    path = open_project(visitor.page, visitor.url) + "annotate/"
    cookies = visitor.page.context.storage_state()
    plain = arrive_at_demo(java_script_enabled=False, storage_state=cookies)

    plain.go(path)

    expect(plain.main.get_by_role("button", name="Submit")).to_be_visible()
    expect(goal(plain.page)).to_be_hidden()
    expect(plain.main.get_by_role("button", name="Keys")).to_be_hidden()


def test_a_question_mark_shows_every_key_of_the_page_and_escape_leads_back(arrive_at_demo: Arrive) -> None:
    visitor = workspace(arrive_at_demo, "civet")
    page = visitor.page
    keys = page.get_by_role("dialog", name="Keys")
    chosen = page.locator("#answer-form input[type=radio]").first
    chosen.focus()
    record = page.locator("#answer-form input[name=record]").input_value()

    page.keyboard.press("?")
    expect(keys).to_be_visible()
    shown = dict(zip(keys.locator("dt").all_inner_texts(), keys.locator("dd").all_inner_texts(), strict=True))
    page.keyboard.press("s")
    page.keyboard.press("2")
    page.keyboard.press("Escape")

    expect(keys).to_be_hidden()
    expect(chosen).to_be_focused()
    expect(chosen).not_to_be_checked()
    expect(page.locator("#answer-form input[name=record]")).to_have_value(record)
    assert {"S": "Skip", "Enter": "Submit", "?": "Keys"}.items() <= shown.items()
    assert any(names.startswith("1 –") for names in shown)


def test_the_keys_are_shown_by_a_button_too_and_the_focus_comes_back_to_it(arrive_at_demo: Arrive) -> None:
    page = workspace(arrive_at_demo, "civet").page
    button = page.get_by_role("button", name="Keys")

    button.press("Enter")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(button).to_be_focused()


def test_a_question_mark_in_a_field_is_only_written(arrive_at_demo: Arrive) -> None:
    page = workspace(arrive_at_demo, "civet").page

    goal(page).focus()
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
