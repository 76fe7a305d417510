"""Pages that belong to no app: what joins them."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from annotations.domain import totals
from dibt.lib import problems
from dibt.lib.errors import DomainError, TooLargeError
from dibt.lib.htmx import wants_fragment
from dibt.lib.problems import wants_json
from dibt.lib.styleguide import samples
from dibt.lib.styles import styles
from projects.models import Cohort, Project

FEATURED = 6
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, live totals, open projects, how to start."""
    newest = Project.objects.open().select_related("organisation").order_by("-opened_at")
    context = {
        "overall": totals.overall(),
        "projects": totals.with_totals(newest)[:FEATURED],
        "cohort": Cohort.objects.open().order_by("closes_at").first(),
    }
    return render(request, "home.html", context)


@require_safe
def style_sheet(_request: HttpRequest, version: str) -> HttpResponse:
    """All style sheets. A page that is older than they are names an old version and gets the present one, once."""
    response = HttpResponse(styles().text, content_type="text/css; charset=utf-8")
    is_current = version == styles().version
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return response


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", samples(request))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Instead of Django's page for a request that is refused before anybody has read it."""
    error = _too_much() if isinstance(exception, TOO_MUCH) else DomainError(_not_understood())
    if wants_json(request):
        return problems.of(error)
    template = "ui/_refusal.html" if wants_fragment(request) else "400.html"
    return render(request, template, {"error": error}, status=error.status)


def _too_much() -> DomainError:
    return TooLargeError(_("This is more than can be taken at once, so nothing was changed. Send less."))


def _not_understood() -> str:
    return _(
        "The request could not be understood, so nothing was changed. Go back, reload the page and try again."
    )


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The endpoints, from the same description that the OpenAPI file has."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    endpoints = [
        {"method": method.upper(), "path": path, "summary": operation.get("description", "")}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
    return render(request, "api_docs.html", {"endpoints": endpoints})
