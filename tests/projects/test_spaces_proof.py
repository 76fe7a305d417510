"""The steps that ask Argilla: it answers, keeps its data over a restart, and offers sign-in; and what if not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from huggingface_hub import HfApi
from pytest_django import Settings

from dibt.gateways.hub import the_hub
from dibt.lib import clock
from dibt.sandbox.testing import SandboxServer
from projects import tasks
from projects.models import Proof, Space, SpaceState, StepKey
from projects.provisioning import answering, ledger, pace, reconciler
from projects.provisioning.wanted import wanted_of
from tests.projects.space_worlds import a_requested_space, step, try_again, work, work_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
NONE = '{"items": []}'


def marks(space: Space) -> list[str]:
    """What the proof has left in Argilla."""
    workspaces = answering.server(wanted_of(space, other_name="")).workspaces()
    return [name for name in workspaces if name.startswith("dibt-proof-")]


def of_proof(sandbox: SandboxServer) -> list[str]:
    """What was asked of the Hub and of Argilla to prove it, in order and without the looks."""
    names = {"workspaces", "pause", "restart"}
    asked = [(entry.method, entry.path.split("?")[0].rsplit("/", 1)[-1]) for entry in sandbox.requests.all()]
    return [f"{method} {name}" for method, name in asked if name in names]


# --- The proof ------------------------------------------------------------------------------------


def test_what_was_written_is_read_again_from_another_start_of_the_application(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.PROOF)
    sandbox.requests.clear()

    space = work(space)

    assert space.state == SpaceState.READY
    assert space.proof == Proof.READ
    assert space.proven_at
    asked = of_proof(sandbox)
    assert asked[:4] == ["POST workspaces", "POST pause", "POST restart", "GET workspaces"]
    assert marks(space) == []


def test_a_space_that_loses_its_data_is_found_out(api: HfApi):
    space = work_until(a_requested_space(), StepKey.PROOF)
    api.delete_space_volumes(space.repo_id)

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert space.proven_at is None
    assert "does not keep its data" in step(space, StepKey.PROOF).error
    assert space.bucket_id in step(space, StepKey.PROOF).error


def test_when_its_volume_is_back_it_is_proven_anew(api: HfApi):
    space = work_until(a_requested_space(), StepKey.PROOF)
    api.delete_space_volumes(space.repo_id)
    space = work(space)

    space = work(try_again(space))

    assert space.state == SpaceState.READY
    assert space.proven_at
    assert marks(space) == []


@pytest.mark.parametrize("lost", ["/volumes$", "/duplicate$"])
def test_a_proof_is_void_also_where_the_answer_to_what_voids_it_was_lost(
    api: HfApi, sandbox: SandboxServer, lost: str
):
    space = work(a_requested_space())
    before = space.proven_at
    if "volumes" in lost:
        api.delete_space_volumes(space.repo_id)
    else:
        api.delete_repo(space.repo_id, repo_type="space")
    sandbox.faults.add("lost_answer", path=lost)

    space = work(try_again(space))

    assert sandbox.faults.left() == 0
    assert space.state == SpaceState.READY
    assert space.proven_at > before


def test_what_is_proven_is_not_stopped_again(sandbox: SandboxServer):
    space = work(a_requested_space())
    proven_at = space.proven_at
    sandbox.requests.clear()

    space = work(try_again(space))

    assert space.state == SpaceState.READY
    assert space.proven_at == proven_at
    assert [call for call in of_proof(sandbox) if call.startswith("POST")] == []


def test_the_space_is_stopped_only_when_what_was_written_has_reached_the_volume(
    sandbox: SandboxServer, settings: Settings
):
    settings.SPACE_SETTLE_TIME = timedelta(seconds=30)
    space = work_until(a_requested_space(), StepKey.PROOF)
    sandbox.requests.clear()
    begun = clock.now()

    space = work(space)

    assert space.state == SpaceState.READY
    assert space.proof_at is not None
    assert space.proof_at - begun >= timedelta(seconds=30)
    assert of_proof(sandbox).count("POST pause") == 1


def test_a_space_that_does_not_stop_is_given_up(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.PROOF)
    sandbox.faults.add("status", path="/pause", status=200, body='{"stage": "RUNNING"}', times=None)

    space = work(space, runs=200)

    assert space.state == SpaceState.FAILED
    assert "minutes" in step(space, StepKey.PROOF).error
    assert space.proven_at is None


def test_a_key_that_is_not_the_owners_proves_nothing(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.PROOF)
    sandbox.faults.add(
        "status", path="/me$", status=200, body='{"id": "1", "username": "ibis", "role": "annotator"}'
    )

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert "not its owner's" in step(space, StepKey.PROOF).error


def test_a_key_that_argilla_does_not_take_needs_a_person(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.PROOF)
    sandbox.faults.add("status", path="/me$", status=401, body='{"detail": {"code": "x"}}')

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert "owner's key" in step(space, StepKey.PROOF).error


# --- Faults and dead workers ----------------------------------------------------------------------

CALLS = [
    ("GET", "/api/v1/status"),
    ("GET", "/api/v1/me$"),
    ("POST", "/api/v1/workspaces"),
    ("GET", "/api/v1/me/workspaces"),
    ("DELETE", "/api/v1/workspaces/"),
    ("GET", "/api/v1/oauth2/providers$"),
    ("GET", "/api/v1/oauth2/providers/huggingface/authentication"),
    ("POST", "/api/spaces/[^/]+/[^/]+/pause"),
    ("POST", "/api/spaces/[^/]+/[^/]+/restart"),
    ("GET", "/api/spaces/[^/]+/[^/]+/runtime"),
    ("GET", "/api/spaces/data-is-better-together/[^/]+$"),
]


@pytest.mark.parametrize("fault", ["reset", "lost_answer"])
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_failure_that_passes_is_made_good_by_itself(
    sandbox: SandboxServer, method: str, path: str, fault: str
):
    space = work_until(a_requested_space(), StepKey.RUNNING)
    sandbox.faults.add(fault, method=method, path=path)

    space = work(space)

    assert space.state == SpaceState.READY
    assert space.proven_at
    assert marks(space) == []


class Killed(BaseException):
    """Nothing of ours catches it: as good as kill -9 for what is written down."""


def killing(at: int, keep: Callable[[Space], None]) -> Callable[[Space], None]:
    """`ledger.keep`, which comes before each request and each entry, deadly at its `at`th call."""
    left = [at]

    def keep_or_die(space: Space) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        keep(space)

    return keep_or_die


@pytest.mark.parametrize("at", range(1, 27, 2))
def test_a_proof_whose_worker_dies_is_taken_over(
    monkeypatch: pytest.MonkeyPatch, sandbox: SandboxServer, at: int
):
    """Between any two of its requests and entries; what was asked before is not known to whoever takes over."""
    monkeypatch.setattr(tasks.spaces.provision, "apply_async", lambda *_args, **_more: None)
    space = work_until(a_requested_space(), StepKey.PROOF)
    monkeypatch.setattr(ledger, "keep", killing(at, ledger.keep))
    now = clock.now()

    died, run = 0, 0
    while run < 40 and Space.objects.get(pk=space.pk).is_moving:
        with clock.at(now + run * (pace.LEASE + timedelta(seconds=1))):
            try:
                tasks.spaces.provision(space.pk)
            except Killed:
                died += 1
        run += 1

    space.refresh_from_db()
    assert died == 1
    assert space.state == SpaceState.READY
    assert space.proven_at
    assert marks(space) == []
    assert sandbox.state.stage(space.repo_id) == "RUNNING"


def test_a_worker_that_died_keeps_nobody_waiting_longer_than_its_lease(monkeypatch: pytest.MonkeyPatch):
    space = work_until(a_requested_space(), StepKey.PROOF)
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "keep", killing(3, ledger.keep))
        with pytest.raises(Killed):
            reconciler.run(space.pk, the_hub())

    assert not Space.objects.waiting()
    with clock.at(clock.now() + pace.LEASE + timedelta(seconds=1)):
        assert list(Space.objects.waiting()) == [space]


# --- Before and after it --------------------------------------------------------------------------


def test_argilla_that_does_not_answer_yet_is_waited_for(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.ARGILLA)
    sandbox.faults.add("status", path="/api/v1/status", status=200, body="<html>Starting</html>", times=3)

    for minute in range(3):
        with clock.at(clock.now() + timedelta(minutes=minute)):
            reconciler.run(space.pk, the_hub())

    row = step(space, StepKey.ARGILLA)
    assert (row.attempt, row.error) == (0, "Something else answers in Argilla's place (200).")
    Space.objects.filter(pk=space.pk).update(due_at=clock.now())
    assert work(space).state == SpaceState.READY


def test_argilla_that_never_answers_is_given_up_with_what_was_seen_last(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.ARGILLA)
    sandbox.faults.add("status", path="/api/v1/status", status=503, times=None)

    space = work(space, runs=200)

    assert space.state == SpaceState.FAILED
    assert "45 minutes" in step(space, StepKey.ARGILLA).error
    assert "cannot answer now (503)" in step(space, StepKey.ARGILLA).error


@pytest.mark.parametrize("stage", ["SLEEPING", "PAUSED", "RUNTIME_ERROR"])
def test_a_space_that_goes_down_while_argilla_starts_is_brought_up_again(sandbox: SandboxServer, stage: str):
    space = work_until(a_requested_space(), StepKey.ARGILLA)
    sandbox.state.force_stage(space.repo_id, stage)

    space = work(space)

    assert space.state == SpaceState.READY
    assert sandbox.state.stage(space.repo_id) == "RUNNING"


def test_a_space_without_sign_in_needs_a_person(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.SIGN_IN)
    sandbox.faults.add("status", path="/oauth2/providers$", status=200, body=NONE)

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert ".oauth.yaml" in step(space, StepKey.SIGN_IN).error


def test_a_sign_in_without_a_client_needs_a_person(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.SIGN_IN)
    anonymous = {"Location": "https://huggingface.co/oauth/authorize?client_id=None&scope=openid"}
    sandbox.faults.add("status", path="/authentication$", status=303, headers=anonymous)

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert "hf_oauth" in step(space, StepKey.SIGN_IN).error
