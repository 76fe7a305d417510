"""What `./test` does once everything is installed: checks, then the suite on each database, then a browser."""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dibt.management import valkey
from scripts import chromium, pgtemp, variables
from scripts.checks import run_checks
from scripts.outcome import Outcome, report
from scripts.suite import run_pytest

USAGE = """\
./test                     everything: checks, PostgreSQL, SQLite, browser
./test unit                checks and the quick tests, on one database
./test checks              checks alone
./test browser             the browser tests
./test faults              every call of a Space's life meets every fault
./test kills               a worker killed at every moment of setting up a Space, on both databases
./test tests/x.py -k word  these tests; everything is handed on to pytest

--db=sqlite, --db=postgres or --db=both chooses the database.
DATABASE_URL and REDIS_URL are used if they are set; if not, servers are started for the occasion."""
ALL = ["-n", "2", "--dist", "worksteal"]
WHOLE = ["-m", "whole"]  # what takes minutes, and of which the suite runs a sample
# tests/contract asks the real Hub with it; tests/settings.py hides it from all others.
FOR_THE_CONTRACT = {"HF_TOKEN"}
DATABASES = ("sqlite", "postgres", "both")


def main(arguments: list[str]) -> int:
    if {"-h", "--help"} & set(arguments):
        print(USAGE)
        return 0
    db = next((word.removeprefix("--db=") for word in arguments if word.startswith("--db=")), "")
    if db and db not in DATABASES:
        print(f"--db has to be one of {', '.join(DATABASES)}.")
        return 2
    started = time.monotonic()
    rest = [word for word in arguments if not word.startswith("--db=")]
    with tempfile.TemporaryDirectory(prefix="dibt-run-") as folder:
        outcomes = list(run(rest, db, folder=Path(folder)))
    return report(outcomes, seconds=time.monotonic() - started, ci=bool(os.environ.get("CI")))


def run(wanted: list[str], db: str, *, folder: Path) -> Iterator[Outcome]:
    """Do what was asked for, one outcome after the other."""
    match wanted:
        case []:
            yield from run_checks(folder)
            yield from suites(db or "both", ALL, marks="not browser", folder=folder)
            yield from browser(db or "postgres", ALL, folder=folder)
        case ["checks"]:
            yield from run_checks(folder)
        case ["unit", *rest]:
            yield from run_checks(folder)
            yield from suites(db or "sqlite", [*ALL, *rest], marks="not browser and not slow", folder=folder)
        case ["browser", *rest]:
            yield from browser(db or "sqlite", rest, folder=folder)
        case ["faults", *rest]:
            options = [*WHOLE, "-n", "2", "--dist", "worksteal", "tests/matrix/test_faults.py", *rest]
            yield from suites(db or "sqlite", options, folder=folder)
        case ["kills", *rest]:
            yield from suites(db or "both", [*WHOLE, "tests/matrix/test_kills.py", *rest], folder=folder)
        case options:
            yield from suites(db or "sqlite", options, folder=folder)
    if not broker_to_be_had():
        yield Outcome.left("Redis", "no valkey-server or redis-server, and no wheel for this machine")


def suites(db: str, options: list[str], *, marks: str = "", folder: Path) -> Iterator[Outcome]:
    """The same tests on each of the wanted databases, PostgreSQL first: production runs on it."""
    if db in {"postgres", "both"}:
        # What has no part in the database, or starts processes that have one of their own, is run on one of them.
        expression = " and ".join(filter(None, [marks, "not once" if db == "both" else ""]))
        yield on_postgres([*options, *chosen(expression, options)], folder=folder)
    if db in {"sqlite", "both"}:
        with broker(folder / "sqlite") as redis_url:
            options = [*options, *chosen(marks, options)]
            yield run_pytest("SQLite", options, env(REDIS_URL=redis_url), folder=folder)


def chosen(marks: str, options: list[str]) -> list[str]:
    """pytest's option for these marks, unless the person has chosen some."""
    return ["-m", marks] if marks and "-m" not in options else []


def browser(db: str, rest: list[str], *, folder: Path) -> Iterator[Outcome]:
    """The browser tests on one database: they are about pages."""
    if not chromium.find():
        yield Outcome.left(
            "browser tests", "no Chromium: apt-get install chromium-headless-shell, or set CHROME_BIN"
        )
        return
    options = ["-m", "browser", *rest]
    if db == "postgres":
        outcome = on_postgres(options, folder=folder, name="Chromium")
        if not outcome.left_out:
            yield outcome
            return
    with broker(folder / "browser") as redis_url:
        yield run_pytest("Chromium", options, env(REDIS_URL=redis_url), folder=folder)


def on_postgres(options: list[str], *, folder: Path, name: str = "PostgreSQL") -> Outcome:
    try:
        with postgres() as (database_url, version), broker(folder / "postgres") as redis_url:
            shown = version if name == "PostgreSQL" else f"{name} on {version}"
            return run_pytest(
                shown, options, env(DATABASE_URL=database_url, REDIS_URL=redis_url), folder=folder
            )
    except pgtemp.NoPostgresError as error:
        return Outcome.left(f"{name} tests", str(error))


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, str]]:
    """The database of DATABASE_URL if that is a PostgreSQL, else one for the occasion: its URL, what it is."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given, "PostgreSQL of DATABASE_URL"
        return
    with pgtemp.throwaway() as server:
        yield server.url, server.version


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[str]:
    """The REDIS_URL that is set, else that of a server for the occasion, else nothing: memory, as in settings."""
    if os.environ.get("REDIS_URL") or not broker_to_be_had():
        yield os.environ.get("REDIS_URL", "")
        return
    with valkey.embedded(folder, keep=False) as embedded:
        yield embedded.url


def broker_to_be_had() -> bool:
    try:
        return bool(os.environ.get("REDIS_URL") or valkey.server_program())
    except valkey.BrokerError:
        return False


def env(**given: str) -> dict[str, str]:
    """The machine's environment with no setting of the site in it but what is given, and what the contract asks for."""
    left_out = variables.known() - FOR_THE_CONTRACT
    return {name: value for name, value in os.environ.items() if name not in left_out} | given


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
