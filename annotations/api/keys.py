"""The header `Idempotency-Key`, as draft-ietf-httpapi-idempotency-key-header describes it."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from dibt.lib.errors import InvalidError

HEADER = "Idempotency-Key"
KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=(
        "A text of 1 to 200 characters that you make for each answer, such as a UUID. An answer that is sent again "
        "under its key is taken once: what was taken is told again, with `repeated`. With another record or other "
        "values the key is refused (422, `key-used`), and so is that of an answer you have deleted since (410)."
    ),
)


def key_of(request: Request) -> str:
    """The key of a request, without the quotes that the draft puts around it; "" where there is none."""
    sent = request.headers.get(HEADER)
    if sent is None:
        return ""
    key = sent.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key:
        raise InvalidError(_("The header Idempotency-Key is empty. Leave it out, or give a key."))
    return key
