"""The whole site on this machine, as `./run` starts it."""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from dibt import health
from dibt.management import site
from dibt.management.preflight import PreflightError, alone_in, refuse_taken
from dibt.management.processes import Child
from dibt.management.supervisor import Supervisor, say
from dibt.management.valkey import BrokerError
from dibt.sandbox.people import PEOPLE
from projects.models import Cohort

START_WITHIN = 90.0  # seconds
WARM_SHUTDOWN = 30.0  # seconds for a worker to finish the tasks in hand
ORGANISER = "weaver"
WELCOME = """
  Data is Better Together:  {site}

  Sign in there with Hugging Face; this Hub is a sandbox, where you pick who you are:
    weaver          organises cohorts and reviews applications
    ibis            leads projects
    okapi, heron    annotate
    dugong          is new here: annotate as somebody for the first time
  {world}
  Mails are files in {data}/mail. Everything is kept in {data}.
  Ctrl-C stops it; ./run starts it again as it was.
"""
BUILDING = "[run] {site} answers; the demo world is being built, and signing in waits for it"
BUILT = "The demo world is there: look around, or sign in and take part."
NOT_BUILT = "The demo world could not be built; the lines above say why. The site runs all the same."
KEPT = "What was there the last time is there again."
EMPTY = "It is empty: sign in as weaver and make a cohort."
EXPOSED = "[run] other machines can reach this, and in the sandbox anybody can sign in as anybody"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SANDBOX_IS_UP = "/.well-known/openid-configuration"


class Command(BaseCommand):
    help = (
        "Runs the site with its broker, worker and sandbox Hub until Ctrl-C. PORT, HOST and DATA_DIR are taken "
        "from the environment, and so are DATABASE_URL and REDIS_URL, for servers that already run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="start without the demo world")

    def handle(self, *_args: object, **options: bool) -> None:
        if settings.PRODUCTION:
            raise CommandError("This starts the demo. docker-compose.yml shows how production is run.")
        supervisor = Supervisor()
        supervisor.listen_to_signals()
        try:
            with alone_in(settings.DATA_DIR):
                check_surroundings()
                with site.broker() as broker:
                    run(supervisor, broker, empty=options["empty"])
        except (PreflightError, BrokerError) as error:
            raise CommandError(str(error)) from None


def check_surroundings() -> None:
    """Raise PreflightError for what would otherwise fail later and say less."""
    refuse_taken(settings.HOST, settings.PORT, purpose="the site")
    if site.has_own_sandbox():
        refuse_taken(settings.HOST, settings.PORT + 1, purpose="the sandbox Hub")
    if not health.database_answers():
        raise PreflightError(
            "The database of DATABASE_URL does not answer. Start it, or leave it out for SQLite."
        )
    if settings.REDIS_URL and not health.broker_answers():
        raise PreflightError(
            "The server of REDIS_URL does not answer. Start it, or leave it out for our own."
        )


def run(supervisor: Supervisor, broker: site.Broker, *, empty: bool) -> None:
    """Start everything on that broker; return when Ctrl-C has stopped it, raise CommandError if it broke."""
    say("[run] preparing the database")
    call_command("migrate", verbosity=0)
    has_cohort = Cohort.objects.exists()
    connections.close_all()
    wants_demo = site.has_own_sandbox() and not empty and not has_cohort
    if broker.child:
        supervisor.watch(broker.child)
    ended = None
    try:
        env = {
            "REDIS_URL": broker.url,
            "PYTHONUNBUFFERED": "1",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "ORGANISER_SUBS": ",".join(settings.ORGANISER_SUBS or first_organisers()),
        }
        start(supervisor, env)
        wait_until_ready(supervisor)
        world = KEPT if has_cohort else EMPTY
        if wants_demo and supervisor.goes_on(0):
            world = BUILT if build_demo(supervisor, env) else NOT_BUILT
        if supervisor.goes_on(0):
            say(welcome(world))
        ended = wait_for_the_end(supervisor)
    finally:
        say("[run] stopping")
        supervisor.stop()
    if ended:
        raise CommandError(f"The {ended.name} process ended by itself, so everything was stopped.")


def start(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Start the site's processes at once; which is first does not matter to any of them."""
    say("[run] starting")
    data = settings.DATA_DIR
    if site.has_own_sandbox():
        command = site.sandbox_command(
            data, host=settings.HOST, port=settings.PORT + 1, site_url=settings.SITE_URL
        )
        supervisor.start("sandbox", command, env=env)
    supervisor.start("web", site.web_command(host=settings.HOST, port=settings.PORT), env=env)
    supervisor.start("worker", site.worker_command(data), env=env, patience=WARM_SHUTDOWN)


def first_organisers() -> list[str]:
    """Who runs cohorts on the demo from their first sign-in on; somebody has to make the first one."""
    return [person.sub for person in PEOPLE if person.handle == ORGANISER] if site.has_own_sandbox() else []


def wait_until_ready(supervisor: Supervisor) -> None:
    """Return as soon as the site can be used, or when something ended or we were asked to stop."""
    until = time.monotonic() + START_WITHIN
    while supervisor.goes_on() and not is_ready():
        if time.monotonic() > until:
            raise CommandError(f"The site did not answer within {START_WITHIN:.0f} s.")


def is_ready() -> bool:
    return site.answers(settings.LOCAL_URL, path="/readyz") and (
        not site.has_own_sandbox() or site.answers(settings.SANDBOX_URL, path=SANDBOX_IS_UP)
    )


def build_demo(supervisor: Supervisor, env: Mapping[str, str]) -> bool:
    """Build the demo world, all or nothing; whether it is there."""
    say(BUILDING.format(site=settings.SITE_URL))
    demo = supervisor.start("demo", [sys.executable, "manage.py", "demo"], env=env, may_end=True)
    while supervisor.goes_on() and demo.exit_code is None:
        pass
    return demo.exit_code == 0


def welcome(world: str) -> str:
    exposed = f"\n{EXPOSED}" if site.has_own_sandbox() and settings.HOST not in LOOPBACK else ""
    return WELCOME.format(site=settings.SITE_URL, data=shown(settings.DATA_DIR), world=world) + exposed


def shown(folder: Path) -> str:
    """A path as short as it can be read from where we are."""
    return str(folder.relative_to(Path.cwd())) if folder.is_relative_to(Path.cwd()) else str(folder)


def wait_for_the_end(supervisor: Supervisor) -> Child | None:
    """Wait for Ctrl-C, or for a process that ended by itself; that one is returned."""
    while supervisor.goes_on():
        pass
    return None if supervisor.asked.is_set() else supervisor.ended
