"""Sitting down at a project's workspace, on the test's own database, and what one sees there."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from projects.models import Project
from tests.browser.visitor import Visitor

A_LOOK = 300  # milliseconds
CONTROLLED = """() => navigator.serviceWorker.controller ? null : new Promise(done =>
  navigator.serviceWorker.addEventListener("controllerchange", done, { once: true })).then(() => null)"""


def become(visitor: Visitor, user: User) -> None:
    """Be signed in as this person from now on, as after coming back from the Hub."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": visitor.url}]
    )


def sit_down(visitor: Visitor, project: Project, user: User, *, intercepted: bool = False) -> Page:
    """The workspace as somebody sees it who is signed in; its scripts have begun. What the page sends can be
    `intercepted`: a browser whose page has a service worker by then does not let Playwright begin with that."""
    become(visitor, user)
    if intercepted:
        visitor.page.route("**/nowhere/", lambda route: route.abort())
    visitor.go(f"/projects/{project.slug}/annotate/")
    ready(visitor.page)
    return visitor.page


def ready(page: Page) -> None:
    """Wait until the page can be worked on without network."""
    expect(page.locator("#take")).to_be_visible()
    page.evaluate(CONTROLLED)


def on_screen(page: Page) -> Locator:
    return page.locator("#answer-form input[name=record]")


def answer(page: Page, key: str = "4") -> str:
    """Answer by keys, and look at the next record for as long as digits mean nobody yet; returns which one was
    answered."""
    record = on_screen(page).input_value()
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator(f"#work[data-record='{record}']")).to_have_count(0)
    page.wait_for_timeout(A_LOOK)
    return record


def note(page: Page, name: str) -> Locator:
    return page.locator(f"[data-shown-note='{name}']")


def lose_a_confirmation(page: Page) -> list[int]:
    """Have the site take in the next answer and the network lose its reply; returns where its status will be."""
    statuses: list[int] = []

    def take_in_and_hang_up(route: Route) -> None:
        statuses.append(route.fetch().status)
        route.abort("internetdisconnected")

    page.route("**/annotate/", take_in_and_hang_up, times=1)
    return statuses
