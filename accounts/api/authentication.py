"""`Authorization: Bearer dibt_…`: a personal token instead of a session."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.domain import tokens
from accounts.models import ApiToken, User

SCHEME = "Bearer"


class ApiTokenAuthentication(BaseAuthentication):
    """The token's owner, for a request that carries one.

    One that is unknown, revoked or misspelt is answered with 401 rather than taken for no token at all, so
    that a script with an old token does not silently see only what everybody sees.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        token = tokens.find(secret.strip().decode("ascii", errors="replace"))
        if token is None:
            raise AuthenticationFailed(
                _("This token is not known here, or was revoked. Make a new one on your tokens page.")
            )
        tokens.note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return f'{SCHEME} realm="api"'
