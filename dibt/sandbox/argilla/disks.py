"""What the app keeps, on the disk of its start: users by the digest of their key, and workspaces.

As in the image, a start makes the owner only where there is no user of that name or key: on a disk that has one, a
changed API_KEY has no effect.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import boots
from dibt.sandbox.spaces.boots import Boot


@dataclass(slots=True)
class User:
    """A user of the app; `api_key` and `password` are digests, empty for one that nobody knows."""

    id: str
    username: str
    api_key: str
    inserted_at: str
    password: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str
    inserted_at: str


@dataclass(slots=True)
class Disk:
    """The app's database. `boot` is the last start that has found it."""

    users: list[User] = field(default_factory=list)
    workspaces: list[Workspace] = field(default_factory=list)
    boot: str = ""

    def user_of(self, api_key: str) -> User | None:
        """The user with a key of this digest."""
        return next((user for user in self.users if user.api_key and user.api_key == api_key), None)

    def user_signing_in(self, username: str, password: str) -> User | None:
        """The user of that name, if the password has this digest."""
        return next(
            (user for user in self.users if (user.username, user.password) == (username, password)), None
        )

    def workspace(self, workspace_id: str) -> Workspace | None:
        return next((found for found in self.workspaces if found.id == workspace_id), None)

    def add_workspace(self, name: str, *, workspace_id: str = "") -> Workspace:
        made = Workspace(workspace_id or str(uuid.uuid4()), name, stamp())
        self.workspaces.append(made)
        return made

    def has_workspace_named(self, name: str) -> bool:
        return any(found.name == name for found in self.workspaces)


def stamp() -> str:
    """A moment as Argilla writes it: in UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def load(db: sqlite3.Connection, name: str) -> Disk:
    """The disk of that name; an empty one if nothing is on it."""
    row = db.execute("SELECT document FROM disks WHERE name = ?", (name,)).fetchone()
    if row is None:
        return Disk()
    content = json.loads(row["document"])
    return Disk(
        [User(**user) for user in content["users"]],
        [Workspace(**workspace) for workspace in content["workspaces"]],
        content["boot"],
    )


def save(db: sqlite3.Connection, name: str, disk: Disk) -> None:
    db.execute("INSERT OR REPLACE INTO disks VALUES (?, ?)", (name, json.dumps(asdict(disk))))


def start(db: sqlite3.Connection, repo: Repo, boot: Boot, *, workspaces: Iterable[str] = ()) -> Disk:
    """What the app does when it comes up: the owner is made, and the workspaces of its sign-in. Once per start."""
    disk, name = load(db, boot.disk), f"{repo.id}:{boot.number}"
    if disk.boot == name:
        return disk
    disk.boot = name
    taken = any(user.username == boot.username for user in disk.users)
    if not taken and disk.user_of(boot.api_key) is None:
        disk.users.append(User(str(uuid.uuid4()), boot.username, boot.api_key, stamp(), boot.password))
        workspaces = [*workspaces, boot.workspace]
    for wanted in workspaces:
        if wanted and not disk.has_workspace_named(wanted):
            disk.add_workspace(wanted)
    save(db, boot.disk, disk)
    return disk


def forget(db: sqlite3.Connection, beginning: str, *, but: Iterable[str] = ()) -> None:
    """Throw away every disk whose name begins so."""
    kept = set(but)
    names = [
        row["name"]
        for row in db.execute(
            "SELECT name FROM disks WHERE substr(name, 1, length(:it)) = :it", {"it": beginning}
        )
    ]
    db.executemany("DELETE FROM disks WHERE name = ?", [(name,) for name in names if name not in kept])


def forget_superseded(db: sqlite3.Connection, repo: Repo) -> None:
    """Throw away the disks of the Space that lived no longer than a start which is over."""
    last = boots.last(db, repo)
    if last is None:
        return
    before = boots.numbered(db, repo, last.instead_of)
    forget(db, boots.own_disks(repo), but=[boot.disk for boot in (last, before) if boot is not None])
