"""The calls of a calm run, in their order, with names in place of what differs from one run to the next."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dibt.sandbox.journal import Entry
from dibt.sandbox.testing import SandboxServer
from projects.models import Space
from tests.matrix import fault_calm
from tests.matrix.fault_scenarios import Scenario
from tests.projects.space_worlds import work

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Call:
    """The request that is the `place`-th of all and the `ordinal`-th of its method and path, both from 0."""

    place: int
    method: str
    path: str
    ordinal: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} #{self.ordinal + 1}"

    def pattern(self, space: Space) -> str:
        """The regular expression of its path in a run for that Space."""
        path = self.path
        for real, name in _names(space).items():
            path = path.replace(name, real)
        return f"^{re.escape(path).replace(re.escape('{id}'), ID.pattern)}$"


def record(scenario: Scenario, sandbox: SandboxServer) -> tuple[Call, ...]:
    """What a run of the scenario asks for while nothing goes wrong."""
    space = scenario.ask()
    fault_calm.begin(sandbox)
    space = work(space)
    assert space.state == scenario.ending, f"{scenario} ends {space.state} without any fault"
    return tuple(_calls(sandbox.requests.all(), space))


def _calls(entries: Iterable[Entry], space: Space) -> Iterable[Call]:
    seen: Counter[tuple[str, str]] = Counter()
    for place, entry in enumerate(entries):
        path = entry.path
        for real, name in _names(space).items():
            path = path.replace(real, name)
        path = ID.sub("{id}", path)
        yield Call(place, entry.method, path, seen[entry.method, path])
        seen[entry.method, path] += 1


def _names(space: Space) -> dict[str, str]:
    """What is called differently in each run, and what stands for it."""
    return {
        space.bucket_id: "{bucket}",
        space.repo_id: "{space}",
        space.repo_id.replace("/", "-"): "{app}",
        space.owner: "{owner}",
    }
