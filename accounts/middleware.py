"""What happens to a request that turns out to need a signed-in person, when it is more than a plain visit."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from dibt.lib import problems
from dibt.lib.middleware import came_from
from dibt.lib.problems import wants_json

VISITS = frozenset({"GET", "HEAD"})


class SignInMiddleware:
    """Leads back to the page a form stood on, not to the address it was sent to, when the session had ended.

    That address takes only POST, so coming back to it after sign-in would fail. A fragment asked for by htmx
    becomes a redirect of the whole page, or the sign-in page would appear inside the other one; a script is told,
    and keeps what it wanted to send.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _asks_to_sign_in(response) and wants_json(request):
            return problems.answer(HTTPStatus.UNAUTHORIZED, "signed-out", _signed_out())
        by_htmx = bool(getattr(request, "htmx", False))
        if not _asks_to_sign_in(response) or (request.method in VISITS and not by_htmx):
            return response
        if request.method not in VISITS:
            messages.warning(request, _nothing_was_saved())
        url = f"{reverse('accounts:sign_in')}?{urlencode({'next': _page(request)})}"
        return HttpResponseClientRedirect(url) if by_htmx else HttpResponseRedirect(url)


def _asks_to_sign_in(response: HttpResponseBase) -> bool:
    if not isinstance(response, HttpResponseRedirect):
        return False
    target = urlsplit(response.url)
    return target.path == reverse("accounts:sign_in") and "next=" in target.query


def _signed_out() -> str:
    return _("You are no longer signed in. Sign in again, and send it then.")


def _nothing_was_saved() -> str:
    return _("You are no longer signed in, so nothing was saved. Sign in, and send the form again.")


def _page(request: HttpRequest) -> str:
    """Path and query of the page that the request was sent from; the front page if the browser does not say."""
    referer = urlsplit(came_from(request) or "/")
    return f"{referer.path or '/'}?{referer.query}" if referer.query else referer.path or "/"
