"""`/oauth/token` and `/oauth/userinfo`."""

import base64
import binascii
import hmac
import time
from urllib.parse import unquote

from dibt.sandbox import directory
from dibt.sandbox.identity import digest, required_caller
from dibt.sandbox.routing import Router
from dibt.sandbox.signin import grants
from dibt.sandbox.signin.claims import userinfo as claims_of
from dibt.sandbox.wire import Request, Response

NEVER_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

router = Router()


class GrantError(Exception):
    """A refusal in OAuth's own words: `error`, and a sentence."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> Response:
        headers = (
            {**NEVER_STORE, "WWW-Authenticate": 'Basic realm="sandbox"'}
            if self.status == 401
            else NEVER_STORE
        )
        return Response.json(
            {"error": self.error, "error_description": self.description}, status=self.status, headers=headers
        )


@router.route("POST", "/oauth/token")
def token(request: Request) -> Response:
    """Answers a refusal instead of raising it, since a code is used up by a failed try as well."""
    form = {name: values[0] for name, values in request.form().items()}
    try:
        client = _client(request, form)
        if form.get("grant_type") == "authorization_code":
            return _by_code(request, form, client)
        if form.get("grant_type") == "refresh_token":
            return _by_refresh_token(request, form, client)
        raise GrantError("unsupported_grant_type", "Use authorization_code or refresh_token.")
    except GrantError as error:
        return error.response()


@router.route("GET", "/oauth/userinfo")
@router.route("POST", "/oauth/userinfo")
def userinfo(request: Request) -> Response:
    caller = required_caller(request)
    return Response.json(
        claims_of(request, caller.person, caller.scope or "openid profile"), headers=NEVER_STORE
    )


def _by_code(request: Request, form: dict[str, str], client: str) -> Response:
    grant = grants.take_code(request.db, form.get("code", ""))
    if grant is None:
        raise GrantError("invalid_grant", "The code is unknown, used or expired.")
    if form.get("redirect_uri") != grant.redirect_uri:
        raise GrantError("invalid_grant", "The redirect_uri is not the one the code was asked with.")
    if not grant.is_proved_by(form.get("code_verifier", "")):
        raise GrantError("invalid_grant", "The code_verifier does not fit the code_challenge.")
    return _tokens(request, grant.sub, grant.scope, client, nonce=grant.nonce)


def _by_refresh_token(request: Request, form: dict[str, str], client: str) -> Response:
    found = grants.take_refresh_token(request.db, form.get("refresh_token", ""))
    if found is None:
        raise GrantError("invalid_grant", "The refresh token is unknown or used.")
    return _tokens(request, *found, client)


def _tokens(request: Request, sub: str, scope: str, client: str, *, nonce: str = "") -> Response:
    access, refresh = grants.issue_tokens(request.db, sub, scope)
    answer: dict[str, object] = {
        "access_token": access,
        "token_type": "bearer",
        "expires_in": grants.TOKEN_LASTS,
        "refresh_token": refresh,
        "scope": scope,
    }
    if "openid" in scope.split():
        answer["id_token"] = _id_token(request, sub, scope, aud=client, access=access, nonce=nonce)
    return Response.json(answer, headers=NEVER_STORE)


def _id_token(request: Request, sub: str, scope: str, *, aud: str, access: str, nonce: str) -> str:
    person = directory.by_sub(request.db, sub)
    if person is None:
        raise GrantError("invalid_grant", "That person is gone.")
    now = int(time.time())
    half = base64.urlsafe_b64encode(binascii.unhexlify(digest(access))[:16]).rstrip(b"=").decode()
    claims = claims_of(request, person, scope) | {
        "iss": request.origin,
        "aud": aud,
        "iat": now,
        "auth_time": now,
        "exp": now + 3600,
        "at_hash": half,
    }
    return request.hub.signing_key.sign(claims | {"nonce": nonce} if nonce else claims)


def _client(request: Request, form: dict[str, str]) -> str:
    """The client's id, after its secret was checked: in the header (basic) or the form (post)."""
    config = request.hub.config
    name, secret = _basic(request.headers.get("Authorization") or "") or (
        form.get("client_id", ""),
        form.get("client_secret", ""),
    )
    right = hmac.compare_digest(secret.encode(), config.client_secret.encode())
    if name != config.client_id or not right:
        raise GrantError("invalid_client", "The client is unknown or its secret is wrong.", status=401)
    return name


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(name), unquote(secret)
