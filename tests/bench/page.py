"""The workspace's page in a real browser: its weight, and when the first record is ready, also on a slow network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, CDPSession, sync_playwright

from accounts.models import User
from scripts import chromium
from tests.annotations import worlds
from tests.bench.harness import Bench
from tests.bench.servers import Site, to_stderr

# What Chromium's developer tools call “Fast 3G”: bytes a second, and milliseconds before each answer.
FAST_3G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8 * 0.9,
    "uploadThroughput": 750 * 1024 / 8 * 0.9,
}
Cookie: TypeAlias = Any  # as Playwright takes it
MOST_ROUNDS = 10  # of a browser with an empty cache
READY = "() => performance.getEntriesByName('desk-ready')[0]?.startTime ?? 0"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True)
class Visit:
    """One visit: when something was seen and when keys worked, in milliseconds, and what came over the network."""

    painted: float
    ready: float
    bytes: int


def measure(bench: Bench, site: Site) -> None:
    if not chromium.find():
        raise SystemExit(
            "This measures in a browser: apt-get install chromium-headless-shell, or set CHROME_BIN."
        )
    project = worlds.a_project(records=500)
    rounds = min(bench.rounds, MOST_ROUNDS)
    page = f"{site.url}/projects/{project.slug}/annotate/"
    # Before the browser: where it is driven from, Django lets nobody ask the database.
    first, *people = [session(site, worlds.taking_part(project)) for _person in range(1 + 2 * rounds)]
    with site.running(), browser() as chrome:
        visit(chrome, page, first)  # what the server does only once
        loopback = [visit(chrome, page, person) for person in people[:rounds]]
        slow = [visit(chrome, page, person, **FAST_3G) for person in people[rounds:]]
    report(bench, loopback=loopback, slow=slow)


def report(bench: Bench, *, loopback: list[Visit], slow: list[Visit]) -> None:
    painted = "first paint"
    at_once = bench.add("first record ready", (each.ready / 1000 for each in loopback))
    bench.add(painted, (each.painted / 1000 for each in loopback))
    on_3g = bench.add("first record ready, Fast 3G", (each.ready / 1000 for each in slow))
    bench.add(f"{painted}, Fast 3G", (each.painted / 1000 for each in slow))
    bench.limit("first record ready, median ms", at_most=1_000, got=at_once.median_ms)
    bench.limit("the same on Fast 3G", at_most=3_000, got=on_3g.median_ms)
    bench.limit("weight of the page, kB", at_most=150, got=max(each.bytes for each in slow) / 1000)
    to_stderr(f"Bytes over the network: {sorted({each.bytes for each in [*loopback, *slow]})}")


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium.find(), chromium_sandbox=False)
        yield chrome
        chrome.close()


def visit(chrome: Browser, url: str, person: Cookie, **network: float) -> Visit:
    """Open the workspace as somebody who comes for the first time, with nothing in their browser."""
    context = chrome.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([person])
    page = context.new_page()
    received = Received(context.new_cdp_session(page))
    if network:
        received.session.send("Network.emulateNetworkConditions", network)
    page.goto(url)
    while not (ready := page.evaluate(READY)):
        page.wait_for_timeout(20)
    seen = Visit(painted=page.evaluate(PAINTED), ready=ready, bytes=received.bytes)
    context.close()
    return seen


class Received:
    """Counts what a page receives, headers included, as it came over the network."""

    def __init__(self, session: CDPSession) -> None:
        self.session, self.bytes = session, 0
        session.send("Network.enable")
        session.on("Network.loadingFinished", self.count)

    def count(self, finished: dict[str, float]) -> None:
        self.bytes += int(finished["encodedDataLength"])


def session(site: Site, user: User) -> Cookie:
    client = Client()
    client.force_login(user)
    name: str = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site.url}
