"""Repositories as rows."""

import re
import sqlite3
from dataclasses import asdict, dataclass, replace

from dibt.sandbox.identifiers import stamp

KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}
NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Repo:
    """One repository. `kind` is model, dataset or space; `gated` is empty, auto or manual; `sdk` is a Space's."""

    id: str
    kind: str
    owner: str
    name: str
    visibility: str
    gated: str
    sdk: str
    creator: str
    created_at: str
    modified_at: str
    resource_group: str = ""
    region: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def is_private(self) -> bool:
        return self.visibility == "private"

    @property
    def page(self) -> str:
        """The path of its page: `/spaces/owner/name`; a model has no prefix."""
        return f"/{self.full_name}" if self.kind == "model" else f"/{self.kind}s/{self.full_name}"


def is_name(name: str) -> bool:
    """Whether the Hub takes this as the name of a repository."""
    return NAME.fullmatch(name) is not None and not name.endswith((".git", ".ipynb"))


def find(db: sqlite3.Connection, kind: str, full_name: str) -> Repo | None:
    """The repository of that name today; old names are `moved`."""
    owner, _, name = full_name.partition("/")
    row = db.execute(
        "SELECT * FROM repos WHERE kind = ? AND owner = ? AND name = ?", (kind, owner, name)
    ).fetchone()
    return None if row is None else Repo(**row)


def moved(db: sqlite3.Connection, kind: str, full_name: str) -> Repo | None:
    """The repository that once had that name."""
    row = db.execute(
        "SELECT repos.* FROM repos JOIN moves ON moves.repo_id = repos.id WHERE moves.kind = ? AND moves.full_name = ?",
        (kind, full_name),
    ).fetchone()
    return None if row is None else Repo(**row)


def everything(db: sqlite3.Connection, kind: str, *, owner: str = "") -> list[Repo]:
    """All repositories of a kind (and an owner), newest first."""
    rows = db.execute(
        "SELECT * FROM repos WHERE kind = ? AND (owner = ? OR ? = '') ORDER BY created_at DESC, rowid DESC",
        (kind, owner, owner),
    )
    return [Repo(**row) for row in rows]


def counts(db: sqlite3.Connection, owner: str) -> dict[str, int]:
    """How many models, datasets and Spaces an owner has."""
    found = db.execute("SELECT kind, count(*) AS number FROM repos WHERE owner = ? GROUP BY kind", (owner,))
    return dict.fromkeys(KINDS.values(), 0) | {row["kind"]: row["number"] for row in found}


def save(db: sqlite3.Connection, repo: Repo) -> None:
    """Insert a repository; sqlite3.IntegrityError if the name is taken."""
    db.execute(
        "INSERT INTO repos VALUES (:id, :kind, :owner, :name, :visibility, :gated, :sdk, :creator,"
        " :created_at, :modified_at, :resource_group, :region)",
        asdict(repo),
    )
    db.execute("DELETE FROM moves WHERE kind = ? AND full_name = ?", (repo.kind, repo.full_name))


def change_settings(db: sqlite3.Connection, repo: Repo, *, visibility: str, gated: str) -> None:
    db.execute("UPDATE repos SET visibility = ?, gated = ? WHERE id = ?", (visibility, gated, repo.id))


def rename(db: sqlite3.Connection, repo: Repo, *, owner: str, name: str) -> Repo:
    """Give a repository another name; the old one keeps pointing to it until somebody takes it."""
    db.execute("UPDATE repos SET owner = ?, name = ? WHERE id = ?", (owner, name, repo.id))
    db.execute("DELETE FROM moves WHERE kind = ? AND full_name = ?", (repo.kind, f"{owner}/{name}"))
    db.execute("INSERT OR REPLACE INTO moves VALUES (?, ?, ?)", (repo.kind, repo.full_name, repo.id))
    return replace(repo, owner=owner, name=name)


def touch(db: sqlite3.Connection, repo: Repo) -> None:
    """Note that something in it changed now."""
    db.execute("UPDATE repos SET modified_at = ? WHERE id = ?", (stamp(), repo.id))


def delete(db: sqlite3.Connection, repo: Repo) -> None:
    """Delete it with everything that hangs on it."""
    db.execute("DELETE FROM repos WHERE id = ?", (repo.id,))
