"""The two logs of a Space, as a builder and the processes of the annotation image write them.

They are made from what is there and not kept, so each start has its own. Settings appear by name alone: no value of a
variable or secret is ever in a line. An error message that was scripted is told at the end.
"""

import json
from dataclasses import dataclass

from dibt.sandbox.files import history
from dibt.sandbox.identifiers import stamp
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import apps, boots, runtime
from dibt.sandbox.wire import Request

DOCKERFILE = "Dockerfile"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and when it was written, in seconds since the epoch."""

    text: str
    at: float


def build(request: Request, repo: Repo) -> list[Line]:
    """The log of the build that this start is on: the steps of the Dockerfile, as far as they have come."""
    now = runtime.of(request.db, repo, pace=request.hub.config.pace)
    lines = [
        f"===== Build Queued at {stamp(now.started_at)} / Commit SHA: {_commit(request, repo)[:7]} =====",
        "",
    ]
    lines += [f"--> {step}" for step in _steps(request, repo)]
    if now.stage == "BUILD_ERROR":
        lines += now.error_message.splitlines()
    elif now.stage not in runtime.BUILDING:
        lines += ["", "--> Pushing image", "DONE 1.2s", "", "--> Exporting cache", "DONE 0.1s"]
    return [Line(line, now.started_at) for line in lines]


def run(request: Request, repo: Repo) -> list[Line]:
    """The log of the app since its start: what runs inside, the owner, and that it serves once it does."""
    now = runtime.of(request.db, repo, pace=request.hub.config.pace)
    if now.stage in runtime.BUILDING | {"BUILD_ERROR", "NO_APP_FILE"}:
        return []
    lines = [f"===== Application Startup at {stamp(now.started_at)} =====", ""]
    boot = boots.last(request.db, repo)
    if boot is not None and now.stage != "CONFIG_ERROR":
        lines += _processes()
    if apps.is_up(request, now):
        lines += _serving()
    lines += now.error_message.splitlines() if now.stage != "BUILD_ERROR" else []
    return [Line(line, now.stage_since) for line in lines]


def events(lines: list[Line]) -> str:
    """The lines as server-sent events, after a keep-alive."""
    found = [json.dumps({"data": f"{line.text}\n", "timestamp": stamp(line.at)}) for line in lines]
    return "data:\n\n" + "".join(f"data: {event}\n\n" for event in found)


def _commit(request: Request, repo: Repo) -> str:
    head = history.find(request.db, repo, "main")
    return "" if head is None else head.oid


def _steps(request: Request, repo: Repo) -> list[str]:
    head = history.find(request.db, repo, "main")
    blob = None if head is None else head.tree.get(DOCKERFILE)
    if blob is None:
        return []
    content = request.hub.blobs.read(blob.sha256).decode("utf-8", "replace")
    return [
        line.strip() for line in content.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def _processes() -> list[str]:
    return [
        "system    | elastic.1 started (pid=9)",
        "system    | redis.1 started (pid=10)",
        "system    | worker.1 started (pid=11)",
        "system    | argilla.1 started (pid=12)",
        "redis.1   | * Ready to accept connections tcp",
        "elastic.1 | started",
    ]


def _serving() -> list[str]:
    return [
        "argilla.1 | Running database migrations",
        "argilla.1 | INFO:     Started server process [38]",
        "argilla.1 | INFO:     Application startup complete.",
        "argilla.1 | INFO:     Uvicorn running on http://0.0.0.0:6900 (Press CTRL+C to quit)",
    ]
