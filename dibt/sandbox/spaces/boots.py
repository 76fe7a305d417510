"""Every start of a Space, and what its app finds there: the settings, files and disk of that moment.

What is kept of a secret is its digest, as everywhere. The app's folder is below /data, so its data outlives a start
only where a bucket is mounted there, and is otherwise as new with each.
"""

import json
import sqlite3
import time
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from dibt.sandbox.files import history
from dibt.sandbox.identity import digest
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import settings

HOME = "/data/argilla"
EMPTY = digest("")


@dataclass(frozen=True, slots=True)
class Boot:
    """One start.

    `number` counts from 1; `cause` is what led to it; `instead_of` is the start whose app answers until this one is
    up, 0 for none. `disk` names where the app keeps its data; `api_key` and `password` are digests, empty where there
    is none.
    """

    number: int
    cause: str
    at: float
    instead_of: int
    commit: str
    disk: str
    username: str
    api_key: str
    workspace: str
    password: str = ""


def record(
    db: sqlite3.Connection, repo: Repo, *, cause: str, instead_of: int, volumes: list[dict[str, object]]
) -> None:
    """Note that the Space starts now, with what it is set to now."""
    before = last(db, repo)
    number = 1 if before is None else before.number + 1
    variables = {name: about["value"] for name, about in settings.variables(db, repo).items()}
    head = history.find(db, repo, "main")
    home = variables.get("ARGILLA_HOME_PATH", HOME)
    boot = Boot(
        number=number,
        cause=cause,
        at=time.time(),
        instead_of=instead_of,
        commit="" if head is None else head.oid,
        disk=_mounted(db, home, volumes) or f"{own_disks(repo)}{number}",
        username=variables.get("USERNAME") or repo.creator,
        api_key=_digest_of(db, repo, "API_KEY", variables),
        workspace=variables.get("WORKSPACE", ""),
        password=_digest_of(db, repo, "PASSWORD", variables),
    )
    db.execute("INSERT INTO boots VALUES (?, ?, ?)", (repo.id, number, json.dumps(asdict(boot))))


def every(db: sqlite3.Connection, repo: Repo) -> list[Boot]:
    """All starts, oldest first."""
    rows = db.execute("SELECT document FROM boots WHERE repo_id = ? ORDER BY number", (repo.id,))
    return [Boot(**json.loads(row["document"])) for row in rows]


def numbered(db: sqlite3.Connection, repo: Repo, number: int) -> Boot | None:
    row = db.execute(
        "SELECT document FROM boots WHERE repo_id = ? AND number = ?", (repo.id, number)
    ).fetchone()
    return None if row is None else Boot(**json.loads(row["document"]))


def last(db: sqlite3.Connection, repo: Repo) -> Boot | None:
    """The latest start; None if the Space never started."""
    (number,) = db.execute("SELECT max(number) FROM boots WHERE repo_id = ?", (repo.id,)).fetchone()
    return None if number is None else numbered(db, repo, number)


def own_disks(repo: Repo) -> str:
    """How the names of the disks begin that live no longer than a start."""
    return f"space:{repo.id}:"


def disks_in(bucket_id: str) -> str:
    """How the names of the disks begin that are in a bucket."""
    return f"bucket:{bucket_id}:"


def _digest_of(db: sqlite3.Connection, repo: Repo, name: str, variables: dict[str, str]) -> str:
    """The digest of a setting; nothing where it is empty, or there is none."""
    found = settings.secret_digest(db, repo, name) or digest(variables.get(name, ""))
    return "" if found == EMPTY else found


def _mounted(db: sqlite3.Connection, home: str, volumes: list[dict[str, object]]) -> str:
    """The disk in the bucket that holds `home`; nothing if that is on no bucket which is there."""
    for volume in volumes:
        mount = PurePosixPath(str(volume["mountPath"]))
        if (
            volume["type"] != "bucket"
            or volume.get("readOnly")
            or not PurePosixPath(home).is_relative_to(mount)
        ):
            continue
        owner, _, name = str(volume["source"]).partition("/")
        bucket = db.execute("SELECT id FROM buckets WHERE owner = ? AND name = ?", (owner, name)).fetchone()
        if bucket is not None:
            inside = PurePosixPath(str(volume.get("path", ""))) / PurePosixPath(home).relative_to(mount)
            return f"{disks_in(bucket['id'])}{inside}"
    return ""
