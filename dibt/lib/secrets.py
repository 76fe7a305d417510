"""Secrets at rest: what must be read again is encrypted, what must only be recognised is hashed."""

import base64
import hashlib
import json
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

TOKEN_BYTES = 32


def new_token() -> str:
    """A random secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """SHA-256 of a token as hex. Enough without salt, because the tokens are random and long."""
    return hashlib.sha256(token.encode()).hexdigest()


def encrypt(values: dict[str, str]) -> str:
    """Encrypt a set of named secrets with the first of ENCRYPTION_KEYS."""
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(json.dumps(values).encode()).decode()


def decrypt(box: str) -> dict[str, str]:
    """What `encrypt` was given; raises RuntimeError when none of ENCRYPTION_KEYS fits."""
    try:
        values: dict[str, str] = json.loads(_fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(box.encode()))
    except InvalidToken:
        raise RuntimeError(
            "None of ENCRYPTION_KEYS opens this secret: put back the key it was made with"
        ) from None
    return values


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(key: str) -> bytes:
    """Any long text serves as a key: Fernet wants exactly 32 bytes, so it is hashed first."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
