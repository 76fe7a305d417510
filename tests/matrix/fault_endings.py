"""How a run may end: as it was asked for, with one of everything, or refused in a sentence that people are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from django.urls import reverse

from accounts.models import Notice, User
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from projects.models import FREE_HARDWARE, Space, SpaceState, StepState
from projects.provisioning.wanted import Wanted, wanted_of
from tests.projects.space_worlds import lead_of

TITLE = "Describe the project and its sign-in"
OWNER = "data-is-better-together"
KINDS = ("model", "dataset", "space")


@dataclass(frozen=True)
class Stock:
    """Every repository and bucket on the Hub."""

    things: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, sandbox: SandboxServer) -> "Stock":
        repos = {(kind, name) for kind in KINDS for name in sandbox.state.repos(kind)}
        return cls(frozenset(repos | {("bucket", name) for name in sandbox.state.buckets(owner=OWNER)}))


def too_many(space: Space, before: Stock, sandbox: SandboxServer) -> list[str]:
    """What was made since then that nobody asked for; at most one Space and one bucket were."""
    ours = {("space", space.repo_id), ("bucket", space.bucket_id)}
    made = Stock.of(sandbox).things - before.things
    return [f"{kind} {name} was made besides" for kind, name in sorted(made - ours)]


def unfinished(space: Space) -> list[str]:
    """Whether it still moves, is held, or has a step that is under way."""
    wrong = [f"it is still {space.state}"] if space.is_moving else []
    if space.lease_holder is not None or space.leased_until is not None:
        wrong.append("a worker still holds it")
    moving = space.steps.filter(state__in=[StepState.WORKING, StepState.WAITING])
    return wrong + [f"the step {step.key} is {step.state}" for step in moving]


def not_as_wanted(space: Space, sandbox: SandboxServer) -> list[str]:
    """What differs on the Hub, and in the row, from what was asked for."""
    left = [f"the step {step.key} is {step.state}" for step in space.steps.exclude(state=StepState.DONE)]
    return left + list(ENDINGS[SpaceState(space.state)](space, sandbox))


def not_told(space: Space) -> list[str]:
    """What is missing of a refusal: one failed step that says why, and the mail to leads and organisers."""
    failed = space.steps.filter(state=StepState.FAILED)
    wrong = [] if len(failed) == 1 else [f"{len(failed)} steps have failed"]
    wrong += [
        f"the step {step.key} gives no reason" for step in failed if not step.error.endswith((".", "”"))
    ]
    people = {lead_of(space.project), *User.objects.filter(is_organiser=True)}
    notices = Notice.objects.filter(
        kind="space-failed", url=reverse("manage:space", args=[space.project.slug])
    )
    return wrong + [f"{person} is not told" for person in people - {notice.user for notice in notices}]


def _ready(space: Space, sandbox: SandboxServer) -> Iterator[str]:
    wanted, seen = wanted_of(space, other_name=""), Seen(sandbox, space)
    yield from _bucket_that_is_missing(space, sandbox)
    if not seen.exists:
        yield "there is no Space"
        return
    yield from _settings_that_differ(wanted, seen, sandbox)
    yield from _files_that_differ(wanted, seen)
    if (stage := sandbox.state.stage(space.repo_id)) != "RUNNING":
        yield f"the Space is {stage}"
    if space.proven_at is None or space.ready_at is None:
        yield "nothing is proven"
    if space.rotating:
        yield f"{space.rotating} are not renewed"


def _settings_that_differ(wanted: Wanted, seen: "Seen", sandbox: SandboxServer) -> Iterator[str]:
    if (variables := seen.variables) != wanted.variables:
        yield f"its variables are {variables}"
    if (names := seen.secret_names) != set(wanted.secrets):
        yield f"its secrets are {sorted(names)}"
    for key, value in wanted.secrets.items():
        if not sandbox.state.has_secret(wanted.repo_id, key, value):
            yield f"its {key} is another one"
    if (mounts := seen.mounts) != {(mount.bucket_id, mount.path) for mount in wanted.mounts}:
        yield f"mounted is {sorted(mounts)}"
    if (hardware := seen.hardware) != wanted.hardware:
        yield f"its hardware is {hardware}"
    if wanted.hardware != FREE_HARDWARE and (seconds := seen.sleep_seconds) != wanted.sleep_seconds:
        yield f"it sleeps after {seconds}"


def _files_that_differ(wanted: Wanted, seen: "Seen") -> Iterator[str]:
    if (commits := seen.titles.count(TITLE)) != 1:
        yield f"there are {commits} commits of our files"
    for path, content in wanted.files.items():
        if seen.file(path) != content:
            yield f"{path} is not ours"


def _paused(space: Space, sandbox: SandboxServer) -> Iterator[str]:
    yield from _bucket_that_is_missing(space, sandbox)
    yield from _settings_that_differ(wanted_of(space, other_name=""), Seen(sandbox, space), sandbox)
    if (stage := sandbox.state.stage(space.repo_id)) != "PAUSED":
        yield f"the Space is {stage}"


def _gone(space: Space, sandbox: SandboxServer) -> Iterator[str]:
    """No Space is left; its data are until they are deleted apart."""
    there = Stock.of(sandbox).things
    if ("space", space.repo_id) in there:
        yield "the Space is still there"
    if (("bucket", space.bucket_id) in there) == (space.bucket_deleted_at is not None):
        yield "the bucket is gone" if space.bucket_deleted_at is None else "the bucket is still there"


def _bucket_that_is_missing(space: Space, sandbox: SandboxServer) -> Iterator[str]:
    if ("bucket", space.bucket_id) not in Stock.of(sandbox).things:
        yield "there is no bucket"


ENDINGS = {SpaceState.READY: _ready, SpaceState.PAUSED: _paused, SpaceState.GONE: _gone}


class Seen:
    """A Space as the sandbox shows it to somebody who comes by, without the gateway that is examined here."""

    def __init__(self, sandbox: SandboxServer, space: Space) -> None:
        self._url, self._repo_id = sandbox.url, space.repo_id
        self.exists = space.repo_id in sandbox.state.repos("space", owner=space.owner)

    @property
    def variables(self) -> dict[str, str]:
        return {key: each["value"] for key, each in self._api("/variables").items()}

    @property
    def secret_names(self) -> set[str]:
        return set(self._api("/secrets"))

    @property
    def mounts(self) -> set[tuple[str, str]]:
        return {(each["source"], each["mountPath"]) for each in self._api("/runtime").get("volumes", ())}

    @property
    def hardware(self) -> str:
        return str(self._api("/runtime")["hardware"]["requested"])

    @property
    def sleep_seconds(self) -> int | None:
        return cast(int | None, self._api("/runtime").get("gcTimeout"))

    @property
    def titles(self) -> list[str]:
        return [commit["title"] for commit in self._api("/commits/main")]

    def file(self, path: str) -> bytes:
        return self._get(f"/spaces/{self._repo_id}/resolve/main/{path}").content

    def _api(self, path: str) -> Any:
        return self._get(f"/api/spaces/{self._repo_id}{path}").json()

    def _get(self, path: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {PLATFORM_TOKEN}"}
        return httpx2.get(f"{self._url}{path}", headers=headers, verify=False).raise_for_status()
