"""What a sandbox is started with."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CLIENT_ID = "dibt"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - the secret of a sandbox is no secret
PRINTABLE = re.compile(r"[!-~]+")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Config:
    """One running sandbox.

    `pace` is how many seconds a Space spends in each stage on its way to RUNNING; 0 means it is there at once. Its app
    answers `app_delay` seconds later. A token has `rate_limit` API requests in each `rate_window` seconds.
    `site` is the origin of the platform: pages link to it, and sign-in may return there besides loopback.
    With `redirect_uris`, sign-in returns to these alone (on loopback any port matches, as on the Hub).
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8001
    site: str = ""
    pace: float = 1.5
    app_delay: float = 0.0
    rate_limit: int = 3_000
    rate_window: int = 300
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uris: tuple[str, ...] = ()

    def may_return_to(self, uri: str) -> bool:
        """Whether sign-in may send a browser back to `uri`."""
        if (
            urlsplit(uri).scheme not in {"http", "https"}
            or urlsplit(uri).fragment
            or not PRINTABLE.fullmatch(uri)
        ):
            return False
        if self.redirect_uris:
            return any(_same_place(uri, registered) for registered in self.redirect_uris)
        return urlsplit(uri).hostname in LOOPBACK or (
            bool(self.site) and origin_of(uri) == origin_of(self.site)
        )


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _same_place(uri: str, registered: str) -> bool:
    asked, known = urlsplit(uri), urlsplit(registered)
    if asked.hostname in LOOPBACK and asked.hostname == known.hostname:
        return (asked.scheme, asked.path, asked.query) == (known.scheme, known.path, known.query)
    return uri == registered
