"""What `huggingface_hub` raises, turned into our errors: every call of the gateway is a `hub_errors()`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from dibt.gateways.errors import (
    HIDDEN,
    ConflictError,
    ForbiddenError,
    GatewayError,
    MissingError,
    RefusedError,
    RetryLaterError,
    excerpt,
)
from dibt.gateways.hub.transport import busy, is_transient, request_id_of, unreachable

REASONS = {
    401: gettext_lazy("The Hub does not know the platform's token. Ask an organiser to renew it."),
    402: gettext_lazy(
        "The Hub wants a paid plan for this. Ask an organiser to check the plan of the hosting organisation."
    ),
    403: gettext_lazy(
        "The platform's account may not do this on the Hub. Ask an organiser to check its role."
    ),
    404: gettext_lazy("The Hub has no such thing, or hides it from the platform's account."),
    409: gettext_lazy("It is on the Hub already."),
    412: gettext_lazy("It changed on the Hub meanwhile."),
}
KINDS: dict[int, type[GatewayError]] = {
    403: ForbiddenError,
    404: MissingError,
    409: ConflictError,
    412: ConflictError,
}


@contextmanager
def hub_errors() -> Iterator[None]:
    """Raise GatewayError in place of what the library raises. Also a decorator.

    The order matters: an HfHubHTTPError is an OSError and an httpx2.HTTPError, and one for status 400 a
    ValueError too.
    """
    try:
        yield
    except HfHubHTTPError as error:
        raise answered(error) from error
    except httpx2.HTTPError as error:
        raise unreachable(error) from error
    except OfflineModeIsEnabled as error:
        raise RefusedError(_("HF_HUB_OFFLINE forbids to speak to the Hub. Unset it.")) from error
    except (json.JSONDecodeError, KeyError) as error:
        raise RetryLaterError(_("The Hub's answer could not be understood.")) from error
    except ValueError as error:  # a name or a card that the library finds invalid by itself
        raise RefusedError(_quoted(str(error), getattr(error.__cause__, "response", None))) from error
    except RuntimeError as error:  # how the library reports an upload that failed in a thread
        raise _cause(error) from error


def answered(error: HfHubHTTPError) -> GatewayError:
    """The error that the Hub's answer stands for, with its own words where it gave any."""
    status, request_id = error.response.status_code, request_id_of(error.response)
    if is_transient(status):
        return busy(error.response)
    reason = REASONS.get(status, _("The Hub refused the request (%(status)d).") % {"status": status})
    said = _quoted(error.server_message or "", error.response)
    message = _("%(reason)s It said: “%(said)s”") % {"reason": reason, "said": said} if said else str(reason)
    return KINDS.get(status, RefusedError)(message, request_id=request_id)


def _quoted(said: str, response: httpx2.Response | None) -> str:
    """The Hub's own words, without our token in case it repeats that."""
    sent = "" if response is None else response.request.headers.get("authorization", "")
    token = sent.removeprefix("Bearer ")
    return excerpt(said.replace(token, HIDDEN) if token else said)


def _cause(error: RuntimeError) -> GatewayError:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, GatewayError):
        return cause
    if isinstance(cause, HfHubHTTPError):
        return answered(cause)
    if isinstance(cause, httpx2.HTTPError):
        return unreachable(cause)
    return RetryLaterError(_("Sending a file to the Hub failed."))
