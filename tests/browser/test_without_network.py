"""What the workspace says where there is no network, and of records that another browser has."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Assignment
from projects.models import Project
from tests.annotations.worlds import a_project, taking_part
from tests.annotations.worlds import answer as answered
from tests.browser.conftest import Arrive
from tests.browser.desks import answer, note, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project() -> Project:
    return a_project(records=12, overlap=1)


def take(page: Page, name: str) -> None:
    page.locator("#take").get_by_role("button", name=name).click()


def test_it_is_said_at_once_and_taken_away_when_the_network_is_back(
    arrive_here: Arrive, project: Project
) -> None:
    visitor = arrive_here()
    page = sit_down(visitor, project, taking_part(project))

    visitor.cut_off()
    expect(note(page, "offline")).to_contain_text("What you answer is kept in this browser")
    expect(note(page, "offline").get_by_text("Answers waiting here")).to_be_hidden()
    visitor.cut_off(offline=False)
    expect(note(page, "offline")).to_have_count(0)

    visitor.cut_off()
    page.reload()
    expect(note(page, "offline")).to_contain_text("No network")
    expect(page.get_by_role("heading", name=project.title)).to_be_visible()


def test_goal_own_count_and_progress_are_there_without_network(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    for _answer in range(2):
        answered(project, user)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    page.get_by_label("Goal today").select_option("10")
    page.locator("#main").focus()
    take(page, "Take 50 with me")
    expect(page.locator("#take")).to_contain_text("With you: 10 until")

    visitor.cut_off()
    answer(page)
    expect(page.locator("#done")).to_contain_text("Kept here.")
    expect(page.locator("#done")).to_contain_text("Answers by you: 3")
    page.reload()

    expect(page.locator("#done")).to_contain_text("Answers by you: 3")
    expect(page.locator(".workspace__done")).to_contain_text("Records done")
    expect(page.locator(".workspace__done")).to_contain_text("2 of 12")
    expect(page.locator(".workspace__done")).to_contain_text("As of")
    expect(page.locator("#goal-said")).to_have_text("1 of 10 today")
    answer(page)
    expect(page.locator("#goal-said")).to_have_text("2 of 10 today")
    expect(page.locator("#done")).to_contain_text("Answers by you: 4")


def test_what_is_not_known_is_not_shown_without_network(arrive_here: Arrive, project: Project) -> None:
    visitor = arrive_here()
    page = sit_down(visitor, project, taking_part(project))
    page.evaluate(
        """() => new Promise(resolve => indexedDB.open("dibt").onsuccess = ({ target }) => {
          const work = target.result.transaction("desks", "readwrite");
          work.objectStore("desks").clear();
          work.oncomplete = resolve;
        })"""
    )
    visitor.cut_off()
    page.reload()
    answer(page)

    expect(page.locator("#done")).to_contain_text("Kept here.")
    expect(page.get_by_text("Answers by you")).to_be_hidden()
    expect(page.locator("[data-goal]")).to_have_count(0)
    expect(page.locator(".workspace__done")).to_be_hidden()


def test_another_browser_says_what_it_has_and_what_is_elsewhere(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    first = sit_down(arrive_here(), project, user)
    take(first, "Take 50 with me")
    expect(first.get_by_role("button", name="Give the rest back")).to_be_focused()
    expect(first.locator("#take")).to_contain_text("With you: 12 until")

    page = sit_down(arrive_here(), project, user)
    expect(page.locator("#take")).to_contain_text("With you in this browser: 3 until")
    expect(page.locator("#take")).to_contain_text("In another browser only: 9")
    answer(page)  # the site sends the next one of them
    expect(page.locator("#take")).to_contain_text("In another browser only: 8")
    take(page, "Have them in this browser too")
    expect(page.locator("#take")).to_contain_text("With you: 11 until")
    expect(page.get_by_role("button", name="Give the rest back")).to_be_focused()

    page = sit_down(arrive_here(), project, user)
    take(page, "Give all back, also those in the other browser")
    expect(page.get_by_role("button", name="Take 50 with me")).to_be_focused()
    assert not Assignment.objects.filter(taken_along=True).exists()
