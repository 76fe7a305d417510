"""Lists in pages, as the Hub gives them: a `Link: <…>; rel="next"` header until the last."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from dibt.sandbox.wire import Request, Response

KEPT = ("author", "search", "full", "recursive", "expand")


Item = TypeVar("Item")


def page_of(
    request: Request,
    items: Sequence[Item],
    *,
    size: int,
    as_json: Callable[[Item], object] = lambda item: item,
) -> Response:
    """One page; `limit` in the query overrides `size`, `cursor` says where the page begins.

    `as_json` is asked for the items of the page alone.
    """
    limit, start = max(whole(request.first("limit"), size), 1), whole(request.first("cursor"), 0)
    headers = {}
    if start + limit < len(items):
        kept = [(name, value) for name in KEPT for value in request.query(name)]
        query = urlencode([*kept, ("limit", str(limit)), ("cursor", str(start + limit))])
        headers["Link"] = f'<{request.origin}{request.path}?{query}>; rel="next"'
    page = [as_json(item) for item in items[start : start + limit]]
    return Response.json(page, headers=headers)


def whole(text: str, default: int) -> int:
    """A number from a query, or `default` where it is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else default
