"""The end of a repository: at once, or for a Space after a moment in DELETING.

The moment is as long as any other stage. Until it is over the name is taken; what is left in buckets stays there.
"""

import sqlite3
import time

from dibt.sandbox.argilla import disks
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import boots, runtime


def delete(db: sqlite3.Connection, repo: Repo, *, pace: float) -> None:
    """Begin to delete a Space, or delete anything else. Once more is fine."""
    if repo.kind != "space":
        records.delete(db, repo)
        return
    if not is_going(db, repo):
        runtime.force(db, repo, "DELETING", sticky=True, pace=pace)
        db.execute("INSERT INTO deletions VALUES (?, ?)", (repo.id, time.time()))
    finish(db, pace=pace)


def is_going(db: sqlite3.Connection, repo: Repo) -> bool:
    return db.execute("SELECT 1 FROM deletions WHERE repo_id = ?", (repo.id,)).fetchone() is not None


def finish(db: sqlite3.Connection, *, pace: float) -> None:
    """Take away the Spaces whose moment in DELETING is over."""
    over = db.execute(
        "SELECT repos.* FROM repos JOIN deletions ON deletions.repo_id = repos.id WHERE at <= ?",
        (time.time() - max(pace, 0),),
    ).fetchall()
    for repo in (Repo(**row) for row in over):
        disks.forget(db, boots.own_disks(repo))
        records.delete(db, repo)
