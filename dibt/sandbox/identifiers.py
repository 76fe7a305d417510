"""Identifiers and times as the Hub writes them."""

import secrets
from datetime import UTC, datetime


def object_id() -> str:
    """24 hexadecimal digits, the Hub's identifier of everything."""
    return secrets.token_hex(12)


def stamp(seconds: float | None = None) -> str:
    """A moment as `2026-01-31T12:00:00.000Z`; now, unless `seconds` since the epoch are given."""
    moment = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
