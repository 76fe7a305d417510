"""Pages that belong to no app: what joins them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from annotations.domain import totals
from dibt.lib.styleguide import samples
from projects.models import Cohort, Project

FEATURED = 6


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
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", samples(request))


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
