from collections.abc import Iterator
from itertools import count

import pytest

from dibt.gateways.hub import Hub, the_hub
from dibt.sandbox.testing import SandboxServer

_numbers = count(1)


@pytest.fixture
def hub(sandbox: SandboxServer) -> Iterator[Hub]:
    """The gateway as the site uses it, in front of a sandbox where nothing goes wrong unless a test says so."""
    sandbox.faults.clear()
    sandbox.requests.clear()
    yield the_hub()
    sandbox.faults.clear()


@pytest.fixture
def repo_id() -> str:
    """A name in the hosting organisation that no other test has."""
    return f"data-is-better-together/gateway-{next(_numbers)}"
