"""Finding a project and reading about it: what it is for, how far it is, who took part."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from annotations.domain import boards, contributors, totals
from annotations.filters import BrowseFilter
from dibt.lib import clock
from dibt.lib.htmx import wants_fragment
from dibt.lib.page_parts import DayCount
from projects import permissions
from projects.domain import tasks
from projects.models import Project, ProjectState

PROJECTS_A_PAGE = 24
NAMES_A_PAGE = 50
DAYS_SHOWN = 30
OPEN_FIRST = Case(When(state=ProjectState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())


def found(request: HttpRequest, slug: str) -> Project:
    """The project with its totals, if this person may see it; else 404."""
    visible = Project.objects.visible_to(request.user).select_related("organisation", "cohort")
    return get_object_or_404(totals.with_totals(visible), slug=slug)


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    public = Project.objects.public().select_related("organisation").order_by(OPEN_FIRST, "-opened_at")
    chosen = BrowseFilter(request.GET, queryset=public)
    matching = chosen.qs if chosen.is_valid() else public.none()
    page = Paginator(totals.with_totals(matching), PROJECTS_A_PAGE).get_page(request.GET.get("page"))
    template = "projects/_results.html" if wants_fragment(request) else "projects/list.html"
    return render(request, template, {"filter": chosen, "page": page, "narrowed": any(chosen.data.values())})


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    project = found(request, slug)
    return render(request, "projects/detail.html", _about(request, project))


@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    project = found(request, slug)
    since = clock.today() - timedelta(days=DAYS_SHOWN - 1)
    context = {"project": project, "totals": totals.of(project), "days": _every_day(project, since=since)}
    template = "projects/_progress.html" if wants_fragment(request) else "projects/progress.html"
    return render(request, template, context)


@require_safe
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    project = found(request, slug)
    page = Paginator(boards.shown(project), NAMES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "totals": totals.of(project),
        "page": page,
        "standings": [boards.standing(row, person=request.user) for row in page],
        "hidden": boards.hidden(project),
    }
    return render(request, "projects/leaderboard.html", context)


def _about(request: HttpRequest, project: Project) -> dict[str, Any]:
    best = boards.shown(project)[:5]
    return {
        "project": project,
        "totals": totals.of(project),
        "guidelines": tasks.current_guidelines(project),
        "schema": tasks.current_schema(project).schema,
        "leads": list(project.leads.all()),
        "best": [boards.standing(row, person=request.user) for row in best],
        "mine": contributors.find(project, request.user),
        "is_member": permissions.is_member(project, request.user),
        "may_manage": permissions.may_manage(project, request.user),
        "releases": list(project.releases.filter(state="published")[:3]),
    }


def _every_day(project: Project, *, since: date) -> list[DayCount]:
    """Each day from `since` until today, also those on which nothing happened."""
    counts = {day.day: day.responses for day in totals.days(project, since=since)}
    length = (clock.today() - since).days + 1
    return [
        DayCount(day, counts.get(day, 0)) for day in (since + timedelta(days=step) for step in range(length))
    ]
