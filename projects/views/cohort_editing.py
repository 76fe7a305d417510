"""Organisers make and edit cohorts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, signed_in
from projects.forms.cohorts import CohortForm
from projects.models import Cohort
from projects.permissions import require_organiser


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def new(request: PersonRequest) -> HttpResponse:
    require_organiser(request.user)
    form = CohortForm(request.POST if request.method == "POST" else None, by=request.user)
    return _answer(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    require_organiser(request.user)
    cohort = get_object_or_404(Cohort, slug=slug)
    form = CohortForm(request.POST if request.method == "POST" else None, by=request.user, cohort=cohort)
    return _answer(request, form)


def _answer(request: PersonRequest, form: CohortForm) -> HttpResponse:
    if not form.is_bound:
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    if refusal := form.save():
        return _page(request, form, status=refusal.status)
    assert form.cohort is not None
    messages.success(request, _("Saved."))
    return redirect(form.cohort)


def _page(request: PersonRequest, form: CohortForm, *, status: int = 200) -> HttpResponse:
    # As it is in the database: the one on the form may carry what was just refused.
    saved = Cohort.objects.filter(pk=form.cohort.pk).first() if form.cohort else None
    return render(request, "organise/cohort_form.html", {"form": form, "cohort": saved}, status=status)
