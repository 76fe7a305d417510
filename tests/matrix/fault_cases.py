"""One case of the matrix: a run in which one call meets one fault, and what became of it."""

from dataclasses import dataclass, field

from dibt.sandbox.testing import SandboxServer
from projects.domain import spaces
from projects.models import Space, SpaceState
from tests.matrix import fault_calm
from tests.matrix.fault_calls import Call
from tests.matrix.fault_endings import Stock, not_as_wanted, not_told, too_many, unfinished
from tests.matrix.fault_kinds import Fault, meeting
from tests.matrix.fault_scenarios import Scenario
from tests.projects.space_worlds import lead_of, work


@dataclass(frozen=True)
class Case:
    """That call of the scenario meets the fault once or, `lasting`, from then on."""

    scenario: Scenario
    fault: Fault
    call: Call
    lasting: bool = False

    def __str__(self) -> str:
        return f"{self.scenario}, {self.fault}{' for good' if self.lasting else ''} at {self.call}"

    def run(self, sandbox: SandboxServer) -> "Result":
        """Run it to its end and, where that is a refusal, try again without the fault."""
        fault_calm.begin(sandbox)
        before = Stock.of(sandbox)
        space = self.scenario.ask()
        fault_calm.begin(sandbox)
        with meeting(self.fault, self.call, space, sandbox, lasting=self.lasting) as met:
            space = work(space)
            result = Result(str(self), space.state)
            if not met():
                result.wrong.append("the fault was never met")
        result.look(space, self.scenario.ending, before, sandbox)
        if space.state == SpaceState.FAILED:
            result.wrong += not_told(space)
            fault_calm.begin(sandbox)
            space = work(spaces.retry(space, by=lead_of(space.project)))
            result.look(space, self.scenario.ending, before, sandbox)
            if space.state != self.scenario.ending:
                result.wrong.append(f"tried again it is {space.state}")
        return result


@dataclass
class Result:
    """How one case ended: the state of the Space after its run, and whatever is not as it should be."""

    case: str
    state: str
    duplicates: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def look(self, space: Space, ending: SpaceState, before: Stock, sandbox: SandboxServer) -> None:
        self.duplicates += too_many(space, before, sandbox)
        self.stuck += unfinished(space)
        if space.state == ending:
            self.wrong += not_as_wanted(space, sandbox)
        elif space.state != SpaceState.FAILED:
            self.wrong.append(f"it ended {space.state}")

    @property
    def is_refusal(self) -> bool:
        return self.state == SpaceState.FAILED

    @property
    def complaints(self) -> list[str]:
        return [f"{self.case}: {what}" for what in (*self.duplicates, *self.stuck, *self.wrong)]
