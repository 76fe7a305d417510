"""A hundred Spaces asked for at once, by real workers against the sandbox Hub with its rate limit scaled down."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from dibt.management import site as processes
from dibt.management.processes import Child
from projects.domain import spaces
from projects.models import Space, SpaceState
from tests.bench.harness import Bench
from tests.bench.servers import Site, to_stderr
from tests.bench.visitor import Visitor
from tests.factories import a_project

SPACES, WORKERS = 100, 3
# The Hub's are 1,000 and 300 seconds. What is short makes the rounding of its headers to whole seconds matter more.
QUOTA, WINDOW = 300, 20
CALLS_PER_SPACE, STRETCH = 30, 1.2
PATIENCE = 900.0  # seconds
RESTING = (SpaceState.READY, SpaceState.FAILED)


@dataclass(frozen=True)
class Call:
    """A request to the Hub's API, as the sandbox wrote it down."""

    window: int
    was_limited: bool
    made_a_bucket: bool


def measure(bench: Bench, site: Site) -> None:
    projects = [a_project(title=f"Space {number}") for number in range(SPACES)]
    with sandbox_and_workers(site):
        began = time.monotonic()
        for project in projects:
            spaces.request_space(project, by=project.leads.get())
        wait_until_all_rest()
        seconds = time.monotonic() - began
        calls = list(calls_to_the_api(site))
        owner = Space.objects.values_list("owner", flat=True).distinct().get()
        there = Visitor(site.sandbox_url).get(f"/api/spaces?author={owner}&limit=1000")
    names = [space["id"] for space in json.loads(there.body)]
    wanted = {f"{owner}/{name}" for name in Space.objects.values_list("name", flat=True)}
    late = [call for call in calls if call.was_limited and call.window > calls[0].window]
    bench.add("until all rest", [seconds])
    bench.count("Spaces READY", wanted=SPACES, got=Space.objects.filter(state=SpaceState.READY).count())
    bench.count("Spaces on the Hub that are wanted", wanted=SPACES, got=len(wanted & set(names)))
    bench.count("Spaces on the Hub beside them", wanted=0, got=len(names) - len(wanted & set(names)))
    bench.count("buckets made", wanted=SPACES, got=sum(call.made_a_bucket for call in calls))
    bench.count("answers 429 after the first window", wanted=0, got=len(late))
    bench.limit("calls per Space", at_most=CALLS_PER_SPACE, got=len(calls) / SPACES)
    bench.limit(
        "seconds ÷ (calls ÷ allowed rate)", at_most=STRETCH, got=seconds / (len(calls) * WINDOW / QUOTA)
    )


@contextlib.contextmanager
def sandbox_and_workers(site: Site) -> Iterator[None]:
    """The sandbox with that limit, and workers of which only the first has the beat inside."""
    host = "127.0.0.1"
    sandbox = processes.sandbox_command(site.data, host=host, port=site.sandbox_port, site_url=site.url)
    limits = ["--rate-limit", str(QUOTA), "--rate-window", str(WINDOW)]
    with contextlib.ExitStack() as stack:

        def start(name: str, command: list[str]) -> None:
            child = Child.start(name, command, write=to_stderr)
            stack.callback(child.stop, patience=20)

        start("sandbox", [*sandbox, *limits])
        while not processes.answers(site.sandbox_url, path="/_sandbox/health"):
            time.sleep(0.1)
        for number in range(WORKERS):
            command = processes.worker_command(site.data)
            if number:
                command = [word for word in command if word != "--beat"]
            start(f"worker {number}", [*command, "--hostname", f"bench{number}@%h"])
        yield


def wait_until_all_rest() -> None:
    """Until every Space is ready or needs a person, or patience is at its end."""
    until, before = time.monotonic() + PATIENCE, -1
    while time.monotonic() < until:
        resting = Space.objects.filter(state__in=RESTING).count()
        if resting == SPACES:
            return
        if resting // 10 > before // 10:
            to_stderr(f"[spaces] {resting} of {SPACES}")
            before = resting
        time.sleep(0.25)


def calls_to_the_api(site: Site) -> Iterator[Call]:
    said = Visitor(site.sandbox_url).get("/_sandbox/requests")
    for entry in json.loads(said.body):
        if entry["path"].startswith("/api/"):
            yield Call(
                window=int(datetime.fromisoformat(entry["at"]).timestamp()) // WINDOW,
                was_limited=bool(entry["limited"]),
                made_a_bucket=entry["path"].startswith("/api/buckets/") and entry["status"] == HTTPStatus.OK,
            )
