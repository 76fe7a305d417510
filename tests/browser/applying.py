"""From a call for projects to a project: the organiser's and the lead's part, by hand in the browser."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

MOMENT = "%Y-%m-%dT%H:%M"


def publish_a_cohort(organiser: Visitor, *, name: str) -> None:
    """Make a cohort that is open now and closes in a week, for everybody to see."""
    now = datetime.now(UTC)
    organiser.go("/organise/cohorts/new/")
    organiser.fill(
        name=name,
        description="Text first: prompts and sentiment, in languages with **too little** data.",
        opens_at=(now - timedelta(minutes=5)).strftime(MOMENT),
        closes_at=(now + timedelta(days=7)).strftime(MOMENT),
        seats=5,
        monthly_budget=50,
        hosting_organisation="data-is-better-together",
        wanted_languages="Yoruba",
    )
    organiser.choose("wanted_tasks", "prompt_rating")
    organiser.page.get_by_label("Published").check()
    organiser.press("Save")
    organiser.sees(name)


def give_an_address(person: Visitor, *, address: str) -> None:
    """Ask for notices by mail."""
    person.go("/me/")
    person.fill(email=address)
    person.main.locator("form[action$='notification-address/']").get_by_role("button", name="Save").click()


def begin_an_application(lead: Visitor, *, cohort: str, proposal: Mapping[str, str | int]) -> str:
    """Write and save a draft; the path of its page of editing."""
    lead.go("/cohorts/")
    lead.press(cohort)
    lead.press("Apply")
    write(lead, proposal)
    lead.press("Save draft")
    return lead.path()


def write(lead: Visitor, proposal: Mapping[str, str | int]) -> None:
    for name, value in proposal.items():
        if name == "access":
            lead.choose("access", str(value))
        else:
            lead.fill(**{name: value})


def submit_the_application(lead: Visitor, path: str) -> None:
    lead.go(path)
    lead.press("Submit")
    lead.sees("Organisers are reading it.")


def review_and_accept(organiser: Visitor, *, title: str, feedback: str) -> None:
    organiser.go("/organise/")
    organiser.press(title)
    for score, value in {"need": "5", "feasibility": "4", "community": "5"}.items():
        organiser.choose(score, value)
    organiser.fill(comment="Few prompts exist in this language, and the group has people.")
    organiser.press("Save my review")
    expect(organiser.main.get_by_text("Few prompts exist").first).to_be_visible()
    organiser.fill(feedback=feedback)
    organiser.confirm("Accept")
    organiser.sees("Nothing waits")


def confirm(lead: Visitor, *, title: str) -> str:
    """Follow the notice and confirm; the project's slug."""
    lead.go("/me/notices/")
    lead.press(title, within=lead.main, exact=False)
    lead.press("Confirm and start the project")
    expect(lead.page).to_have_url(re.compile(r"/manage/[\w-]+/"))
    return lead.path().split("/")[2]
