"""Whose token a request carries, and what that person may do.

As on the Hub: a token has a role of its own (read, write, god, fineGrained), its person has a role in each
organisation (admin, write, contributor, read, no_access), and both must allow a write.
"""

import hashlib
import sqlite3
import time
from dataclasses import dataclass

from dibt.sandbox import directory
from dibt.sandbox.identifiers import stamp
from dibt.sandbox.people import ORGANISATIONS, TOKENS, Person
from dibt.sandbox.wire import HubError, Request

WRITING_TOKENS = frozenset({"write", "god", "fineGrained"})
WRITING_ROLES = frozenset({"admin", "write"})


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, and the token they came with; `scope` is empty except for a token from sign-in."""

    person: Person
    role: str
    name: str
    scope: str
    created_at: str

    def role_in(self, owner: str) -> str:
        """`admin` for oneself, the role in an organisation, or nothing."""
        if owner.lower() == self.person.handle.lower():
            return "admin"
        return next((role for name, role in self.person.memberships.items() if name == owner.lower()), "")

    def may_see_inside(self, owner: str) -> bool:
        return self.role_in(owner) not in {"", "no_access"}

    def may_write(self, owner: str, *, creator: str = "") -> bool:
        """Whether the caller may write below `owner`; a contributor only what they made (`creator`) themselves."""
        role = self.role_in(owner)
        own = role == "contributor" and creator == self.person.handle
        return self.role in WRITING_TOKENS and (role in WRITING_ROLES or own)

    def may_create(self, owner: str) -> bool:
        return self.may_write(owner, creator=self.person.handle)


def digest(token: str) -> str:
    """How a token, code or secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def seed(db: sqlite3.Connection) -> None:
    """Make the tokens that work from the start."""
    for token, handle, role in TOKENS:
        person = directory.by_handle(db, handle)
        if person is not None:
            add_token(db, token, sub=person.sub, role=role, name=token.removeprefix("hf_sandbox_"))


def add_token(
    db: sqlite3.Connection,
    token: str,
    *,
    sub: str,
    role: str,
    name: str,
    scope: str = "",
    expires_at: float | None = None,
) -> None:
    db.execute(
        "INSERT OR IGNORE INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
        (digest(token), sub, role, name, scope, stamp(), expires_at),
    )


def bearer(request: Request) -> str:
    """The bearer token of a request, or nothing."""
    kind, _, token = (request.headers.get("Authorization") or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def caller_of(request: Request) -> Caller | None:
    """Who asks; None without a token. A token that is unknown or has expired is refused with 401."""
    token = bearer(request)
    if not token:
        return None
    row = request.db.execute(
        "SELECT * FROM tokens WHERE digest = ? AND (expires_at IS NULL OR expires_at > ?)",
        (digest(token), time.time()),
    ).fetchone()
    person = None if row is None else directory.by_sub(request.db, row["sub"])
    if row is None or person is None:
        raise HubError(401, "Invalid credentials in Authorization header")
    return Caller(person, row["role"], row["name"], row["scope"], row["created_at"])


def required_caller(request: Request) -> Caller:
    """Who asks, where somebody must."""
    caller = caller_of(request)
    if caller is None:
        raise HubError(401, "Invalid username or password.")
    return caller


def namespace(request: Request, owner: str) -> str:
    """The canonical spelling of a person's or organisation's handle; 404 if there is none."""
    person = directory.by_handle(request.db, owner)
    if person is not None:
        return person.handle
    if owner.lower() in ORGANISATIONS:
        return ORGANISATIONS[owner.lower()].handle
    raise HubError(404, f"There is no user or organization named {owner}")


def creator_in(request: Request, owner: str, what: str) -> Caller:
    """The caller, who may create a `what` below `owner`; 403 otherwise."""
    caller = required_caller(request)
    if not caller.may_create(owner):
        raise HubError(403, f'You don\'t have the rights to create a {what} under the namespace "{owner}"')
    return caller


def has_paid_plan(request: Request, owner: str) -> bool:
    """Whether `owner` may have Docker and Gradio Spaces: a PRO account, or an organisation with a plan."""
    person = directory.by_handle(request.db, owner)
    if person is not None:
        return person.is_pro
    organisation = ORGANISATIONS.get(owner.lower())
    return organisation is not None and organisation.plan is not None
