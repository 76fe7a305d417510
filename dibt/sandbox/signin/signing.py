"""The key that id tokens are signed with: made at the first start, kept with the state, published at `/oauth/jwks`."""

import json
import sqlite3
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from dibt.sandbox.database import keep_setting, kept_setting

KEY_ID = "sandbox-1"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key pair."""

    private: RSAPrivateKey

    def sign(self, claims: dict[str, object]) -> str:
        """Claims as a compact RS256 token."""
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": KEY_ID})

    def public_jwk(self) -> dict[str, object]:
        """The public half as a JSON Web Key."""
        numbers: dict[str, object] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {
            "kty": "RSA",
            "kid": KEY_ID,
            "use": "sig",
            "alg": "RS256",
            "n": numbers["n"],
            "e": numbers["e"],
        }


def load(db: sqlite3.Connection) -> SigningKey:
    """The kept key, made if there is none yet."""
    kept = kept_setting(db, "signing-key")
    if kept is not None:
        loaded = serialization.load_pem_private_key(kept.encode(), password=None)
        assert isinstance(loaded, RSAPrivateKey)
        return SigningKey(loaded)
    made = generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keep_setting(db, "signing-key", pem.decode())
    return SigningKey(made)
