"""An Argilla to speak to: that of a Space in the sandbox, or a real one that the environment names.

The real one: ARGILLA_URL and ARGILLA_API_KEY, of a server that may be written into; what is written is deleted again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import httpx2
import pytest
from django.conf import settings

from dibt.gateways.argilla import Argilla
from dibt.gateways.hub import Mount, NewSpace, the_hub
from projects.provisioning import files

TEMPLATE = "argilla/argilla-template-space"
KEY = "the-key-of-the-owner"
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    address: str
    api_key: str

    def as_owner(self) -> Argilla:
        return Argilla(self.address, api_key=self.api_key, timeout=settings.HUB_TIMEOUT)

    def with_key(self, api_key: str) -> Argilla:
        return Argilla(self.address, api_key=api_key, timeout=settings.HUB_TIMEOUT)


def in_the_sandbox(repo_id: str = "") -> Server:
    """A new Space with a volume, which runs."""
    hub, repo_id = the_hub(), repo_id or f"data-is-better-together/argilla-{next(_numbers)}"
    hub.ensure_bucket(f"{repo_id}-data")
    hub.create_space(
        NewSpace(
            repo_id=repo_id,
            template=TEMPLATE,
            visibility="public",
            hardware="cpu-basic",
            sleep_seconds=None,
            variables={"USERNAME": "ibis", "WORKSPACE": files.WORKSPACE},
            secrets={"API_KEY": KEY},
            mounts=(Mount(f"{repo_id}-data", "/data"),),
        )
    )
    return Server(hub.space_host(repo_id), KEY)


def real() -> Server:
    """The server that the environment names; skips the test where it names none."""
    url, key = os.environ.get("ARGILLA_URL"), os.environ.get("ARGILLA_API_KEY")
    if not url or not key:
        pytest.skip("No real Argilla was given: set ARGILLA_URL and ARGILLA_API_KEY to speak to one")
    return Server(url, key)


@contextmanager
def workspace(argilla: Argilla, name: str) -> Iterator[str]:
    """A workspace for the time of a test; gives its id."""
    argilla.create_workspace(name)
    made = argilla.workspaces()[name]
    yield made
    if name in argilla.workspaces():
        argilla.delete_workspace(made)


@contextmanager
def account(server: Server, name: str) -> Iterator[str]:
    """The id of somebody in that Argilla whose password may be changed: for the time of a test in a real one, in the
    sandbox, which knows nobody else, its owner."""
    owner = server.as_owner().me()
    if server.api_key == KEY:
        yield owner.id
        return
    someone = {"username": name, "first_name": "Contract", "password": "first-password", "role": "annotator"}
    headers = {"X-Argilla-Api-Key": server.api_key}
    with httpx2.Client(base_url=f"{server.address}/api/v1", headers=headers) as ask:
        made = ask.post("/users", json=someone).json()["id"]
        yield made
        ask.delete(f"/users/{made}")


def can_sign_in(server: Server, user_id: str, password: str) -> bool:
    """Whether that account signs in with that password, by hand."""
    headers = {"X-Argilla-Api-Key": server.api_key}
    api = f"{server.address}/api/v1"
    owner = server.as_owner().me()
    name = owner.username
    if user_id != owner.id:
        name = httpx2.get(f"{api}/users/{user_id}", headers=headers).json()["username"]
    return httpx2.post(f"{api}/token", data={"username": name, "password": password}).status_code == 201
