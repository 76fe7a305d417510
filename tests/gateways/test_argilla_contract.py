"""What we rely on of Argilla, asked of the sandbox's and, where one is given, of a real server."""

import uuid
from collections.abc import Callable

import pytest

from dibt.gateways.errors import ConflictError, MissingError, RefusedError
from dibt.gateways.hub import Hub
from tests.gateways import argilla_servers
from tests.gateways.argilla_servers import Server, account, can_sign_in, workspace

SERVERS: dict[str, Callable[[], Server]] = {
    "sandbox": argilla_servers.in_the_sandbox,
    "real": argilla_servers.real,
}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, hub: Hub) -> Server:
    return SERVERS[request.param]()


@pytest.fixture
def name() -> str:
    return f"dibt-contract-{uuid.uuid4().hex[:8]}"


def test_the_status_tells_the_version_to_everybody(server: Server):
    assert server.as_owner().status().startswith("2.")
    assert server.with_key("nobody's").status().startswith("2.")


def test_the_key_belongs_to_an_owner(server: Server):
    me = server.as_owner().me()

    assert me.role == "owner"
    assert me.username


def test_a_key_that_nobody_has_is_refused(server: Server):
    with pytest.raises(RefusedError, match="owner's key"):
        server.with_key("nobody's").me()


def test_a_workspace_is_there_once_it_is_made_and_gone_once_it_is_deleted(server: Server, name: str):
    argilla = server.as_owner()
    before = argilla.workspaces()

    with workspace(argilla, name) as made:
        during = argilla.workspaces()
    after = argilla.workspaces()

    assert name not in before
    assert during[name] == made
    assert after == before


def test_a_name_is_taken_only_once(server: Server, name: str):
    argilla = server.as_owner()

    with workspace(argilla, name):
        with pytest.raises(ConflictError, match=name):
            argilla.create_workspace(name)

        assert list(argilla.workspaces()).count(name) == 1


def test_a_name_that_argilla_does_not_take_is_refused(server: Server):
    with pytest.raises(RefusedError):
        server.as_owner().create_workspace("")


def test_what_is_deleted_cannot_be_deleted_again(server: Server, name: str):
    argilla = server.as_owner()
    with workspace(argilla, name) as made:
        argilla.delete_workspace(made)

        with pytest.raises(MissingError):
            argilla.delete_workspace(made)


def test_a_provider_that_it_does_not_offer_has_no_client(server: Server):
    argilla = server.as_owner()

    assert "nowhere" not in argilla.sign_in_providers()
    with pytest.raises(MissingError):
        argilla.sign_in_client("nowhere")


def test_a_new_password_is_the_one_to_sign_in_with(server: Server, name: str):
    with account(server, name) as someone:
        server.as_owner().set_password(someone, "second-password")

        assert can_sign_in(server, someone, "second-password")
        assert not can_sign_in(server, someone, "first-password")


def test_a_password_that_is_too_short_is_refused(server: Server, name: str):
    with account(server, name) as someone, pytest.raises(RefusedError):
        server.as_owner().set_password(someone, "short")
