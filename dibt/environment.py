"""Reads settings from the environment and remembers what it could not read.

A value that cannot be read never stops the process with a traceback: its default is used, and
`dibt.checks` says which variable is wrong and what it should look like. Messages name the variable,
never its value, which may be a secret.
"""

import os
from collections.abc import Mapping
from typing import Any

import environ

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class Environment:
    """The variables of one process. `unreadable` maps the name of a wrong one to what was wanted."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables
        self.unreadable: dict[str, str] = {}

    def str(self, name: str, default: str) -> str:
        return self.variables.get(name, default)

    def int(self, name: str, default: int) -> int:  # noqa: A003
        """A whole number; the default if it is not set or empty."""
        text = self.variables.get(name, "").strip()
        try:
            return int(text) if text else default
        except ValueError:
            return self._wrong(name, default, wanted="a whole number, such as 8000")

    def bool(self, name: str, default: bool) -> bool:  # noqa: A003
        """1, true, yes, on or 0, false, no, off, in any case; the default if it is not set or empty."""
        text = self.variables.get(name, "").strip().lower()
        if text in YES | NO:
            return text in YES
        return self._wrong(name, default, wanted="true or false") if text else default

    def list(self, name: str, default: "list[str]") -> "list[str]":  # noqa: A003
        """Values parted by commas; the default if there is none."""
        return [part.strip() for part in self.variables.get(name, "").split(",") if part.strip()] or default

    def database(self, name: str, default: str) -> dict[str, Any]:
        """A Django database from a URL; postgres://user:password@host:5432/name or sqlite:///path."""
        wanted = "a URL such as postgres://user:password@host:5432/name"
        config = self._url(name, default, read=environ.Env.db_url_config)
        known = config is not None and config.get("ENGINE") and config.get("NAME")
        return (
            config
            if known and config
            else self._wrong(name, environ.Env.db_url_config(default), wanted=wanted)
        )

    def email(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_… settings from a URL such as smtp+tls://user:password@host:587; none if not set."""
        if not self.variables.get(name):
            return {}
        config = self._url(name, "", read=environ.Env.email_url_config)
        wanted = "a URL such as smtp+tls://user:password@host:587"
        return config if config is not None else self._wrong(name, {}, wanted=wanted)

    def _url(self, name: str, default: str, *, read: Any) -> dict[str, Any] | None:
        try:
            return dict(read(self.variables.get(name) or default))
        except (ValueError, KeyError, AttributeError, TypeError, environ.ImproperlyConfigured):
            return None  # what its parser raises for the many ways in which a URL can be wrong

    def _wrong[T](self, name: str, default: T, *, wanted: str) -> T:
        self.unreadable[name] = wanted
        return default
