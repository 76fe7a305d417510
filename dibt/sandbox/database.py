"""Metadata on disk: SQLite with a write-ahead log, one transaction per request.

What a transaction committed survives `kill -9`: the log is written before the answer is sent. The one connection is
shared under a lock, which is plenty for loopback and leaves nothing to race.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS people (sub TEXT PRIMARY KEY, position INTEGER NOT NULL,
    handle TEXT NOT NULL UNIQUE COLLATE NOCASE, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tokens (digest TEXT PRIMARY KEY, sub TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL,
    scope TEXT NOT NULL, created_at TEXT NOT NULL, expires_at REAL) STRICT;
CREATE TABLE IF NOT EXISTS codes (digest TEXT PRIMARY KEY, sub TEXT NOT NULL, scope TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, challenge TEXT NOT NULL, nonce TEXT NOT NULL, expires_at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS refresh_tokens (digest TEXT PRIMARY KEY, sub TEXT NOT NULL, scope TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS repos (id TEXT PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE, visibility TEXT NOT NULL, gated TEXT NOT NULL, sdk TEXT NOT NULL,
    creator TEXT NOT NULL, created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL, resource_group TEXT NOT NULL, region TEXT NOT NULL,
    UNIQUE (kind, owner, name)) STRICT;
CREATE TABLE IF NOT EXISTS moves (kind TEXT NOT NULL, full_name TEXT NOT NULL COLLATE NOCASE,
    repo_id TEXT NOT NULL REFERENCES repos ON DELETE CASCADE, PRIMARY KEY (kind, full_name)) STRICT;
CREATE TABLE IF NOT EXISTS commits (repo_id TEXT NOT NULL REFERENCES repos ON DELETE CASCADE, oid TEXT NOT NULL,
    parent TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL, author TEXT NOT NULL, date TEXT NOT NULL,
    tree TEXT NOT NULL, PRIMARY KEY (repo_id, oid)) STRICT;
CREATE TABLE IF NOT EXISTS refs (repo_id TEXT NOT NULL REFERENCES repos ON DELETE CASCADE, kind TEXT NOT NULL,
    name TEXT NOT NULL, target TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (repo_id, kind, name)) STRICT;
CREATE TABLE IF NOT EXISTS spaces (repo_id TEXT PRIMARY KEY REFERENCES repos ON DELETE CASCADE, hardware TEXT NOT NULL,
    running_on TEXT, sleep_time INTEGER, volumes TEXT NOT NULL, stages TEXT NOT NULL, started_at REAL NOT NULL,
    error_message TEXT NOT NULL, sticky INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS boots (repo_id TEXT NOT NULL REFERENCES repos ON DELETE CASCADE, number INTEGER NOT NULL,
    document TEXT NOT NULL, PRIMARY KEY (repo_id, number)) STRICT;
CREATE TABLE IF NOT EXISTS disks (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS deletions (repo_id TEXT PRIMARY KEY REFERENCES repos ON DELETE CASCADE,
    at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS secrets (repo_id TEXT NOT NULL REFERENCES repos ON DELETE CASCADE, key TEXT NOT NULL,
    digest TEXT NOT NULL, description TEXT, updated_at TEXT NOT NULL, PRIMARY KEY (repo_id, key)) STRICT;
CREATE TABLE IF NOT EXISTS variables (repo_id TEXT NOT NULL REFERENCES repos ON DELETE CASCADE, key TEXT NOT NULL,
    value TEXT NOT NULL, description TEXT, updated_at TEXT NOT NULL, PRIMARY KEY (repo_id, key)) STRICT;
CREATE TABLE IF NOT EXISTS buckets (id TEXT PRIMARY KEY, owner TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE, visibility TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE (owner, name)) STRICT;
"""


class Database:
    """The sandbox's one database; create it once per process."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; {SCHEMA}"
        )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what happens inside, or nothing of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def kept_setting(db: sqlite3.Connection, name: str) -> str | None:
    """A value that the sandbox made for itself once, or None."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def keep_setting(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (name, value))
