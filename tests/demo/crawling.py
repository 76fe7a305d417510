"""Walking through the site by its links, as one person."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client

from accounts.models import User

SITE = "http://testserver"
# Of pages that differ only in what is filtered or which page is shown, so many are looked at.
QUERIES_EACH = 2
FOLLOWED = ("href", "hx-get")


@dataclass
class Walk:
    """What was met: the status of each address, and from where it was linked."""

    statuses: dict[str, int] = field(default_factory=dict)
    linked_from: dict[str, str] = field(default_factory=dict)

    @property
    def dead_ends(self) -> dict[str, tuple[int, str]]:
        """Links that lead to anything but a page: the status, and the page with the link."""
        return {
            url: (status, self.linked_from[url]) for url, status in self.statuses.items() if status != 200
        }

    @property
    def paths(self) -> set[str]:
        return {urlsplit(url).path for url in self.statuses}


def walk(person: User | None, *, start: str = "/", depth: int = 6) -> Walk:
    """Follow every link within the site, up to `depth` away from the start."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    walked, seen_queries = Walk(linked_from={start: ""}), dict[str, int]()
    ahead = deque([(start, depth)])
    while ahead:
        url, left = ahead.popleft()
        response = client.get(url, follow=True)
        walked.statuses[url] = response.status_code
        content = response.getvalue()  # of a download too, to its end
        if left == 0 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        here = response.redirect_chain[-1][0] if response.redirect_chain else url
        for link in links(here, content.decode()):
            if link not in walked.linked_from and _is_worthwhile(link, seen_queries):
                walked.linked_from[link] = url
                ahead.append((link, left - 1))
    return walked


def links(base: str, page: str) -> Iterator[str]:
    """The addresses of this site that the page links to, without their fragments."""
    found = _Links()
    found.feed(page)
    for link in found.links:
        url = urldefrag(urljoin(f"{SITE}{base}", link)).url
        if url.startswith(f"{SITE}/") and not url.startswith(f"{SITE}/static/"):
            yield url.removeprefix(SITE)


def _is_worthwhile(link: str, seen_queries: dict[str, int]) -> bool:
    path, query = urlsplit(link).path, urlsplit(link).query
    if not query:
        return True
    seen_queries[path] = seen_queries.get(path, 0) + 1
    return seen_queries[path] <= QUERIES_EACH


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "link":
            self.links += [value for name, value in attrs if name in FOLLOWED and value]
