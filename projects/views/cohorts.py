"""Cohorts, as everybody reads them."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.models import Application, Cohort
from projects.models.cohort import Phase
from projects.permissions import is_organiser

ORDER = [Phase.OPEN, Phase.UPCOMING, Phase.CLOSED]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    cohorts = Cohort.objects.visible_to(request.user).with_counts()
    return render(request, "cohorts/list.html", {"cohorts": open_first(cohorts)})


def open_first(cohorts: Iterable[Cohort]) -> list[Cohort]:
    """Open ones are what readers come for; then what comes, then what has been."""
    return sorted(cohorts, key=lambda cohort: (ORDER.index(cohort.phase), -cohort.closes_at.timestamp()))


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).with_counts(), slug=slug)
    mine = Application.objects.none()
    if request.user.is_authenticated:
        mine = Application.objects.filter(cohort=cohort, lead=request.user).select_related("project")
    context = {
        "cohort": cohort,
        "mine": mine,
        "unfinished": mine.unfinished().first(),
        "may_edit": is_organiser(request.user),
    }
    return render(request, "cohorts/detail.html", context)
