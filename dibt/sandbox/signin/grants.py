"""Codes and tokens of sign-in.

Only digests are kept. A code is worth one try, a refresh token is replaced when used.
"""

import hashlib
import hmac
import secrets
import sqlite3
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from dibt.sandbox.identity import add_token, digest
from dibt.sandbox.signin.claims import WRITING

CODE_LASTS = 600
TOKEN_LASTS = 8 * 3600


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed: to whom the code goes, for which scope, bound to a PKCE challenge."""

    sub: str
    scope: str
    redirect_uri: str
    challenge: str
    nonce: str

    def is_proved_by(self, verifier: str) -> bool:
        """Whether a PKCE verifier fits the challenge (S256)."""
        return hmac.compare_digest(s256(verifier), self.challenge)


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def issue_code(db: sqlite3.Connection, grant: Grant) -> str:
    code = secrets.token_urlsafe(24)
    db.execute(
        "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            digest(code),
            grant.sub,
            grant.scope,
            grant.redirect_uri,
            grant.challenge,
            grant.nonce,
            time.time() + CODE_LASTS,
        ),
    )
    return code


def take_code(db: sqlite3.Connection, code: str) -> Grant | None:
    """The grant behind a code, which is used up by this; None if it is unknown, used or too old."""
    row = db.execute("DELETE FROM codes WHERE digest = ? RETURNING *", (digest(code),)).fetchone()
    if row is None or row["expires_at"] < time.time():
        return None
    return Grant(row["sub"], row["scope"], row["redirect_uri"], row["challenge"], row["nonce"])


def issue_tokens(db: sqlite3.Connection, sub: str, scope: str) -> tuple[str, str]:
    """An access token and a refresh token."""
    access, refresh = f"hf_oauth_{secrets.token_urlsafe(24)}", f"hf_refresh_{secrets.token_urlsafe(24)}"
    role = "write" if WRITING & set(scope.split()) else "read"
    add_token(
        db, access, sub=sub, role=role, name="sign-in", scope=scope, expires_at=time.time() + TOKEN_LASTS
    )
    db.execute("INSERT INTO refresh_tokens VALUES (?, ?, ?)", (digest(refresh), sub, scope))
    return access, refresh


def take_refresh_token(db: sqlite3.Connection, token: str) -> tuple[str, str] | None:
    """The person's sub and the scope behind a refresh token, which is used up by this."""
    row = db.execute(
        "DELETE FROM refresh_tokens WHERE digest = ? RETURNING sub, scope", (digest(token),)
    ).fetchone()
    return None if row is None else (row["sub"], row["scope"])
