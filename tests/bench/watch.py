"""An hour of watching 500 ready Spaces in which nothing differs: how many requests that costs, awake and asleep."""

from datetime import timedelta
from functools import partial
from math import ceil

from dibt.gateways.hub import Hub, the_hub
from dibt.lib import clock
from dibt.sandbox.testing import SandboxServer
from projects.domain import spaces
from projects.models import Proof, Space, SpaceEvent, SpaceState
from projects.provisioning import inspecting, pace, watching
from projects.provisioning.wanted import wanted_of
from tests.bench.harness import Bench, timed
from tests.bench.servers import Site, to_stderr
from tests.factories import a_cohort, a_project

SPACES, CALLS = 500, 2
BEAT = 5  # minutes between two lists
PAGE = 100  # Spaces on a page of the sandbox's list
MINUTE = timedelta(minutes=1)
# A list for each beat; beside it whatever is awake is looked at, with two requests each.
LOOKS = CALLS * timedelta(hours=1) / pace.INSPECT_EVERY
LISTS = 60 / BEAT * ceil(SPACES / PAGE) / SPACES


def measure(bench: Bench, site: Site) -> None:
    with SandboxServer(
        site.data / "sandbox", port=site.sandbox_port, pace=0, rate_limit=1_000_000
    ) as sandbox:
        ready_spaces(the_hub())
        hours = Hours(bench, sandbox)
        awake = hours.measured("all awake")
        hours.fall_asleep(SPACES // 10)
        mostly_awake = hours.measured("one in ten asleep")
        hours.fall_asleep(SPACES)
        asleep = hours.measured("all asleep")
    bench.limit(
        "requests per Space and hour, all awake (looks and lists)", at_most=round(LOOKS + LISTS, 2), got=awake
    )
    bench.limit("requests per Space and hour, one in ten asleep", at_most=CALLS, got=mostly_awake)
    bench.limit("requests per Space and hour, all asleep", at_most=CALLS, got=asleep)
    resting = Space.objects.filter(state=SpaceState.READY, drift=[])
    bench.count("Spaces READY, in which nothing differs", wanted=SPACES, got=resting.count())
    bench.count(
        "changes and failures noted", wanted=0, got=SpaceEvent.objects.exclude(kind="requested").count()
    )


def ready_spaces(hub: Hub) -> None:
    """Rows as provisioning leaves them, and on the Hub what they want. Their looks are spread over the hour."""
    cohort = a_cohort(seats=SPACES)
    for number in range(SPACES):
        project = a_project(cohort, title=f"Watched {number}")
        space = spaces.request_space(project, by=project.leads.get())
        hub.create_space(wanted_of(space, other_name="").new_space)
        if number % 100 == 99:
            to_stderr(f"[watch] {number + 1} of {SPACES} Spaces are there")
    now = clock.now()
    seen = {"stage": "RUNNING", "proof": Proof.READ, "ready_at": now, "inspected_at": now}
    Space.objects.update(state=SpaceState.READY, **seen)
    for number, space in enumerate(Space.objects.order_by("pk")):
        Space.objects.filter(pk=space.pk).update(inspect_at=now + MINUTE * (60 * number / SPACES))


class Hours:
    """Hours that pass as fast as the work in them is done, with the beats of the real ones."""

    def __init__(self, bench: Bench, sandbox: SandboxServer) -> None:
        self._bench, self._sandbox, self._now = bench, sandbox, clock.now()

    def measured(self, name: str) -> float:
        """Let an hour pass; returns how many requests it cost per Space."""
        self._sandbox.requests.clear()
        lists, looks = self._pass()
        self._bench.add(f"a list of all, {name}", lists)
        if looks:
            self._bench.add(f"a look at one, {name}", looks)
        to_stderr(f"[watch] an hour, {name}: {len(looks)} looks, {sum(lists + looks):.0f} s of work")
        return len(self._sandbox.requests.all()) / SPACES

    def fall_asleep(self, wanted: int) -> None:
        """Have that many sleep, and let an hour pass in which each of them is looked at for the last time."""
        awake = Space.objects.exclude(stage="SLEEPING").order_by("pk")
        for space in awake[: wanted - Space.objects.filter(stage="SLEEPING").count()]:
            self._sandbox.state.fall_asleep(space.repo_id)
        self._pass()

    def _pass(self) -> tuple[list[float], list[float]]:
        """An hour, minute by minute; returns how long each list and each look took, in seconds."""
        lists: list[float] = []
        looks: list[float] = []
        for minute in range(60):
            with clock.at(self._now):
                if minute % BEAT == 0:
                    lists += [timed(partial(watching.watch, owner, the_hub())) for owner in watching.owners()]
                looks += [timed(partial(inspecting.inspect, pk, the_hub())) for pk in inspecting.due()]
            self._now += MINUTE
        return lists, looks
