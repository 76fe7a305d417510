"""What every test can ask for. The settings they run with are in `tests/settings.py`."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

from scripts import chromium
from tests.matrix.summary import pytest_terminal_summary  # noqa: F401 - a hook

if TYPE_CHECKING:
    from dibt.sandbox.testing import SandboxServer

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("site", deadline=None)
hypothesis.settings.load_profile("site")

CHROMIUM = chromium.find()
MISSING = (
    "no Chromium (apt-get install chromium-headless-shell, or set CHROME_BIN)"
    if not CHROMIUM
    else "no Playwright (pip install -r requirements/e2e.txt)"
    if importlib.util.find_spec("pytest_playwright") is None
    else ""
)
# Playwright keeps an event loop in the test's thread, which Django takes for a mistake.
if not MISSING:
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# Where tests ask for a database by their mark, and those without it have no part in any.
TESTS = Path(__file__).parent
APART = {TESTS / name for name in ("contract", "gateways", "lib", "reading", "sandbox", "schema")}


@pytest.hookimpl(tryfirst=True)  # before marks choose what is run
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is `whole` runs only when asked for, and what has no part in the database is run `once`. Browser tests are
    skipped, saying why, where there is no browser; in CI they fail instead."""
    if "whole" not in config.option.markexpr:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("whole")])
        items[:] = [item for item in items if not item.get_closest_marker("whole")]
    left_out = pytest.mark.usefixtures("_no_browser") if os.environ.get("CI") else pytest.mark.skip(MISSING)
    for item in items:
        if APART & set(item.path.parents) and not item.get_closest_marker("django_db"):
            item.add_marker("once")
        if MISSING and item.get_closest_marker("browser"):
            item.add_marker(left_out)


@pytest.fixture
def _no_browser() -> None:
    pytest.fail(f"CI has to run the browser tests, and there is {MISSING}")


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    """The cache (throttles, locks) is empty at the start of each test, and so is what the process remembers of
    the Hub's rate limit, of frozen schemas and of guidelines: after a rollback SQLite gives their numbers to others."""
    from projects.domain import tasks

    cache.clear()
    tasks._remembered.cache_clear()
    tasks._remembered_guidelines.cache_clear()
    if limiter := sys.modules.get("dibt.gateways.hub.limiter"):  # which is slow to import
        limiter.the_limiter.cache_clear()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxServer]:
    """The sandbox Hub, running at settings.HUB_URL with its pace set to none: nothing waits for the clock, nor for
    the rate limit of what other tests have used."""
    from dibt.sandbox.testing import SandboxServer
    from tests.settings import SANDBOX_PORT

    port = SANDBOX_PORT.getsockname()[1]
    SANDBOX_PORT.close()
    with SandboxServer(settings.DATA_DIR / "sandbox", port=port, pace=0, rate_limit=1_000_000) as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, which as root has no sandbox of its own, and which asks nobody anything."""
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "chromium_sandbox": False,
        "args": [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }
