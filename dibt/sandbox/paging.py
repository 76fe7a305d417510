"""Lists in pages, as the Hub gives them: a `Link: <…>; rel="next"` header until the last."""

from collections.abc import Sequence
from urllib.parse import urlencode

from dibt.sandbox.wire import Request, Response

KEPT = ("author", "search", "full", "recursive", "expand")


def page_of(request: Request, items: Sequence[object], *, size: int) -> Response:
    """One page; `limit` in the query overrides `size`, `cursor` says where the page begins."""
    limit, start = max(whole(request.first("limit"), size), 1), whole(request.first("cursor"), 0)
    headers = {}
    if start + limit < len(items):
        kept = [(name, value) for name in KEPT for value in request.query(name)]
        query = urlencode([*kept, ("limit", str(limit)), ("cursor", str(start + limit))])
        headers["Link"] = f'<{request.origin}{request.path}?{query}>; rel="next"'
    return Response.json(items[start : start + limit], headers=headers)


def whole(text: str, default: int) -> int:
    """A number from a query, or `default` where it is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else default
