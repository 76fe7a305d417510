"""Reads settings from the environment and remembers what it could not read.

A value that cannot be read never stops the process with a traceback: its default is used, and
`dibt.checks` says which variable is wrong and what it should look like. Messages name the variable,
never its value, which may be a secret.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

import environ

T = TypeVar("T")
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
DATABASES = frozenset({"postgres", "postgresql", "sqlite"})
MAIL = frozenset({"smtp", "smtp+tls", "smtp+ssl", "consolemail"})
RATE = re.compile(r"\d+/(s|sec|second|m|min|minute|h|hour|d|day)")


class Environment:
    """The variables of one process. `unreadable` maps the name of a wrong one to what was wanted."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables
        self.unreadable: dict[str, str] = {}

    def text(self, name: str, default: str) -> str:
        """The text; the default if it is not set or empty."""
        return self.variables.get(name, "").strip() or default

    def origin(self, name: str, default: str, *, nothing: str | None = None) -> str:
        """Scheme, host and perhaps a port of a site; the default if it is not set.

        Set to nothing it is `nothing`, or where that is not given the default too.
        """
        url = self.variables.get(name, default).strip().rstrip("/")
        if not url:
            return default if nothing is None else nothing
        wanted = "scheme and host of a site, such as https://data.example.org"
        return url if is_origin(url) else self.refuse(name, default, wanted=wanted)

    def number(self, name: str, default: int, *, at_least: int = 0, at_most: int | None = None) -> int:
        """A whole number; the default if it is not set or empty."""
        text = self.variables.get(name, "").strip() or str(default)
        if text.isdecimal() and at_least <= int(text) and (at_most is None or int(text) <= at_most):
            return int(text)
        limits = f"of at least {at_least}" if at_most is None else f"from {at_least} to {at_most}"
        return self.refuse(name, default, wanted=f"a whole number {limits}")

    def switch(self, name: str, *, default: bool) -> bool:
        """1, true, yes, on or 0, false, no, off, in any case; the default if it is not set or empty."""
        text = self.variables.get(name, "").strip().lower()
        if text in YES | NO:
            return text in YES
        return self.refuse(name, default, wanted="true or false") if text else default

    def choice(self, name: str, default: str, *, among: Sequence[str]) -> str:
        """One of some words, in any case."""
        text = self.variables.get(name, "").strip().upper() or default
        return text if text in among else self.refuse(name, default, wanted=f"one of {', '.join(among)}")

    def rate(self, name: str, default: str) -> str:
        """How many requests in what time, as REST framework spells it: 600/min."""
        text = self.variables.get(name, "").strip() or default
        return text if RATE.fullmatch(text) else self.refuse(name, default, wanted="a rate such as 600/min")

    def words(self, name: str, default: list[str]) -> list[str]:
        """Values parted by commas; the default if there is none."""
        return [part.strip() for part in self.variables.get(name, "").split(",") if part.strip()] or default

    def database(self, name: str, default: dict[str, Any]) -> dict[str, Any]:
        """A Django database from a URL; postgres://user:password@host:5432/name or sqlite:///path."""
        wanted = "a URL such as postgres://user:password@host:5432/name"
        config = self._url(name, default, schemes=DATABASES, read=environ.Env.db_url_config)
        # What is only in memory, no second process would see.
        return (
            config
            if config.get("NAME", ":memory:") not in {"", ":memory:"}
            else self.refuse(name, default, wanted=wanted)
        )

    def email(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_… settings from a URL such as smtp+tls://user:password@host:587; none if not set."""
        wanted = "a URL such as smtp+tls://user:password@host:587"
        if not self.variables.get(name):
            return {}
        config = self._url(name, {}, schemes=MAIL, read=environ.Env.email_url_config)
        return config or self.refuse(name, {}, wanted=wanted)

    def _url(
        self,
        name: str,
        default: dict[str, Any],
        *,
        schemes: frozenset[str],
        read: Callable[[str], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """What a URL says, the default if there is none, and nothing if it cannot be read."""
        url = self.variables.get(name, "").strip()
        if not url:
            return dict(default)
        try:
            return dict(read(url)) if urlsplit(url).scheme in schemes else {}
        except ValueError:
            return {}

    def refuse(self, name: str, default: T, *, wanted: str) -> T:
        """Remember that this variable is wrong and go on with the default."""
        self.unreadable[name] = wanted
        return default


def is_origin(url: str) -> bool:
    """Whether that is scheme and host of a site, perhaps a port, and nothing more."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.port != 0
            and (url == f"{parts.scheme}://{parts.netloc}")
        )
    except ValueError:  # what is no number, or none of a port's
        return False


def cache_url_of(broker_url: str) -> str:
    """Where the cache lives on the broker's server: in the next database, so that clearing it loses no task.

    Celery writes a Unix socket as redis+socket:///path?virtual_host=0, the cache's client as unix:///path?db=0.
    """
    parts, number = _read_broker_url(broker_url)
    if parts.scheme == "redis+socket":
        return f"unix://{parts.path}?db={number + 1}"
    return urlunsplit(parts._replace(path=f"/{number + 1}"))


def broker_url_of(broker_url: str, *, database: int) -> str:
    """The same server, so many databases further."""
    parts, number = _read_broker_url(broker_url)
    if parts.scheme == "redis+socket":
        return f"redis+socket://{parts.path}?virtual_host={number + database}"
    return urlunsplit(parts._replace(path=f"/{number + database}"))


def _read_broker_url(url: str) -> tuple[SplitResult, int]:
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("virtual_host", [parts.path.strip("/")])[0]
    return parts, int(number) if number.isdecimal() else 0
