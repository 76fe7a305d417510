"""The workspace without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import contributing
from tests.browser.conftest import Arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What can be reached, radio buttons of one name once; each is named so that two of a kind are told apart.
NAMED = """
const named = e => e.type === "radio" ? e.name : e.id || e.getAttribute("href") || e.name || e.innerText.trim();
"""
CONTROLS = "main :is(a[href], button, input, select, summary, textarea, [tabindex='0'])"
REACHABLE = f"""() => {{ {NAMED}
  const there = e => e.checkVisibility() && !e.disabled && e.type !== "hidden";
  return [...new Set([...document.querySelectorAll("{CONTROLS}")].filter(there).map(named))];
}}"""
# Where the focus is, and whether that can be seen: on the element, or on the label around it.
FOCUS = f"""() => {{ {NAMED}
  const e = document.activeElement, outlined = x => x && getComputedStyle(x).outlineStyle !== "none";
  return [e.closest("main") ? named(e) : "", Boolean(outlined(e) || outlined(e.closest("label")))];
}}"""
FAR = 40  # more stops than the page has


def test_tab_reaches_everything_in_the_workspace_and_shows_where_it_is(arrive_at_demo: Arrive) -> None:
    page = workspace(arrive_at_demo, "dugong")
    expect(page.get_by_role("button", name="Take 50 with me")).to_be_visible()  # the last to come
    wanted = set(page.evaluate(REACHABLE))

    page.locator("#main").focus()
    reached = {name: visible for name, visible in (tab(page) for _stop in range(FAR)) if name}

    assert {"answer.quality", "shown_as", "licence"} <= wanted
    assert set(reached) == wanted
    assert [name for name, visible in reached.items() if not visible] == []


def test_a_first_answer_takes_no_mouse(arrive_at_demo: Arrive) -> None:
    page = workspace(arrive_at_demo, "dugong")
    record = page.locator("#answer-form input[name=record]").input_value()

    tab_to(page, "shown_as")
    page.keyboard.press("Space")
    tab_to(page, "licence")
    page.keyboard.press("Space")
    page.keyboard.press("2")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    expect(page.locator("#answer-form input[name=record]")).not_to_have_value(record)


def test_skipping_takes_no_mouse(arrive_at_demo: Arrive) -> None:
    visitor = arrive_at_demo("okapi")
    visitor.go(open_project(visitor.page, visitor.url) + "annotate/")

    contributing.skip_by_key(visitor)


def workspace(arrive: Arrive, handle: str) -> Page:
    """The workspace of an open project, for somebody who has never answered before."""
    visitor = arrive(handle)
    visitor.go(open_project(visitor.page, visitor.url) + "annotate/")
    return visitor.page


def open_project(page: Page, url: str) -> str:
    """The path of a project that is open to everybody."""
    listed = page.request.get(f"{url}/api/v1/projects/?state=open&access=open").json()["results"]
    return f"/projects/{listed[0]['slug']}/"


def tab(page: Page) -> tuple[str, bool]:
    page.keyboard.press("Tab")
    name, visible = page.evaluate(FOCUS)
    return name, visible


def tab_to(page: Page, name: str) -> None:
    for _stop in range(FAR):
        if tab(page)[0] == name:
            return
    pytest.fail(f"Tab does not reach {name}")
