"""Walking through the site from link to link, to see every kind of page that a person can reach."""

import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tests.browser.visitor import Visitor

# Pages that differ only in what stands here are of one kind.
NAMED = re.compile(r"^/((?:organise/)?cohorts|projects|manage)/(?!new/)[^/]+/")
NUMBERED = re.compile(r"/(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=/)")
# What is no page: answers of the API, and files.
NO_PAGE = re.compile(r"^/api/v1/|/[^/]*\.[^/]*$")
LINKS = "[...document.links].filter(a => a.origin === location.origin && !a.download).map(a => a.pathname)"


@dataclass(frozen=True)
class Role:
    """A kind of person: who of the sandbox is one, where they begin, and below what lie the pages they look at."""

    people: tuple[str, ...]
    starts: tuple[str, ...]
    below: tuple[str, ...]


ROLES = {
    "nobody": Role(("",), ("/", "/sign-in/", "/styleguide/"), ("/",)),
    "contributor": Role(("okapi",), ("/projects/", "/me/"), ("/projects/", "/me/")),
    # One sets a project up, one runs one, one has completed one, one writes an application.
    "lead": Role(
        ("heron", "ibis", "lynx", "tern"),
        ("/applications/", "/cohorts/"),
        ("/applications/", "/cohorts/", "/manage/"),
    ),
    "organiser": Role(("weaver",), ("/organise/",), ("/organise/",)),
}


def kind_of(path: str) -> str:
    """`/projects/*/progress/`: the path of a page without what tells it from others of its kind."""
    return NUMBERED.sub("/*", NAMED.sub(r"/\1/*/", path))


def walk(
    visitor: Visitor, *, starts: Collection[str], below: Collection[str], most: int = 1
) -> Iterator[str]:
    """Open page after page, `most` of each kind, and yield the path of each while it is open.

    Every link of a page is followed once, but for those that lead out of `below`, to files or to the API.
    """
    waiting, seen, opened = deque(starts), set(starts), dict[str, int]()
    while waiting:
        path = waiting.popleft()
        if opened.get(kind_of(path), 0) >= most:
            continue
        visitor.go(path)
        arrived = kind_of(visitor.path().partition("?")[0])
        opened[kind_of(path)] = opened.get(kind_of(path), 0) + 1
        for link in visitor.page.evaluate(LINKS):
            if link not in seen and link.startswith(tuple(below)) and not NO_PAGE.search(link):
                seen.add(link)
                waiting.append(link)
        if arrived == kind_of(path):
            yield path
