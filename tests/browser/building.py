"""From a project to one that is open: the lead's pages, by hand in the browser."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def edit_the_task(lead: Visitor, slug: str, *, field: str = "", **inputs: str) -> None:
    """Change inputs of the task's form, and add an optional field of that title; save it."""
    lead.go(f"/manage/{slug}/task/")
    if field:
        lead.press("Add a field")
        lead.fill(**{"fields-1-title": field})
        lead.main.locator("[name=fields-1-required]").uncheck()
    lead.fill(**inputs)
    lead.press("Save the task")
    lead.sees("The task is saved.")


def edit_the_guidelines(lead: Visitor, slug: str, *, text: str, seen: str) -> None:
    """Write guidelines in Markdown, see them beside as they will look, and save them."""
    lead.go(f"/manage/{slug}/guidelines/")
    lead.fill(text=text)
    expect(lead.page.locator("#guidelines-preview").get_by_role("heading", name=seen)).to_be_visible()
    lead.press("Save the guidelines")
    lead.sees("The guidelines are saved")


def check_a_file(lead: Visitor, slug: str, *, file: Path, mapping: Mapping[str, str], good: int) -> None:
    """Upload a file, map its columns and have it checked; nothing is in the project yet."""
    lead.go(f"/manage/{slug}/records/")
    lead.main.locator("input[type=file]").set_input_files(file)
    lead.press("Upload")
    lead.fill(**mapping)
    lead.press("Check the file")
    expect(lead.main.get_by_role("button", name=f"Import {good} good rows")).to_be_visible()


def reasons(lead: Visitor) -> str:
    """The list of refused rows, downloaded."""
    return lead.download("Download all of them with their reasons").decode("utf-8-sig")


def take_them(lead: Visitor, *, good: int) -> None:
    """All good rows that the check found, in one go."""
    lead.press(f"Import {good} good rows")
    lead.sees(f"{good} records are imported")


def try_the_preview(lead: Visitor, slug: str, *, sees: str, answer: str) -> None:
    """Look at an own row as contributors will, and answer it without saving."""
    lead.go(f"/manage/{slug}/records/preview/")
    lead.sees(sees)
    lead.page.keyboard.press(answer)
    lead.press("Try it")
    expect(lead.main.get_by_text("This would be saved as")).to_be_in_viewport()


def set_up_a_space(lead: Visitor, slug: str) -> None:
    """Ask for a Space and stay on the page until every step is done."""
    lead.go(f"/manage/{slug}/space/")
    lead.press("Ask for a Space")
    expect(lead.main.locator(".step--done").first).to_be_visible()
    lead.sees("The Space runs")
    expect(lead.main.locator(".step:not(.step--done)")).to_have_count(0)


def open_the_project(lead: Visitor, slug: str) -> None:
    lead.go(f"/manage/{slug}/")
    lead.press("Open the project")
    lead.sees("The project is open")
