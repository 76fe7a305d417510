"""What runs the cases of the matrix of faults and counts how they end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest

from dibt.sandbox.testing import SandboxServer
from tests.matrix import fault_calm
from tests.matrix.fault_calls import Call, record
from tests.matrix.fault_cases import Case, Result
from tests.matrix.fault_scenarios import Scenario
from tests.matrix.summary import PROPERTY

_recorded: dict[str, tuple[Call, ...]] = {}


@dataclass(frozen=True)
class Matrix:
    """What cases are made from, and where they are run."""

    sandbox: SandboxServer
    note: Callable[[str, object], None]

    def calls(self, scenario: Scenario) -> tuple[Call, ...]:
        """The calls of a scenario, recorded once in each process."""
        if scenario.name not in _recorded:
            _recorded[scenario.name] = record(scenario, self.sandbox)
        return _recorded[scenario.name]

    def run(self, *cases: Case, title: str, calls: int = 0) -> None:
        """Run the cases and fail for whatever is wrong with them.

        For the summary they are counted under that title, as those in which one fault met so many `calls`.
        """
        results = [case.run(self.sandbox) for case in cases]
        self.note(PROPERTY, (title, calls, {"faults": 1, **_tally(results)}))
        assert [what for result in results for what in result.complaints] == []


@pytest.fixture
def matrix(sandbox: SandboxServer, record_property: Callable[[str, object], None]) -> Iterator[Matrix]:
    """The matrix on the sandbox, which is as calm before a test as after it."""
    fault_calm.begin(sandbox)
    yield Matrix(sandbox, record_property)
    fault_calm.begin(sandbox)


def _tally(results: Iterable[Result]) -> dict[str, int]:
    """How many of them ended how."""
    counted = {"runs": 0, "as asked": 0, "refused": 0, "duplicates": 0, "stuck": 0, "wrong": 0}
    for result in results:
        counted["runs"] += 1
        counted["refused" if result.is_refusal else "as asked"] += not result.stuck
        for what in ("duplicates", "stuck", "wrong"):
            counted[what] += bool(getattr(result, what))
    return counted
