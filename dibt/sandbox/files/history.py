"""Commits, branches and tags. A commit holds its whole tree, so that reading one never walks the history."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from dibt.sandbox.identifiers import stamp
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.wire import HubError


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a tree: `oid` is git's (of the pointer, for LFS), `sha256` that of the content."""

    oid: str
    size: int
    sha256: str
    lfs: bool

    @property
    def etag(self) -> str:
        """What the client compares: git's sha1 of a regular file, the sha256 of an LFS one."""
        return self.sha256 if self.lfs else self.oid

    @property
    def pointer_size(self) -> int:
        return len(_pointer(self.sha256, self.size))


Tree = Mapping[str, Blob]


@dataclass(frozen=True, slots=True)
class Commit:
    """A point in the history; `parent` is empty for the first."""

    oid: str
    parent: str
    title: str
    message: str
    author: str
    date: str
    tree: Tree


def regular(content: bytes, sha256: str) -> Blob:
    """The entry of a file that git keeps itself."""
    return Blob(git_oid(content), len(content), sha256, lfs=False)


def large(sha256: str, size: int) -> Blob:
    """The entry of a file that LFS keeps."""
    return Blob(git_oid(_pointer(sha256, size)), size, sha256, lfs=True)


def git_oid(content: bytes) -> str:
    """The name git gives a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def append(
    db: sqlite3.Connection, repo: Repo, branch: str, tree: Tree, *, title: str, message: str, author: str
) -> Commit:
    """Put a commit on top of a branch, which is made if it is not there."""
    target = ref_target(db, repo, "branch", branch) or ""
    content = json.dumps({path: asdict(blob) for path, blob in sorted(tree.items())})
    oid = hashlib.sha1(
        f"{target}{title}{message}{content}{secrets.token_hex(8)}".encode(), usedforsecurity=False
    ).hexdigest()
    commit = Commit(oid, target, title, message, author, stamp(), tree)
    db.execute(
        "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (repo.id, oid, target, title, message, author, commit.date, content),
    )
    set_ref(db, repo, "branch", branch, target=oid)
    records.touch(db, repo)
    return commit


def copy(db: sqlite3.Connection, source: Repo, target: Repo) -> None:
    """Give `target` the whole history of `source`."""
    db.execute(
        "INSERT INTO commits SELECT ?, oid, parent, title, message, author, date, tree FROM commits WHERE repo_id = ?",
        (target.id, source.id),
    )
    db.execute(
        "INSERT INTO refs SELECT ?, kind, name, target, message FROM refs WHERE repo_id = ?",
        (target.id, source.id),
    )


def find(db: sqlite3.Connection, repo: Repo, revision: str) -> Commit | None:
    """The commit that a branch, a tag or an oid names."""
    short = revision.removeprefix("refs/heads/").removeprefix("refs/tags/")
    target = ref_target(db, repo, "branch", short) or ref_target(db, repo, "tag", short) or revision
    row = db.execute("SELECT * FROM commits WHERE repo_id = ? AND oid = ?", (repo.id, target)).fetchone()
    return None if row is None else _commit(row)


def required(db: sqlite3.Connection, repo: Repo, revision: str) -> Commit:
    """The same; RevisionNotFound if there is none."""
    commit = find(db, repo, revision)
    if commit is None:
        raise HubError(404, f"Invalid rev id: {revision}", code="RevisionNotFound")
    return commit


def log(db: sqlite3.Connection, repo: Repo, revision: str) -> Iterator[Commit]:
    """The commits from `revision` back to the first."""
    commit: Commit | None = required(db, repo, revision)
    while commit is not None:
        yield commit
        commit = find(db, repo, commit.parent) if commit.parent else None


def refs(db: sqlite3.Connection, repo: Repo, kind: str) -> dict[str, str]:
    """Names of branches or tags and the commits they point to."""
    rows = db.execute(
        "SELECT name, target FROM refs WHERE repo_id = ? AND kind = ? ORDER BY name", (repo.id, kind)
    )
    return {row["name"]: row["target"] for row in rows}


def ref_target(db: sqlite3.Connection, repo: Repo, kind: str, name: str) -> str | None:
    return refs(db, repo, kind).get(name)


def set_ref(
    db: sqlite3.Connection, repo: Repo, kind: str, name: str, *, target: str, message: str = ""
) -> None:
    db.execute("INSERT OR REPLACE INTO refs VALUES (?, ?, ?, ?, ?)", (repo.id, kind, name, target, message))


def delete_ref(db: sqlite3.Connection, repo: Repo, kind: str, name: str) -> bool:
    """Whether there was one."""
    deleted = db.execute(
        "DELETE FROM refs WHERE repo_id = ? AND kind = ? AND name = ?", (repo.id, kind, name)
    )
    return deleted.rowcount == 1


def _pointer(sha256: str, size: int) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def _commit(row: sqlite3.Row) -> Commit:
    tree = {path: Blob(**blob) for path, blob in json.loads(row["tree"]).items()}
    return Commit(row["oid"], row["parent"], row["title"], row["message"], row["author"], row["date"], tree)
