"""The HTTP client under `huggingface_hub`: with time limits, and without its sleeps.

The library has no time limits of its own, and its paging and uploading sleep up to 300 seconds inside the
worker when the Hub asks for patience. Here whatever is worth a second try leaves as `RetryLaterError`, which
the library does not catch, before it can start to wait; when to try again is the caller's decision. What the
rate limit leaves no room for is not sent at all.
"""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

import httpx2
import huggingface_hub
from django.utils.translation import gettext as _
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]  # not re-exported by name
from huggingface_hub.utils._http import hf_request_event_hook

from dibt.gateways.errors import RetryLaterError
from dibt.gateways.heartbeat import beat
from dibt.gateways.hub.limiter import the_limiter

CONNECT_SECONDS = 5.0
# A stream that never falls silent would hold a worker for ever, because the read timeout only counts silence.
# With the limits for connecting and for silence it makes a minute, within which a worker shows that it lives.
ANSWER_SECONDS = 15.0
# Eight attempts with such pauses outlast the hour for which the Hub counts some actions.
PART_OF_AN_HOUR = timedelta(minutes=10)
LONGEST_ID = 120
TRANSIENT = frozenset({408, 429})


def is_transient(status: int) -> bool:
    return status in TRANSIENT or status >= 500


def request_id_of(response: httpx2.Response) -> str:
    """The id the Hub knows the request by, as far as it has the length of one; ours where it gave none."""
    theirs: str = response.headers.get("x-request-id", "")
    return theirs[:LONGEST_ID] or trace_id_of(response.request)


def trace_id_of(request: httpx2.Request) -> str:
    trace: str = request.headers.get("x-amzn-trace-id", "")
    return trace


def pause_of(status: int, headers: httpx2.Headers) -> timedelta | None:
    """How long the Hub asks us to wait: by its rate-limit window, else by `Retry-After` in seconds.

    What it refuses while the window has room is an action of which there were enough this hour, such as making
    repositories; of that it tells no time.
    """
    window = parse_ratelimit_headers(headers)
    if window is not None and window.remaining == 0:
        return timedelta(seconds=window.reset_in_seconds + 1)
    if window is not None and status == 429:
        return PART_OF_AN_HOUR
    seconds = headers.get("retry-after", "")
    return timedelta(seconds=int(seconds) + 1) if seconds.isdecimal() else None


class LimitedTransport(httpx2.BaseTransport):
    """Asks the API with a token only what its rate limit has room for; raises RateLimitedError for the rest.

    Pages, files and what is asked without a token are counted apart by the Hub, and we ask for few of them.
    """

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        token: str = request.headers.get("authorization", "")
        if not token or not request.url.path.startswith("/api/"):
            return self._inner.handle_request(request)
        place = the_limiter().take(token)
        response = self._inner.handle_request(request)
        the_limiter().learn(token, place=place, status=response.status_code, headers=response.headers)
        return response

    def close(self) -> None:
        self._inner.close()


class PatientTransport(httpx2.BaseTransport):
    """Turns every answer and failure that is worth a second try into `RetryLaterError`.

    `limits` hold where the library asks for none: it does so by an explicit None when it looks at a repository.
    """

    def __init__(self, inner: httpx2.BaseTransport, *, limits: httpx2.Timeout) -> None:
        self._inner, self._limits = inner, limits.as_dict()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        beat()
        asked = request.extensions.get("timeout", {})
        limits = {name: asked.get(name) or seconds for name, seconds in self._limits.items()}
        request.extensions = {**request.extensions, "timeout": limits}
        try:
            response = self._inner.handle_request(request)
        except httpx2.TransportError as error:
            raise unreachable(error, request_id=trace_id_of(request)) from error
        response.request = request
        if is_transient(response.status_code):
            response.close()
            raise busy(response)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _LimitedStream(response.stream)
        return response

    def close(self) -> None:
        self._inner.close()


class _LimitedStream(httpx2.SyncByteStream):
    """An answer that has to be complete within ANSWER_SECONDS."""

    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self._inner = inner
        self._end = time.monotonic() + ANSWER_SECONDS

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            yield chunk
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout("The answer took too long")

    def close(self) -> None:
        self._inner.close()


def unreachable(error: httpx2.HTTPError, *, request_id: str = "") -> RetryLaterError:
    """No answer came, or only half of one."""
    if isinstance(error, httpx2.TimeoutException):
        return RetryLaterError(_("The Hub did not answer in time."), request_id=request_id)
    return RetryLaterError(_("The connection to the Hub failed."), request_id=request_id)


def busy(response: httpx2.Response) -> RetryLaterError:
    """The Hub answered that it cannot answer now."""
    if response.status_code == 429:
        message = _("The Hub asks us to slow down: too many requests.")
    else:
        message = _("The Hub had an error of its own (%(status)d).") % {"status": response.status_code}
    pause = pause_of(response.status_code, response.headers)
    return RetryLaterError(message, request_id=request_id_of(response), after=pause)


class _NoCurl(logging.Filter):
    """Drops the curl lines that HF_DEBUG asks for: they hold a Space's secrets in clear."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Send: ")


@lru_cache(maxsize=1)
def install(read_seconds: float) -> None:
    """Make the library use this client, for the whole process; once, because it closes the one before."""
    logging.getLogger(hf_request_event_hook.__module__).addFilter(_NoCurl())
    huggingface_hub.set_client_factory(lambda: client(read_seconds))


def client(read_seconds: float) -> httpx2.Client:
    """A new client. The event hook is the library's own: it gives each request its trace id."""
    limits = httpx2.Timeout(read_seconds, connect=CONNECT_SECONDS)
    return httpx2.Client(
        transport=PatientTransport(LimitedTransport(httpx2.HTTPTransport()), limits=limits),
        event_hooks={"request": [hf_request_event_hook]},
        follow_redirects=True,
        timeout=limits,
    )
