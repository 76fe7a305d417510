"""What somebody typed while their session ran out, kept in the next one until they have signed in again."""

from django.http import HttpRequest, QueryDict

KEY = "typed"
MOST_BYTES = 200_000


def keep_typed(request: HttpRequest) -> None:
    """Keep the form that was just sent, if it is no longer than any of ours can be."""
    body = request.POST.urlencode()
    if len(body) <= MOST_BYTES:
        request.session[KEY] = {"path": request.path, "body": body}


def take_typed(request: HttpRequest) -> QueryDict | None:
    """The form that was kept for this page; once."""
    kept = request.session.get(KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(kept["body"])
