"""Which handler answers which address.

A pattern is a path with named parts: `{name}` is one segment, `{rest*}` everything that follows, `{kind}` one of
models, datasets, spaces. Paths are matched before percent-decoding, since the client quotes the slash of a branch
name (`refs%2Fpr%2F1`); the parts are decoded afterwards. The first pattern that matches wins.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from dibt.sandbox.wire import Request, Response

Handler = Callable[[Request], Response]
PARTS = {"kind": "models|datasets|spaces", "area": "datasets|spaces"}


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and its address; one that `streams` reads its body itself and opens no transaction."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    streams: bool

    def match(self, path: str) -> dict[str, str] | None:
        found = self.pattern.fullmatch(path)
        return None if found is None else {name: unquote(value) for name, value in found.groupdict().items()}


class Router:
    """An ordered list of routes; `@router.route("GET", "/api/…")` adds one."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(self, method: str, pattern: str, *, streams: bool = False) -> Callable[[Handler], Handler]:
        compiled = re.compile(re.sub(r"\{(\w+)(\*?)\}|([^{]+)", _part, pattern))

        def register(handler: Handler) -> Handler:
            self.routes.append(Route(method, compiled, handler, streams))
            return handler

        return register

    def include(self, *others: "Router") -> None:
        for other in others:
            self.routes.extend(other.routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a request and its named parts; HEAD is answered by the handler of GET."""
        wanted = "GET" if method == "HEAD" else method
        for route in self.routes:
            if route.method == wanted and (params := route.match(path)) is not None:
                return route, params
        return None

    def knows(self, path: str, *, but: Handler) -> bool:
        """Whether another handler than `but` answers that path, whatever the method."""
        return any(route.handler is not but and route.match(path) is not None for route in self.routes)

    def methods(self, path: str) -> list[str]:
        """The methods that `path` knows."""
        return sorted({route.method for route in self.routes if route.match(path) is not None})


def _part(found: re.Match[str]) -> str:
    name, rest, literal = found.groups()
    if literal:
        return re.escape(literal)
    return f"(?P<{name}>{'.+' if rest else PARTS.get(name, '[^/]+')})"
