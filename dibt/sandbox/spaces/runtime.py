"""The life of a Space: a row that says which stages it goes through and since when; the clock does the rest.

Create or commit: BUILDING, APP_STARTING, RUNNING; a commit to a running Space goes through the RUNNING_ twins. Every
secret, variable, volume or hardware change restarts, and every start is noted (`boots`). PAUSED ends only by a restart;
SLEEPING also by a visit. A Space without its app file stays in NO_APP_FILE.
"""

import json
import re
import sqlite3
import time
from dataclasses import dataclass

from dibt.sandbox.argilla import disks
from dibt.sandbox.files import history
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import boots
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
    """A Space at this moment.

    `sleep_time` in seconds, None for never; `hardware` None while nothing runs. `stage_since` is when the clock
    brought it into its stage.
    """

    stage: str
    hardware: str | None
    requested: str
    sleep_time: int | None
    volumes: list[dict[str, object]]
    started_at: float
    stage_since: float
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
    passed = max(passed, 0)
    stage = stages[passed]
    running_on = row["hardware"] if stage == "RUNNING" else row["running_on"]
    return Runtime(
        stage=stage,
        hardware=None if stage in AT_REST else running_on,
        requested=row["hardware"],
        sleep_time=_sleep_time(row["hardware"], row["sleep_time"]),
        volumes=json.loads(row["volumes"]),
        started_at=row["started_at"],
        stage_since=row["started_at"] + passed * max(pace, 0),
        error_message=row["error_message"],
    )


def build(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    """Build after a commit, from whatever stage but PAUSED."""
    stage = of(db, repo, pace=pace).stage
    if stage != "PAUSED":
        _go(db, repo, REBUILD if stage in UP else BUILD, cause="commit", pace=pace)


def changed(db: sqlite3.Connection, repo: Repo, *, cause: str, pace: float) -> None:
    """Start again because a setting changed."""
    stage = of(db, repo, pace=pace).stage
    if stage in AT_REST:
        return
    if stage in BUILDING:
        _go(db, repo, BUILD if stage == "BUILDING" else REBUILD, cause=cause, pace=pace)
    else:
        _go(db, repo, RESTART if stage in UP else START, cause=cause, pace=pace)


def restart(db: sqlite3.Connection, repo: Repo, *, cause: str, factory: bool = False, pace: float) -> None:
    """Start again because somebody asked; a factory reboot and one after a failed build begin with building."""
    broken = of(db, repo, pace=pace).stage in {"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"}
    _go(db, repo, BUILD if factory or broken else START, cause=cause, pace=pace)


def pause(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    force(db, repo, "PAUSED", pace=pace)


def fall_asleep(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    """What the Hub does to a Space that nobody visited for its sleep time; ValueError where that cannot be."""
    now = of(db, repo, pace=pace)
    if now.stage != "RUNNING" or now.sleep_time is None:
        raise ValueError(f"{repo.full_name} is {now.stage} and its sleep time {now.sleep_time}")
    force(db, repo, "SLEEPING", pace=pace)


def force(
    db: sqlite3.Connection,
    repo: Repo,
    stage: str,
    *,
    error_message: str = "",
    sticky: bool = False,
    pace: float,
) -> None:
    """Put a Space into a stage; with `sticky` it falls back there until forced again or paused."""
    _settle(db, repo, pace=pace)
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


def serving(db: sqlite3.Connection, repo: Repo, stage: str) -> boots.Boot | None:
    """The start whose app answers in this stage: while another one is on its way, that of before."""
    last = boots.last(db, repo)
    if last is None or stage not in UP:
        return None
    before = None if stage == "RUNNING" else boots.numbered(db, repo, last.instead_of)
    return before or last


def _go(db: sqlite3.Connection, repo: Repo, stages: tuple[str, ...], *, cause: str, pace: float) -> None:
    head = history.find(db, repo, "main")
    if head is None or APP_FILES[repo.sdk] not in head.tree:
        stages = ("NO_APP_FILE",)
    elif repo.sdk == "static":
        stages = ("RUNNING",)
    _settle(db, repo, pace=pace)
    before = of(db, repo, pace=pace)
    db.execute(
        "UPDATE spaces SET stages = ?, started_at = ?, running_on = ?, error_message = ''"
        " WHERE repo_id = ? AND sticky = 0",
        (json.dumps(stages), time.time(), before.hardware, repo.id),
    )
    if stages[-1] == "RUNNING":
        kept = serving(db, repo, before.stage) if stages[0] in UP else None
        boots.record(
            db, repo, cause=cause, instead_of=0 if kept is None else kept.number, volumes=before.volumes
        )
        disks.forget_superseded(db, repo)


def _settle(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    """Let the app have started that is up now, before anything changes: who never looked may still ask later."""
    boot = boots.last(db, repo)
    if boot is not None and of(db, repo, pace=pace).stage == "RUNNING":
        disks.start(db, repo, boot)


def _sleep_time(hardware: str, asked: int | None) -> int | None:
    if hardware == FREE:
        return FREE_SLEEPS_AFTER
    return None if asked is None or asked < 0 else asked
