"""Finding a project and annotating its records: the contributors' part, by hand in the browser."""

import re
from collections.abc import Iterable

from playwright.sync_api import expect

from tests.browser.desks import A_LOOK
from tests.browser.visitor import Visitor


def find_the_project(contributor: Visitor, *, title: str, **filters: str) -> None:
    """Find it among the open ones by language, domain and task, and start."""
    contributor.go("/projects/")
    for name, value in filters.items():
        contributor.fill(**{name: value})
        expect(contributor.page).to_have_url(re.compile(rf"\b{name}={value}\b"))
    contributor.press(title)
    contributor.press("Start annotating")


def consent(contributor: Visitor, *, shown_as: str) -> None:
    """What is asked with the first answer: how to be shown, and the licence."""
    contributor.choose("shown_as", shown_as)
    contributor.main.locator("input[name=licence]").check()


def answered(contributor: Visitor, number: int) -> None:
    """Wait until the page says that so many answers are saved."""
    unit = "answer" if number == 1 else "answers"
    contributor.sees(re.compile(rf"\b{number} {unit} by you"))


def annotate_by_key(contributor: Visitor, keys: Iterable[str], *, before: int = 0) -> None:
    """A digit chooses, Enter submits; the next record is there at once."""
    for number, key in enumerate(keys, start=before + 1):
        contributor.page.keyboard.press(key)
        contributor.page.keyboard.press("Enter")
        answered(contributor, number)
        contributor.page.wait_for_timeout(A_LOOK)


def annotate_by_mouse(contributor: Visitor, values: Iterable[str], *, question: str, before: int = 0) -> None:
    for number, value in enumerate(values, start=before + 1):
        contributor.choose(f"answer.{question}", value)
        contributor.press("Submit", exact=False)
        answered(contributor, number)


def skip_by_key(contributor: Visitor) -> None:
    """Pass the record over: another one is there."""
    record = contributor.main.locator("#answer-form input[name=record]")
    passed_over = record.input_value()
    contributor.page.keyboard.press("s")
    expect(record).not_to_have_value(passed_over)
