"""A Space's secrets, variables and volumes.

Values of secrets go in and never come out: only a digest is kept, so that a test can ask whether the right one
arrived. Keys follow the Hub's rule, which the client does not check.
"""

import re
import sqlite3
from dataclasses import dataclass

from dibt.sandbox.fields import FieldError, Fields
from dibt.sandbox.identifiers import stamp
from dibt.sandbox.identity import digest
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import hardware

KEY = re.compile(r"[a-zA-Z][_a-zA-Z0-9]*")
VOLUME_KINDS = frozenset({"bucket", "model", "dataset", "space"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A secret or a variable as somebody sends it."""

    key: str
    value: str
    description: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a body that makes a Space says about its runtime."""

    hardware: str
    sleep_time: int | None
    secrets: list[Setting]
    variables: list[Setting]
    volumes: list[dict[str, object]]

    @classmethod
    def read(cls, body: Fields) -> "Wanted":
        return cls(
            hardware=hardware.known(body.text("hardware", hardware.FREE)),
            sleep_time=body.number("sleepTimeSeconds") if body.has("sleepTimeSeconds") else None,
            secrets=[setting(item) for item in body.objects("secrets")],
            variables=[setting(item) for item in body.objects("variables")],
            volumes=volumes(body),
        )


def setting(body: Fields) -> Setting:
    """Read a secret or variable; FieldError for a key the Hub refuses."""
    description = body.text("description") if body.has("description") else None
    return Setting(key(body), body.text("value"), description)


def key(body: Fields) -> str:
    name = body.text("key")
    if KEY.fullmatch(name) is None:
        raise FieldError(f'"key" must match ^{KEY.pattern}$')
    return name


def volumes(body: Fields) -> list[dict[str, object]]:
    """Read the volumes of a body."""
    found = [_volume(item) for item in body.objects("volumes")]
    if len({str(volume["mountPath"]) for volume in found}) != len(found):
        raise FieldError('Every volume needs its own "mountPath"')
    return found


def _volume(item: Fields) -> dict[str, object]:
    kind, mount = item.text("type"), item.text("mountPath")
    if kind not in VOLUME_KINDS:
        raise FieldError(f'"type" of a volume must be one of {", ".join(sorted(VOLUME_KINDS))}')
    if not mount.startswith("/") or mount == "/":
        raise FieldError('"mountPath" must be a folder that starts with /')
    volume: dict[str, object] = {"type": kind, "source": item.text("source"), "mountPath": mount}
    if kind != "bucket" or item.has("readOnly"):
        volume["readOnly"] = kind != "bucket" or item.flag("readOnly")
    for name in ("revision", "path"):
        if item.has(name):
            volume[name] = item.text(name)
    return volume


def set_secret(db: sqlite3.Connection, repo: Repo, secret: Setting) -> None:
    db.execute(
        "INSERT OR REPLACE INTO secrets VALUES (?, ?, ?, ?, ?)",
        (repo.id, secret.key, digest(secret.value), secret.description, stamp()),
    )


def delete_secret(db: sqlite3.Connection, repo: Repo, name: str) -> None:
    db.execute("DELETE FROM secrets WHERE repo_id = ? AND key = ?", (repo.id, name))


def secrets(db: sqlite3.Connection, repo: Repo) -> dict[str, dict[str, str]]:
    """The secrets without their values."""
    rows = db.execute("SELECT * FROM secrets WHERE repo_id = ? ORDER BY key", (repo.id,))
    return {row["key"]: {"key": row["key"], **_about(row)} for row in rows}


def holds_secret(db: sqlite3.Connection, repo: Repo, name: str, value: str) -> bool:
    """Whether a secret has this value."""
    return secret_digest(db, repo, name) == digest(value)


def secret_digest(db: sqlite3.Connection, repo: Repo, name: str) -> str:
    """The digest of a secret's value; nothing if there is no such secret."""
    row = db.execute("SELECT digest FROM secrets WHERE repo_id = ? AND key = ?", (repo.id, name)).fetchone()
    return "" if row is None else str(row["digest"])


def set_variable(db: sqlite3.Connection, repo: Repo, variable: Setting) -> None:
    db.execute(
        "INSERT OR REPLACE INTO variables VALUES (?, ?, ?, ?, ?)",
        (repo.id, variable.key, variable.value, variable.description, stamp()),
    )


def delete_variable(db: sqlite3.Connection, repo: Repo, name: str) -> None:
    db.execute("DELETE FROM variables WHERE repo_id = ? AND key = ?", (repo.id, name))


def variables(db: sqlite3.Connection, repo: Repo) -> dict[str, dict[str, str]]:
    rows = db.execute("SELECT * FROM variables WHERE repo_id = ? ORDER BY key", (repo.id,))
    return {row["key"]: {"value": row["value"], **_about(row)} for row in rows}


def copy_variables(db: sqlite3.Connection, source: Repo, target: Repo) -> None:
    """Variables are copied with a Space, secrets never."""
    db.execute(
        "INSERT INTO variables SELECT ?, key, value, description, updated_at FROM variables WHERE repo_id = ?",
        (target.id, source.id),
    )


def _about(row: sqlite3.Row) -> dict[str, str]:
    about = {"updatedAt": row["updated_at"]}
    return about if row["description"] is None else {**about, "description": row["description"]}
