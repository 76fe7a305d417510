"""What the matrix of faults looks for at the end of a run is found where it is wrong."""

from dataclasses import replace

import pytest
from huggingface_hub import HfApi

from dibt.gateways.hub import the_hub
from dibt.sandbox.testing import PLATFORM_TOKEN
from projects.models import StepState
from projects.provisioning import reconciler
from tests.matrix.conftest import Matrix
from tests.matrix.fault_cases import Case
from tests.matrix.fault_endings import OWNER, Stock, not_as_wanted, not_told, too_many, unfinished
from tests.matrix.fault_kinds import Fault
from tests.matrix.fault_scenarios import SCENARIOS
from tests.projects.space_worlds import a_requested_space, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matrix")]


@pytest.fixture
def api(matrix: Matrix) -> HfApi:
    return HfApi(endpoint=matrix.sandbox.url, token=PLATFORM_TOKEN)


def test_nothing_is_wrong_with_a_calm_run(matrix: Matrix) -> None:
    before = Stock.of(matrix.sandbox)

    space = work(a_requested_space())

    assert too_many(space, before, matrix.sandbox) == []
    assert unfinished(space) == []
    assert not_as_wanted(space, matrix.sandbox) == []


@pytest.mark.parametrize("kind", ["space", "dataset"])
def test_what_nobody_asked_for_is_found(matrix: Matrix, api: HfApi, kind: str) -> None:
    before = Stock.of(matrix.sandbox)
    space = work(a_requested_space())
    second = f"{space.repo_id}-too"

    api.create_repo(second, repo_type=kind, space_sdk="docker" if kind == "space" else None)

    assert too_many(space, before, matrix.sandbox) == [f"{kind} {second} was made besides"]


def test_a_second_bucket_is_found(matrix: Matrix, api: HfApi) -> None:
    before = Stock.of(matrix.sandbox)
    space = work(a_requested_space())

    api.create_bucket(f"{OWNER}/{space.name}-too")

    assert too_many(space, before, matrix.sandbox) == [f"bucket {OWNER}/{space.name}-too was made besides"]


def test_what_differs_on_the_hub_is_found(matrix: Matrix, api: HfApi) -> None:
    space = work(a_requested_space())

    api.add_space_variable(space.repo_id, "WORKSPACE", "elsewhere")
    api.add_space_secret(space.repo_id, "PASSWORD", "another")
    api.delete_space_volumes(space.repo_id)
    api.upload_file(
        path_or_fileobj=b"x", path_in_repo=".oauth.yaml", repo_id=space.repo_id, repo_type="space"
    )

    wrong = not_as_wanted(space, matrix.sandbox)
    assert any("elsewhere" in what for what in wrong)
    assert {"its PASSWORD is another one", "mounted is []", ".oauth.yaml is not ours"} <= set(wrong)


def test_a_run_that_is_not_over_is_found() -> None:
    space = a_requested_space()
    reconciler.run(space.pk, the_hub())
    step = space.steps.exclude(state=StepState.DONE)[0]
    space.steps.filter(pk=step.pk).update(state=StepState.WAITING)
    space.refresh_from_db()

    assert unfinished(space) == [f"it is still {space.state}", f"the step {step.key} is waiting"]


def test_a_refusal_that_nobody_is_told_is_found() -> None:
    space = a_requested_space()

    wrong = not_told(space)

    assert wrong[0] == "0 steps have failed"
    assert len([what for what in wrong if what.endswith("is not told")]) == 2


def test_a_fault_that_no_call_meets_is_found(matrix: Matrix) -> None:
    last = matrix.calls(SCENARIOS[0])[-1]
    case = Case(SCENARIOS[0], Fault.ERROR, replace(last, ordinal=99))

    assert case.run(matrix.sandbox).complaints == [f"{case}: the fault was never met"]
