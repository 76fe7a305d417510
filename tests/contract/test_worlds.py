"""What the contract tests promise whoever lends them a Hub: nothing is left there, and the token is not printed."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.contract import worlds
from tests.contract.conftest import HOST
from tests.contract.worlds import World, a_world, wanted_space
from tests.house.running import ROOT

# What would make the other pytest a part of this one.
ALONE = {"PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS", "DJANGO_SETTINGS_MODULE"}
UNKNOWN_TOKEN = "hf_nobody_has_this_token"


def everything(sandbox: SandboxServer) -> set[str]:
    return {*sandbox.state.repos("space", owner=HOST), *sandbox.state.buckets(owner=HOST)}


def make_and_fail(seen: list[World]) -> None:
    """A Space, a bucket, the name of another Space, and a mistake."""
    with a_world(endpoint=settings.HUB_URL, token=PLATFORM_TOKEN, owner=HOST, is_real=False) as world:
        seen.append(world)
        world.hub.create_space(wanted_space(world, mounts=(), variables={}))
        world.hub.ensure_bucket(world.name_a_bucket())
        world.name_a_space()
        raise ZeroDivisionError


def test_what_was_named_is_deleted_also_after_a_failure(sandbox: SandboxServer):
    before, seen = everything(sandbox), list[World]()
    sandbox.requests.clear()

    with pytest.raises(ZeroDivisionError):
        make_and_fail(seen)

    assert len(seen[0].spaces) == 2
    assert len(sandbox.requests.all(method="POST")) == 2
    assert everything(sandbox) == before


def test_what_would_not_go_is_named_and_keeps_nothing_else(sandbox: SandboxServer):
    before, seen = everything(sandbox), list[World]()
    sandbox.faults.add("status", method="DELETE", path="/api/repos/delete", status=403)

    with pytest.raises(RuntimeError) as told:
        make_and_fail(seen)

    space = seen[0].spaces[0]
    assert str(told.value).endswith(f"to be deleted by hand: {space}")
    assert everything(sandbox) == before | {space}
    seen[0].hub.delete_space(space)


@pytest.mark.slow
@pytest.mark.once
def test_the_real_half_asks_what_the_environment_names_and_leaves_nothing(sandbox: SandboxServer):
    sandbox.faults.clear()
    before = everything(sandbox)
    sandbox.requests.clear()

    done = real_half(sandbox, token=PLATFORM_TOKEN)

    assert done.returncode == 0, done.stdout
    assert "21 passed" in done.stdout
    assert "/api/whoami-v2" in {entry.path for entry in sandbox.requests.all()}
    assert everything(sandbox) == before


@pytest.mark.slow
@pytest.mark.once
def test_without_a_paid_plan_the_spaces_are_skipped_with_a_word(sandbox: SandboxServer):
    sandbox.faults.add("status", path="/duplicate", status=402, times=None, body='{"error": "Pay first"}')

    done = real_half(sandbox, token=PLATFORM_TOKEN)

    sandbox.faults.clear()
    assert done.returncode == 0, done.stdout
    assert f"{HOST} has no paid plan, which the Hub wants for Docker Spaces (402)" in done.stdout


@pytest.mark.slow
@pytest.mark.once
def test_the_token_is_not_in_what_a_failure_prints(sandbox: SandboxServer):
    done = real_half(sandbox, "--showlocals", "-k", "real and belongs", token=UNKNOWN_TOKEN)

    assert done.returncode == 1
    assert worlds.HIDDEN in done.stdout
    assert UNKNOWN_TOKEN not in done.stdout + done.stderr


def real_half(sandbox: SandboxServer, *options: str, token: str) -> "subprocess.CompletedProcess[str]":
    """Run it as its docstring says, with this sandbox as the Hub that is given."""
    given = {"HF_TOKEN": token, "HUB_CONTRACT_ORG": HOST, "HUB_CONTRACT_URL": sandbox.url, "HF_DEBUG": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/contract/test_hub_contract.py",
    ]
    return subprocess.run(
        [*command, *(options or ("-k", "real"))],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in ALONE} | given,
        capture_output=True,
        text=True,
        check=False,
    )
