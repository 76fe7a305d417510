"""The whole site, as `./run` starts it, and the people who visit it with a real browser."""

import contextlib
import os
import signal
import uuid
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from dibt.management.commands import dev
from tests.browser.browsers import Browsers
from tests.browser.visitor import Visitor
from tests.house.running import Site, eventually, started
from tests.in_flight import InFlightMiddleware


class Arrive(Protocol):
    """Let somebody arrive at the site; signed in if they have a `handle`. `refusals`: see Visitor; the other
    options are those of their browser."""

    def __call__(self, handle: str = "", *, refusals: Collection[int] = (), **options: object) -> Visitor: ...


@contextlib.contextmanager
def a_database() -> Iterator[dict[str, str]]:
    """The setting of a database of its own on the server that the tests use; none where that is SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {}
        return
    name = f"browser_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl()}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def running(data: Path, *arguments: str) -> Iterator[Site]:
    """The site on that folder, up; at the end Ctrl-C has to stop all of it."""
    with a_database() as settings, started(data, *arguments, **settings) as site:
        assert eventually(site.is_up), site.log.read_text()
        yield site
        site.process.send_signal(signal.SIGINT)
        output = site.finish()
        assert site.process.returncode == 0, output
        assert "Traceback" not in output
        assert site.processes() == {}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `./run --empty` starts."""
    with running(tmp_path_factory.mktemp("empty") / "var", "--empty") as site:
        yield site


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `./run` starts, once its demo world is there."""
    with running(tmp_path_factory.mktemp("demo") / "var") as site:
        assert eventually(lambda: dev.BUILT in site.log.read_text()), site.log.read_text()
        yield site


@pytest.fixture(scope="session")
def browsers(launch_browser: Callable[[], Browser]) -> Iterator[Browsers]:
    browsers = Browsers(launch_browser)
    yield browsers
    browsers.close()


@contextlib.contextmanager
def visitors(browsers: Browsers, url: str) -> Iterator[Arrive]:
    """People of that site, each with cookies of their own; at the end nothing may have gone wrong for any."""
    present: list[Visitor] = []

    def arrive(handle: str = "", *, refusals: Collection[int] = (), **options: object) -> Visitor:
        visitor = Visitor.arrive(browsers.new_context(**options), url, refusals=refusals)
        present.append(visitor)
        return visitor.sign_in(handle) if handle else visitor

    yield arrive
    for visitor in present:
        visitor.leave()
    troubles = [trouble for visitor in present for trouble in visitor.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def arrive(browsers: Browsers, site: Site) -> Iterator[Arrive]:
    with visitors(browsers, site.url) as arrive:
        yield arrive


@pytest.fixture
def arrive_here(browsers: Browsers, live_server: LiveServer) -> Iterator[Arrive]:
    """At the site on the test's own database, which is emptied once nothing asks for it any more."""
    with visitors(browsers, live_server.url) as arrive:
        yield arrive
    assert eventually(InFlightMiddleware.stays_idle)


@pytest.fixture
def arrive_at_demo(browsers: Browsers, demo: Site) -> Iterator[Arrive]:
    with visitors(browsers, demo.url) as arrive:
        yield arrive
