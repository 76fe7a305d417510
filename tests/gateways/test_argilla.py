"""What answers in a Space, and what becomes of it; the sandbox's Argilla plays the good part."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from dibt.gateways.argilla import Argilla
from dibt.gateways.errors import (
    ConflictError,
    ForbiddenError,
    GatewayError,
    MissingError,
    RefusedError,
    RetryLaterError,
)
from dibt.gateways.heartbeat import heartbeat
from dibt.gateways.hub import Hub
from dibt.sandbox.testing import SandboxServer
from tests.gateways.argilla_servers import KEY, in_the_sandbox

ME = "/api/v1/me$"


@pytest.fixture
def argilla(hub: Hub) -> Argilla:
    return in_the_sandbox().as_owner()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, RefusedError),
        (400, RefusedError),
        (401, RefusedError),
        (403, ForbiddenError),
        (404, MissingError),
        (408, RetryLaterError),
        (409, ConflictError),
        (422, RefusedError),
        (429, RetryLaterError),
        (500, RetryLaterError),
        (503, RetryLaterError),
    ],
)
def test_each_status_becomes_the_error_that_says_what_to_do(
    argilla: Argilla, sandbox: SandboxServer, status: int, kind: type[GatewayError]
):
    sandbox.faults.add("status", path=ME, status=status, body='{"detail": "Because"}')

    with pytest.raises(kind) as caught:
        argilla.me()

    assert type(caught.value) is kind
    assert ("“Because”" in caught.value.message) == (kind is not RetryLaterError)


@pytest.mark.parametrize("fault", ["reset", "lost_answer"])
def test_a_broken_connection_is_worth_another_try(argilla: Argilla, sandbox: SandboxServer, fault: str):
    sandbox.faults.add(fault, path=ME)

    with pytest.raises(RetryLaterError, match="connection"):
        argilla.me()
    assert argilla.me().role == "owner"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "no address", "ftp://127.0.0.1", ""])
def test_an_argilla_that_is_not_there_is_worth_another_try(address: str):
    with pytest.raises(RetryLaterError):
        Argilla(address, api_key=KEY, timeout=settings.HUB_TIMEOUT).status()


def test_an_argilla_that_never_answers_holds_the_caller_no_longer_than_the_timeout(sandbox: SandboxServer):
    sandbox.faults.add("hang", path="/api/v1/status")
    impatient = Argilla(f"{sandbox.url}/apps/x", api_key=KEY, timeout=timedelta(seconds=0.2))

    with pytest.raises(RetryLaterError, match="in time"):
        impatient.status()
    sandbox.faults.clear()


@pytest.mark.parametrize("status", [200, 401, 404])
@pytest.mark.parametrize("body", ["<html>Your Space is starting</html>", "[1]", '"x"', ""])
def test_what_is_not_argilla_is_worth_another_try(
    argilla: Argilla, sandbox: SandboxServer, status: int, body: str
):
    sandbox.faults.add("status", path=ME, status=status, body=body)

    with pytest.raises(RetryLaterError, match="in Argilla's place"):
        argilla.me()


@pytest.mark.parametrize("body", ["{}", '{"items": 1}', '{"items": [1]}', '{"items": [{"name": 1}]}'])
def test_an_answer_of_another_shape_is_worth_another_try(argilla: Argilla, sandbox: SandboxServer, body: str):
    sandbox.faults.add("status", path="/me/workspaces", status=200, body=body)

    with pytest.raises(RetryLaterError, match="understood"):
        argilla.workspaces()


def test_an_answer_without_end_is_not_read_to_its_end(argilla: Argilla, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ME, status=200, body="x" * (11 * 1024 * 1024))

    with pytest.raises(RetryLaterError):
        argilla.me()


def test_a_redirect_does_not_carry_the_key_elsewhere(argilla: Argilla, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ME, status=307, headers={"Location": f"{sandbox.url}/elsewhere"})

    with pytest.raises(GatewayError):
        argilla.me()

    assert sandbox.requests.all(path="/elsewhere") == []


def test_argillas_words_are_told_without_the_key_that_it_repeats(argilla: Argilla, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ME, status=400, body=f'{{"detail": "You sent {KEY} here"}}')

    with pytest.raises(RefusedError, match="You sent ••• here"):
        argilla.me()


def test_no_error_tells_the_key(argilla: Argilla, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ME, status=400, body='{"detail": {"params": "a"}}')

    with pytest.raises(RefusedError) as caught:
        argilla.me()

    assert KEY not in str(caught.value) + repr(caught.value.__dict__) + repr(argilla)


def test_a_password_is_replaced_and_the_key_stays_good(argilla: Argilla, sandbox: SandboxServer):
    owner = argilla.me()
    sandbox.requests.clear()

    argilla.set_password(owner.id, "another-password")

    assert argilla.me() == owner
    (asked, _me) = sandbox.requests.all()
    assert (asked.method, asked.path.endswith(f"/api/v1/users/{owner.id}")) == ("PATCH", True)


@pytest.mark.parametrize("password", ["1234567", "x" * 101])
def test_a_password_that_argilla_does_not_take_is_refused_without_telling_it(argilla: Argilla, password: str):
    with pytest.raises(RefusedError) as caught:
        argilla.set_password(argilla.me().id, password)

    assert password not in caught.value.message


def test_nobody_has_no_password(argilla: Argilla):
    with pytest.raises(MissingError):
        argilla.set_password(str(uuid.uuid4()), "another-password")


def test_each_request_is_preceded_by_a_sign_of_life(hub: Hub, argilla: Argilla, sandbox: SandboxServer):
    beats: list[int] = []
    sandbox.requests.clear()

    with heartbeat(lambda: beats.append(len(sandbox.requests.all()))):
        argilla.status()
        hub.organisation("delta-readers")

    assert beats == [0, 1]


def test_who_may_not_go_on_asks_for_nothing(hub: Hub, argilla: Argilla, sandbox: SandboxServer):
    def stop() -> None:
        raise InterruptedError

    sandbox.requests.clear()

    with heartbeat(stop):
        with pytest.raises(InterruptedError):
            argilla.status()
        with pytest.raises(InterruptedError):
            hub.organisation("delta-readers")

    assert sandbox.requests.all() == []


def test_the_door_of_a_private_space_is_opened_with_a_token_of_the_hub(hub: Hub, sandbox: SandboxServer):
    repo_id = "data-is-better-together/argilla-behind-a-door"
    address = in_the_sandbox(repo_id).address
    hub.set_space_private(repo_id, private=True)
    outside = Argilla(address, api_key=KEY, timeout=settings.HUB_TIMEOUT)
    inside = Argilla(address, api_key=KEY, timeout=settings.HUB_TIMEOUT, space_token=settings.HUB_TOKEN)

    with pytest.raises(GatewayError):
        outside.status()
    assert inside.status()
    assert inside.me().role == "owner"
