"""A Space changed by hand: each change looked at first, and the page keeps still while it is done."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.test_looks import DESKTOP, faults
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SPACE = "/manage/prompts-worth-answering/space/"
HARDWARE = f"{SPACE}hardware/?hardware=cpu-upgrade&sleep_seconds=3600"


def at_its_ready_space(arrive_at_demo: Arrive) -> Visitor:
    lead = arrive_at_demo("ibis", viewport=DESKTOP, reduced_motion="reduce")
    lead.go(SPACE)
    expect(lead.main.get_by_text("The Space runs")).to_be_visible(timeout=90_000)
    return lead


def test_every_preview_of_a_change_is_accessible_and_fits(arrive_at_demo: Arrive) -> None:
    lead = at_its_ready_space(arrive_at_demo)
    wrong = []

    for path in (*(f"{SPACE}{change}/" for change in ("pause", "secrets", "take-down", "events")), HARDWARE):
        lead.go(path)
        wrong += [f"{path}: {what}" for what in faults(lead.page)]

    assert not wrong, "\n".join(wrong)


def test_pausing_and_resuming_leave_the_focus_where_it_is(arrive_at_demo: Arrive) -> None:
    lead = at_its_ready_space(arrive_at_demo)

    lead.press("Pause", within=lead.main)
    lead.press("Pause it")
    lead.main.locator("#space-hardware").focus()
    lead.sees("The Space is paused")
    expect(lead.main.locator("#space-hardware")).to_be_focused()

    lead.press("Resume", within=lead.main)
    lead.press("Resume it")
    lead.main.locator("#space-hardware").focus()
    expect(lead.main.get_by_text("The Space runs")).to_be_visible(timeout=90_000)
    expect(lead.main.locator("#space-hardware")).to_be_focused()
    expect(lead.main.locator("#space[hx-get]")).to_have_count(0)
