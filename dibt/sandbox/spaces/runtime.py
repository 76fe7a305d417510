"""The life of a Space: a row that says which stages it goes through and since when; the clock does the rest.

Create or commit: BUILDING, APP_STARTING, RUNNING; a commit to a running Space goes through the RUNNING_ twins. Every
secret, variable, volume or hardware change restarts. PAUSED ends only by a restart; SLEEPING also by a visit. A Space
without its app file stays in NO_APP_FILE.
"""

import json
import re
import sqlite3
import time
from dataclasses import dataclass

from dibt.sandbox.files import history
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces.hardware import FREE, FREE_SLEEPS_AFTER

BUILD = ("BUILDING", "APP_STARTING", "RUNNING")
START = ("APP_STARTING", "RUNNING")
REBUILD = ("RUNNING_BUILDING", "RUNNING_APP_STARTING", "RUNNING")
RESTART = ("RUNNING_APP_STARTING", "RUNNING")
UP = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
BUILDING = frozenset({"BUILDING", "RUNNING_BUILDING"})
# In these, a changed setting waits for the next restart or commit.
AT_REST = frozenset(
    {"PAUSED", "SLEEPING", "STOPPED", "NO_APP_FILE", "CONFIG_ERROR", "BUILD_ERROR", "DELETING"}
)
STAGES = AT_REST | {*BUILD, *REBUILD, "RUNTIME_ERROR"}
APP_FILES = {"docker": "Dockerfile", "gradio": "app.py", "streamlit": "app.py", "static": "index.html"}


@dataclass(frozen=True, slots=True)
class Runtime:
    """A Space at this moment. `sleep_time` in seconds, None for never; `hardware` None while nothing runs."""

    stage: str
    hardware: str | None
    requested: str
    sleep_time: int | None
    volumes: list[dict[str, object]]
    started_at: float
    error_message: str


def create(
    db: sqlite3.Connection,
    repo: Repo,
    *,
    hardware: str,
    sleep_time: int | None,
    volumes: list[dict[str, object]],
) -> None:
    """Give a repository its runtime. Nothing is built before `build`."""
    db.execute(
        "INSERT INTO spaces VALUES (?, ?, NULL, ?, ?, '[\"NO_APP_FILE\"]', ?, '', 0)",
        (repo.id, hardware, sleep_time, json.dumps(volumes), time.time()),
    )


def of(db: sqlite3.Connection, repo: Repo, *, pace: float) -> Runtime:
    """The Space as it is now, where each stage takes `pace` seconds."""
    row = db.execute("SELECT * FROM spaces WHERE repo_id = ?", (repo.id,)).fetchone()
    stages: list[str] = json.loads(row["stages"])
    last = len(stages) - 1
    passed = last if pace <= 0 else min(int((time.time() - row["started_at"]) / pace), last)
    stage = stages[max(passed, 0)]
    running_on = row["hardware"] if stage == "RUNNING" else row["running_on"]
    return Runtime(
        stage=stage,
        hardware=None if stage in AT_REST else running_on,
        requested=row["hardware"],
        sleep_time=_sleep_time(row["hardware"], row["sleep_time"]),
        volumes=json.loads(row["volumes"]),
        started_at=row["started_at"],
        error_message=row["error_message"],
    )


def build(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    """Build after a commit, from whatever stage."""
    up = of(db, repo, pace=pace).stage in UP
    _go(db, repo, REBUILD if up else BUILD, pace=pace)


def changed(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    """Start again because a setting changed."""
    stage = of(db, repo, pace=pace).stage
    if stage in AT_REST:
        return
    if stage in BUILDING:
        _go(db, repo, BUILD if stage == "BUILDING" else REBUILD, pace=pace)
    else:
        _go(db, repo, RESTART if stage in UP else START, pace=pace)


def restart(db: sqlite3.Connection, repo: Repo, *, factory: bool, pace: float) -> None:
    """Start again because somebody asked; a factory reboot and one after a failed build begin with building."""
    broken = of(db, repo, pace=pace).stage in {"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"}
    _go(db, repo, BUILD if factory or broken else START, pace=pace)


def pause(db: sqlite3.Connection, repo: Repo) -> None:
    db.execute(
        "UPDATE spaces SET stages = '[\"PAUSED\"]', error_message = '', sticky = 0 WHERE repo_id = ?",
        (repo.id,),
    )


def force(
    db: sqlite3.Connection, repo: Repo, stage: str, *, error_message: str = "", sticky: bool = False
) -> None:
    """Put a Space into a stage; with `sticky` it falls back there until forced again or paused."""
    db.execute(
        "UPDATE spaces SET stages = ?, error_message = ?, sticky = ? WHERE repo_id = ?",
        (json.dumps([stage]), error_message, sticky, repo.id),
    )


def set_hardware(
    db: sqlite3.Connection, repo: Repo, *, hardware: str, sleep_time: int | None, pace: float
) -> None:
    """Ask for hardware; `sleep_time` None keeps what was set."""
    running_on = of(db, repo, pace=pace).hardware
    db.execute(
        "UPDATE spaces SET hardware = ?, running_on = ?, sleep_time = coalesce(?, sleep_time) WHERE repo_id = ?",
        (hardware, running_on, sleep_time, repo.id),
    )


def set_sleep_time(db: sqlite3.Connection, repo: Repo, seconds: int) -> None:
    db.execute("UPDATE spaces SET sleep_time = ? WHERE repo_id = ?", (seconds, repo.id))


def set_volumes(db: sqlite3.Connection, repo: Repo, volumes: list[dict[str, object]]) -> None:
    db.execute("UPDATE spaces SET volumes = ? WHERE repo_id = ?", (json.dumps(volumes), repo.id))


def subdomain(repo: Repo) -> str:
    """`owner-name`, in what a host name allows."""
    return re.sub(r"[^a-z0-9-]", "-", f"{repo.owner}-{repo.name}".lower()).strip("-")


def as_json(db: sqlite3.Connection, repo: Repo, *, pace: float) -> dict[str, object]:
    """What `/runtime` answers."""
    now = of(db, repo, pace=pace)
    up = int(now.stage in UP)
    head = history.find(db, repo, "main")
    answer: dict[str, object] = {
        "stage": now.stage,
        "hardware": {"current": now.hardware, "requested": now.requested},
        "storage": None,
        "gcTimeout": now.sleep_time,
        "replicas": {"requested": 1, "current": up},
        "devMode": False,
        "domains": [{"domain": f"{subdomain(repo)}.hf.space", "stage": "READY" if up else "PENDING"}],
        "sha": None if head is None else head.oid,
    }
    if now.error_message:
        answer["errorMessage"] = now.error_message
    if now.volumes:
        answer["volumes"] = now.volumes
    return answer


def _go(db: sqlite3.Connection, repo: Repo, stages: tuple[str, ...], *, pace: float) -> None:
    head = history.find(db, repo, "main")
    if head is None or APP_FILES[repo.sdk] not in head.tree:
        stages = ("NO_APP_FILE",)
    elif repo.sdk == "static":
        stages = ("RUNNING",)
    db.execute(
        "UPDATE spaces SET stages = ?, started_at = ?, running_on = ?, error_message = ''"
        " WHERE repo_id = ? AND sticky = 0",
        (json.dumps(stages), time.time(), of(db, repo, pace=pace).hardware, repo.id),
    )


def _sleep_time(hardware: str, asked: int | None) -> int | None:
    if hardware == FREE:
        return FREE_SLEEPS_AFTER
    return None if asked is None or asked < 0 else asked
