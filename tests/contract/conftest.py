"""The same cases on two Hubs. What a failure prints never holds the token of the real one."""

from collections.abc import Generator, Iterator

import pytest
from django.conf import settings

from dibt.gateways.errors import RefusedError
from dibt.gateways.hub import Mount, NewSpace
from dibt.sandbox.testing import PLATFORM_TOKEN
from projects.provisioning.wanted import DATA, PROVISION_ID
from tests.contract import worlds
from tests.contract.worlds import World

HOST = "data-is-better-together"
PAYMENT_REQUIRED = 402
# Once is enough: what it tells does not depend on the database.
REAL = pytest.param("real", marks=[pytest.mark.enable_socket, pytest.mark.once])


def pytest_runtest_setup(item: pytest.Item) -> None:
    called_with = getattr(item, "callspec", None)
    if called_with and called_with.params.get("world") == "real" and not worlds.IS_GIVEN:
        pytest.skip(worlds.NOT_GIVEN)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """pytest prints what functions were called with, of which some are given the token."""
    report = yield
    if worlds.TOKEN and worlds.TOKEN in str(report.longrepr):
        report.longrepr = str(report.longrepr).replace(worlds.TOKEN, worlds.HIDDEN)
    report.sections = [
        (title, text.replace(worlds.TOKEN, worlds.HIDDEN) if worlds.TOKEN else text)
        for title, text in report.sections
    ]
    return report


@pytest.fixture(scope="module", params=["sandbox", REAL])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "real":
        hub = worlds.a_world(endpoint=worlds.URL, token=worlds.TOKEN, owner=worlds.ORGANISATION, is_real=True)
    else:
        request.getfixturevalue("sandbox").faults.clear()
        hub = worlds.a_world(endpoint=settings.HUB_URL, token=PLATFORM_TOKEN, owner=HOST, is_real=False)
    with hub as world:
        yield world


@pytest.fixture(scope="module")
def bucket(world: World) -> str:
    """A bucket that was asked for twice, as a step that is repeated does."""
    name = world.name_a_bucket()
    world.hub.ensure_bucket(name)
    world.hub.ensure_bucket(name)
    return name


@pytest.fixture(scope="module")
def wanted(world: World, bucket: str) -> NewSpace:
    """What the Space of all cases was made of; it is there."""
    return made(world, mounts=(Mount(bucket, DATA),), provision_id="0b6ec5d2-contract")


@pytest.fixture
def passing(world: World) -> NewSpace:
    """Another Space, which the case may delete."""
    return made(world, mounts=(), provision_id="another")


def made(world: World, *, mounts: tuple[Mount, ...], provision_id: str) -> NewSpace:
    space = worlds.wanted_space(world, mounts=mounts, variables={PROVISION_ID: provision_id})
    try:
        world.hub.create_space(space)
    except RefusedError as error:
        answer = getattr(error.__cause__, "response", None)
        if world.is_real and answer is not None and answer.status_code == PAYMENT_REQUIRED:
            pytest.skip(f"{world.owner} has no paid plan, which the Hub wants for Docker Spaces (402)")
        raise
    return space
