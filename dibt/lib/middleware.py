"""What holds for every request and answer: cookies are such as the site could have set, what is somebody's own stays
out of shared caches, and a domain error on a page becomes a message and a way back, so that views need no `try`."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from dibt.lib import problems
from dibt.lib.errors import DomainError, NotAllowedError, NotVisibleError
from dibt.lib.htmx import wants_fragment
from dibt.lib.problems import wants_json
from dibt.lib.text import unstorable_character

COMPRESSED = frozenset(
    {"application/json", "application/problem+json", "application/javascript", "image/svg+xml"}
)


class CompressionMiddleware(GZipMiddleware):
    """Sends what is text in fewer bytes, to browsers on slow networks above all. Django adds bytes by chance, so that
    its length betrays nothing of a form's protection (BREACH). Other files are compressed in themselves."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if not (kind.startswith("text/") or kind in COMPRESSED):
            return response
        return super().process_response(request, response)


class CookiesMiddleware:
    """Leaves out cookies that no site of ours has set: those with a character that cannot be stored. A session is
    looked for by what its cookie says, and PostgreSQL refuses to look for NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, value in request.COOKIES.items() if unstorable_character(value)]:
            del request.COOKIES[name]
        return self.get_response(request)


class PrivateMiddleware:
    """Keeps answers that depend on who asks out of shared caches, some of which do not look at `Vary`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_personal = request.session.accessed or "Authorization" in request.headers
        if is_personal and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response


class DomainErrorMiddleware:
    """Shows a refusal where the person is: as a fragment to htmx, as problem+json to a script, as a message on the
    page they came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if wants_fragment(request):
            return render(request, "ui/_refusal.html", {"error": error}, status=error.status)
        if wants_json(request):
            return problems.of(error)
        back = came_from(request)
        if back and request.method == "POST" and not isinstance(error, NotVisibleError):
            messages.error(request, error.message)
            return redirect(back)
        template = {NotVisibleError: "404.html", NotAllowedError: "403.html"}.get(type(error), "400.html")
        return render(request, template, {"error": error}, status=error.status)


def came_from(request: HttpRequest) -> str | None:
    """The page of this site that the request was sent from, if the browser says so."""
    referer = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if here and urlsplit(referer).netloc else None
