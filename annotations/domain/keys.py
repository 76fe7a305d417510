"""Idempotency keys: one answer under one key, however often it is sent (draft-ietf-httpapi-idempotency-key-header).

The id of an answer comes from its author and the key, so that the index of ids knows all keys and nothing else is
written for them. Of an answer that was deleted the id is kept: sent again, it does not come back. So is the id of one
that was sent under another key as well: it stands for the first one, and is deleted with it.
"""

import uuid
from collections.abc import Mapping

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.models import Response, Withdrawal
from dibt.lib.errors import GoneError, InvalidError
from dibt.lib.text import unstorable_character
from projects.models import Project

LONGEST_KEY = 200
_FROM_A_NAME, _RANDOM = 5, 4  # versions of UUIDs (RFC 9562)


class KeyUsedError(InvalidError):
    """The key belongs to another answer of theirs."""

    kind = "key-used"


def answer_id(project: Project, user: User, key: str) -> uuid.UUID:
    """The id of the answer that this person gives under this key; a random one where there is no key.

    Nobody outside can work it out. Raises InvalidError for a key that is none.
    """
    if not key:
        return uuid.uuid4()
    if len(key) > LONGEST_KEY or unstorable_character(key):
        sentence = _("A key is a text of 1 to %(most)d characters. Make one for each answer, such as a UUID.")
        said = sentence % {"most": LONGEST_KEY}
        raise InvalidError(said, {"key": [said]})
    named = salted_hmac("annotations.answer_id", f"{project.pk}:{user.pk}:{key}", algorithm="sha256").digest()
    return uuid.UUID(bytes=named[:16], version=_FROM_A_NAME)


def answered(public_id: uuid.UUID, *, record_id: int, values: Mapping[str, object]) -> Response | None:
    """What was answered under a key before; it may have been changed since. None for a key that is new.

    Raises KeyUsedError where the key came with another record or other values, and GoneError where the answer was
    deleted. Its author's row is locked, or nothing is written after this.
    """
    if public_id.version == _RANDOM:
        return None
    before = Response.objects.filter(public_id=public_id).first()
    if before is None:
        return _answered_under_another(public_id, record_id, values)
    first = before.edits.order_by("at", "pk").first()
    if before.record_id != record_id or (first or before).values != values:
        raise _used()
    return before


def same_as(response: Response, public_id: uuid.UUID) -> None:
    """Note that this answer was sent under another key as well, of which `public_id` was made: when it is deleted, that
    key does not bring it back. Its author's row is locked."""
    if public_id.version == _FROM_A_NAME:
        Withdrawal.objects.get_or_create(
            public_id=public_id,
            defaults={"contributor_id": response.contributor_id, "same_as": response.public_id},
        )


def withdraw(response: Response) -> None:
    """Keep the key of an answer that is being deleted from bringing it back."""
    if response.public_id.version == _FROM_A_NAME:
        Withdrawal.objects.get_or_create(
            public_id=response.public_id, defaults={"contributor_id": response.contributor_id}
        )


def _answered_under_another(
    public_id: uuid.UUID, record_id: int, values: Mapping[str, object]
) -> Response | None:
    """What this key was told to be the same as. Its author may have changed it before or since."""
    noted = Withdrawal.objects.filter(pk=public_id).first()
    if noted is None:
        return None
    before = noted.same_as and Response.objects.filter(public_id=noted.same_as).first()
    if not before:
        raise GoneError(
            _("You have deleted the answer that was sent with this key, and it stays deleted. Use a new key.")
        )
    if before.record_id != record_id or values not in [
        before.values,
        *(edit.values for edit in before.edits.all()),
    ]:
        raise _used()
    return before


def _used() -> KeyUsedError:
    said = _(
        "This key was used for another answer of yours, which stands. Send each answer with a key of its own."
    )
    return KeyUsedError(said, {"key": [said]})
