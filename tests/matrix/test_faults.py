"""Every call of a whole run × every fault: it ends as asked for, with one of everything, or in a stated refusal.

`./test faults` runs all of it. Plain `./test` runs a sample, which MATRIX_SEED chooses.
"""

import os
import random

import pytest

from tests.matrix.conftest import Matrix
from tests.matrix.fault_cases import Case
from tests.matrix.fault_kinds import Fault
from tests.matrix.fault_scenarios import SCENARIOS, Scenario

pytestmark = pytest.mark.django_db
FAULTS = tuple(Fault)
SEED = int(os.environ.get("MATRIX_SEED", "1"))
SAMPLE = 12


@pytest.mark.whole
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_fault_that_passes_is_made_good(matrix: Matrix, scenario: Scenario, fault: Fault) -> None:
    calls = matrix.calls(scenario)
    cases = [Case(scenario, fault, call) for call in calls]

    matrix.run(*cases, title=str(scenario), calls=len(calls))


@pytest.mark.whole
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_fault_that_lasts_is_stated_and_overcome_when_it_has_gone(
    matrix: Matrix, scenario: Scenario, fault: Fault
) -> None:
    kinds = [call for call in matrix.calls(scenario) if call.ordinal == 0]
    cases = [Case(scenario, fault, call, lasting=True) for call in kinds]

    matrix.run(*cases, title=f"{scenario}, faults that last", calls=len(kinds))


@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_sample_of_the_matrix(matrix: Matrix, number: int) -> None:
    """Each scenario and each fault has its turn; chance chooses the call."""
    scenario, fault = SCENARIOS[number % len(SCENARIOS)], FAULTS[number % len(FAULTS)]
    call = random.Random(SEED + number).choice(matrix.calls(scenario))

    matrix.run(Case(scenario, fault, call), title=f"a sample by MATRIX_SEED={SEED}")
