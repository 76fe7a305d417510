"""A Hub that may be written into: that of the sandbox, or the real one if the environment gives a token for it.

Everything that is made gets its name here first, and so is deleted at the end, whatever happens in between.
"""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from huggingface_hub import HfApi

from dibt.gateways.errors import GatewayError, RetryLaterError
from dibt.gateways.hub import Hub, Mount, NewSpace

ORGANISATION = os.environ.get("HUB_CONTRACT_ORG", "")
TOKEN = os.environ.get("HUB_CONTRACT_TOKEN", "")  # HF_TOKEN, put aside by the settings of the tests
URL = os.environ.get("HUB_CONTRACT_URL", "https://huggingface.co")
IS_GIVEN = bool(ORGANISATION and TOKEN)
NOT_GIVEN = (
    "No real Hub was given: set HF_TOKEN and HUB_CONTRACT_ORG, an organisation to make Spaces in, to ask it"
)
HIDDEN = "[token]"
FREE = "cpu-basic"
PATIENCE = 30 * 60.0  # seconds: the real Hub gives a Space half an hour to start
SOON = 5 * 60.0
PAUSE = 5.0


@dataclass(frozen=True)
class World:
    """One Hub as our account on it, and what was named there. `api` is for looking only."""

    hub: Hub
    api: HfApi
    owner: str
    is_real: bool
    spaces: list[str] = field(default_factory=list)
    buckets: list[str] = field(default_factory=list)

    def name_a_space(self) -> str:
        self.spaces.append(self.free_name())
        return self.spaces[-1]

    def name_a_bucket(self) -> str:
        self.buckets.append(self.free_name())
        return self.buckets[-1]

    def free_name(self) -> str:
        """A name that nobody has, for what is not made."""
        return f"{self.owner}/dibt-contract-{uuid.uuid4().hex[:12]}"

    def until(self, holds: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
        """Ask until it holds, again and again on the real Hub and once in the sandbox, where nothing takes time."""
        end = time.monotonic() + (seconds if self.is_real else 0)
        while not _holds(holds):
            assert time.monotonic() < end, "It has not come about"
            time.sleep(PAUSE)

    def delete_all(self) -> None:
        """Delete whatever was named, Spaces first. Raises RuntimeError with the names of what would not go."""
        wanted = [(self.hub.delete_space, name) for name in self.spaces]
        wanted += [(self.hub.delete_bucket, name) for name in self.buckets]
        left = [name for delete, name in wanted if not self._is_deleted(delete, name)]
        if left:
            raise RuntimeError(f"Left on {self.api.endpoint}, to be deleted by hand: {', '.join(left)}")

    def _is_deleted(self, delete: Callable[[str], None], name: str) -> bool:
        def done() -> bool:
            try:
                delete(name)
            except GatewayError:
                return False
            return True

        try:
            self.until(done, seconds=SOON)
        except AssertionError:
            return False
        return True


@contextmanager
def a_world(*, endpoint: str, token: str, owner: str, is_real: bool) -> Iterator[World]:
    """That Hub for as long as it is needed, and nothing of ours on it afterwards."""
    hub = Hub(endpoint=endpoint, token=token, timeout=settings.HUB_TIMEOUT)
    world = World(hub, HfApi(endpoint=endpoint, token=token), owner, is_real)
    try:
        yield world
    finally:
        world.delete_all()


def wanted_space(world: World, *, mounts: tuple[Mount, ...], variables: dict[str, str]) -> NewSpace:
    """What the platform makes a private Space of, on free hardware."""
    return NewSpace(
        repo_id=world.name_a_space(),
        template=settings.SPACE_TEMPLATE,
        visibility="private",
        hardware=FREE,
        sleep_seconds=None,
        variables={"WORKSPACE": "argilla", **variables},
        secrets={"API_KEY": uuid.uuid4().hex, "PASSWORD": uuid.uuid4().hex},
        mounts=mounts,
    )


def _holds(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except RetryLaterError:
        return False
