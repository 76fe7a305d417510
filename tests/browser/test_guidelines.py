"""Guidelines that change under the hands of somebody who is at work: told on the page that is open."""

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from annotations.models import Response
from projects.domain import tasks
from projects.models import Project
from tests.annotations.worlds import a_project, taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import answer, note, on_screen, ready, sit_down
from tests.browser.test_desk_looks import PHONE, faults
from tests.house.running import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TOLD = "The guidelines changed since your last answer"
WIDE = {"viewport": {"width": 1280, "height": 800}}
NARROW = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


@pytest.fixture
def project() -> Project:
    return a_project(records=12, overlap=3)


def rewrite(project: Project, text: str) -> None:
    tasks.save_guidelines(project, by=project.leads.get(), text=text)


def given_under(user: User) -> list[int]:
    """The numbers of the guidelines of this person's answers, in the order in which they came."""
    own = Response.objects.filter(contributor__user=user).order_by("pk")
    return [number or 0 for number in own.values_list("guidelines_version__number", flat=True)]


def begin(page: Page) -> None:
    """Choose something and not submit it."""
    page.locator("#answer-form input[type=radio]").first.check(force=True)


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["wide", "narrow"])
def test_who_is_at_work_is_told_at_once_what_changed(
    arrive_here: Arrive, project: Project, window: dict[str, object]
) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(**window), project, user)
    rewrite(project, "Rate from **1** to 5 only.")

    answer(page)
    told = page.locator("#guidelines-changed")
    expect(told).to_contain_text(TOLD)
    expect(told.locator("ins")).to_have_text("Rate from **1** to 5 only.")
    expect(told).to_be_in_viewport()
    expect(told.get_by_role("button", name="Dismiss")).to_be_visible()
    expect(page.locator("#guidelines strong")).to_have_text("1")
    assert eventually(lambda: given_under(user) == [1])
    assert faults(page) == []

    answer(page)
    expect(told).to_be_empty()
    assert eventually(lambda: given_under(user) == [1, 2])
    page.reload()
    expect(page.locator("#answer-form")).to_be_visible()
    expect(page.get_by_text(TOLD)).to_have_count(0)


def test_it_stays_after_a_reload_and_after_records_that_were_skipped(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)
    answer(page)
    assert eventually(lambda: given_under(user) == [1])
    rewrite(project, "All is new.")

    before = on_screen(page).input_value()
    page.keyboard.press("s")
    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")
    expect(page.locator(f"#work[data-record='{before}']")).to_have_count(0)
    page.keyboard.press("s")
    expect(page.locator("#done")).to_contain_text("Skipped")
    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")
    page.reload()
    ready(page)

    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")
    answer(page)
    assert eventually(lambda: given_under(user) == [1, 2])


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_was_begun_before_is_given_under_what_it_was_begun_with(
    arrive_here: Arrive, project: Project, window: dict[str, object]
) -> None:
    user = taking_part(project)
    visitor = arrive_here(**window)
    page = sit_down(visitor, project, user, intercepted=True)
    answer(page)
    assert eventually(lambda: given_under(user) == [1])
    held_back: list[Route] = []
    page.route("**/annotate/", lambda route: held_back.append(route))  # noqa: PLW0108 - it reads our function
    rewrite(project, "All is new.")
    with page.expect_request("**/annotate/"):
        answer(page)
    begin(page)
    held_back[0].continue_()
    page.unroute("**/annotate/")
    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")

    page.get_by_role("button", name="Submit").click()
    assert eventually(lambda: given_under(user) == [1, 1, 1])
    expect(page.locator("#done")).to_contain_text("3 answers by you")
    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")
    expect(page.locator("#guidelines-changed")).to_be_in_viewport()
    answer(page)

    expect(page.locator("#guidelines-changed")).to_be_empty()
    assert eventually(lambda: given_under(user) == [1, 1, 1, 2])


def test_without_network_answers_keep_the_guidelines_that_were_taken_along(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    page.get_by_role("button", name="Take 50 with me").click()
    expect(page.locator("#take")).to_contain_text("With you: 12 until")
    visitor.cut_off()
    page.close()
    visitor.page = page = visitor.page.context.new_page()
    visitor.go(f"/projects/{project.slug}/annotate/")
    answer(page)
    expect(note(page, "offline")).to_contain_text("Answers waiting here: 1")
    rewrite(project, "All is new.")
    answer(page)

    visitor.cut_off(offline=False)
    assert eventually(lambda: given_under(user) == [1, 1])
    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")
    answer(page)
    assert eventually(lambda: given_under(user) == [1, 1, 2])


def test_records_taken_along_before_are_answered_under_what_the_page_shows_now(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    page.get_by_role("button", name="Take 50 with me").click()
    expect(page.locator("#take")).to_contain_text("With you: 12 until")
    rewrite(project, "All is new.")
    answer(page)
    expect(page.locator("#guidelines-changed")).to_contain_text("All is new.")

    visitor.cut_off()
    page.close()
    visitor.page = page = visitor.page.context.new_page()
    visitor.go(f"/projects/{project.slug}/annotate/")
    expect(page.locator("#guidelines")).to_contain_text("All is new.")
    answer(page)
    visitor.cut_off(offline=False)

    assert eventually(lambda: given_under(user) == [1, 2])
