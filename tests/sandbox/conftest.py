"""One sandbox for all of these tests; each takes names of its own and starts without faults."""

import uuid
from collections.abc import Iterator

import huggingface_hub
import pytest
from huggingface_hub import HfApi
from huggingface_hub.utils import _http as http

from dibt.sandbox.testing import PLATFORM_TOKEN, READONLY_TOKEN, SandboxServer

ORG = "data-is-better-together"
TEMPLATE = "argilla/argilla-template-space"


@pytest.fixture(autouse=True)
def _the_clients_own_transport() -> Iterator[None]:
    """The client as everybody has it: the site's gateway, if a test used it before, gives it a transport of its own."""
    before = http._GLOBAL_CLIENT_FACTORY
    huggingface_hub.set_client_factory(http.default_client_factory)
    yield
    huggingface_hub.set_client_factory(before)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("sandbox")) as server:
        yield server
        huggingface_hub.close_session()


@pytest.fixture
def sandbox(shared: SandboxServer) -> Iterator[SandboxServer]:
    shared.requests.clear()
    yield shared
    shared.faults.clear()
    shared.limits.reset()


@pytest.fixture
def platform(sandbox: SandboxServer) -> HfApi:
    """The client with the platform's token."""
    return HfApi(endpoint=sandbox.url, token=PLATFORM_TOKEN)


@pytest.fixture
def reader(sandbox: SandboxServer) -> HfApi:
    """The client with a token that may only read."""
    return HfApi(endpoint=sandbox.url, token=READONLY_TOKEN)


@pytest.fixture
def stranger(sandbox: SandboxServer) -> HfApi:
    """The client of somebody who belongs to no organisation."""
    return HfApi(endpoint=sandbox.url, token="hf_sandbox_marmot")


@pytest.fixture
def anonymous(sandbox: SandboxServer) -> HfApi:
    return HfApi(endpoint=sandbox.url, token=False)


@pytest.fixture
def name() -> str:
    """A repository in the hosting organisation that nobody has taken."""
    return f"{ORG}/test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def space(platform: HfApi, name: str) -> str:
    """A Space made from the template."""
    platform.duplicate_repo(TEMPLATE, name, repo_type="space")
    return name


@pytest.fixture
def dataset(platform: HfApi, name: str) -> str:
    """An empty dataset."""
    platform.create_repo(name, repo_type="dataset")
    return name
