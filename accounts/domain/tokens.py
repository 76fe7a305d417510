"""Personal API tokens: made, shown once, recognised by their digest, revoked."""

import hmac
from datetime import timedelta
from functools import cache

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User
from dibt.lib import clock, secrets
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError
from dibt.lib.rows import Rows

MARK = "dibt_"
_TOKENS, _USERS = Rows(ApiToken), Rows(User)
_WORKING = """
    SELECT {token}, {user} FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
    WHERE t.digest = %s AND t.revoked_at IS NULL AND u.is_active
"""
PREFIX_LENGTH = 12
NAME_LENGTH = 80
MOST_TOKENS = 50
USE_NOTED_EVERY = timedelta(minutes=1)


def make(user: User, *, name: str) -> tuple[ApiToken, str]:
    """A new token and its secret, which is nowhere else and cannot be had again.

    Raises InvalidError for a name that is empty or too long, ConflictError when a token that still works has
    the name (so that a form sent twice makes one token) or when there are too many.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        refusal = _("Give the token a name of at most %(length)d characters, such as the script it is for.")
        sentence = refusal % {"length": NAME_LENGTH}
        raise InvalidError(sentence, fields={"name": [sentence]})
    secret = MARK + secrets.new_token()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(
            pk=user.pk
        )  # a second submit waits, and finds the name taken
        _require_room(user, name)
        token = ApiToken.objects.create(
            user=user,
            name=name,
            prefix=secret[:PREFIX_LENGTH],
            digest=secrets.digest(secret),
            created_at=clock.now(),
        )
    return token, secret


def revoke(token: ApiToken, *, by: User) -> None:
    """End a token for good; doing it again changes nothing. For others than its owner it does not exist."""
    if token.user_id != by.pk:
        raise NotVisibleError(_("There is no such token."))
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now())
    token.refresh_from_db()


def find(secret: str) -> ApiToken | None:
    """The token with this secret, with its user, if it still works and its owner may still sign in."""
    if not secret.startswith(MARK):
        return None
    digest = secrets.digest(secret)
    with connection.cursor() as cursor:
        cursor.execute(_working(), [digest])
        row = cursor.fetchone()
    if row is None:
        return None
    token = _TOKENS.read(row[: len(_TOKENS)])
    token.user = _USERS.read(row[len(_TOKENS) :])
    return token if hmac.compare_digest(token.digest, digest) else None


@cache
def _working() -> str:
    return _WORKING.format(token=_TOKENS.columns("t"), user=_USERS.columns("u"))


def note_use(token: ApiToken) -> None:
    """Remember that the token was used now; written at most once a minute, however often it is used."""
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at <= now - USE_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _require_room(user: User, name: str) -> None:
    working = list(user.api_tokens.filter(revoked_at=None).values_list("name", flat=True))
    if name in working:
        raise ConflictError(
            _(
                "You already have a token called “%(name)s”, and its secret is not shown again. "
                "Revoke it, or choose another name."
            )
            % {"name": name}
        )
    if len(working) >= MOST_TOKENS:
        raise ConflictError(
            _("You have %(count)d tokens, the most one person can have. Revoke one you no longer use.")
            % {"count": len(working)}
        )
