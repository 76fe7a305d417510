from collections.abc import Iterator

import pytest
from django.conf import settings
from huggingface_hub import HfApi

from dibt.demo.applying import HOST
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer


@pytest.fixture
def calm_sandbox(sandbox: SandboxServer) -> Iterator[SandboxServer]:
    """The sandbox with no Space of ours, where nothing goes wrong unless the test says so, and nothing does
    afterwards."""
    sandbox.state.delete_spaces(owner=HOST)
    sandbox.faults.clear()
    sandbox.requests.clear()
    yield sandbox
    sandbox.faults.clear()


@pytest.fixture
def api(sandbox: SandboxServer) -> HfApi:
    """The Hub as somebody else than the platform looks at it, to see what is really there."""
    return HfApi(endpoint=settings.HUB_URL, token=PLATFORM_TOKEN)
