"""What organisers do with applications: see what waits, read, review, decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from dibt.lib.errors import NotVisibleError
from projects.domain import costs
from projects.domain.applications import seats_left
from projects.forms.reviews import DecisionForm, ReviewForm
from projects.models import Application, ApplicationState, Cohort, Space
from projects.permissions import require_organiser
from projects.views.cohorts import open_first

NEXT_UP = 10
PER_PAGE = 50


@require_safe
@signed_in
def home(request: PersonRequest) -> HttpResponse:
    require_organiser(request.user)
    waiting = Application.objects.waiting_for_review().exclude(lead=request.user)
    context = {
        "cohorts": open_first(Cohort.objects.with_counts()),
        "next_up": waiting.select_related("cohort", "lead")[:NEXT_UP],
        "waiting": waiting.count(),
        "needing": Space.objects.needing_a_person().count(),
    }
    return render(request, "organise/home.html", context)


@require_safe
@signed_in
def queue(request: PersonRequest, slug: str) -> HttpResponse:
    """One cohort's applications: those that wait, fewest reviews first; or those that were decided."""
    require_organiser(request.user)
    cohort = get_object_or_404(Cohort.objects.with_counts(), slug=slug)
    handed_in = cohort.applications.handed_in().select_related("lead")
    decided = request.GET.get("show") == "decided"
    done = handed_in.exclude(state=ApplicationState.SUBMITTED).with_reviews()
    rows = done.order_by("-decided_at", "-pk") if decided else handed_in.waiting_for_review()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "waiting": not decided,
        "decided": decided,
        "decided_count": done.count(),
        "cost": costs.of_cohort(cohort),
        "promised": costs.after_acceptance(cohort),
        "page": page,
    }
    return render(request, "organise/queue.html", context)


@require_safe
@never_cache
@signed_in
def application(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _handed_in(request, pk))


@require_POST
@signed_in
def review(request: PersonRequest, pk: int) -> HttpResponse:
    wanted = _handed_in(request, pk)
    form = _review_form(request, wanted)
    if status := _keep(request, form, wanted):
        return _page(request, wanted, review=form, status=status)
    if request.POST.get(
        "feedback", ""
    ).strip():  # of a decision not taken yet: nowhere to keep it but on the page
        return _page(request, wanted)
    return redirect("organise:application", pk)


@require_POST
@signed_in
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Save the review that came along, if it says anything new, then decide; without the one not the other."""
    wanted = _handed_in(request, pk)
    review, form = _review_form(request, wanted), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, wanted, review=review if review.has_news else None, decision=form, status=422)
    if review.has_news and (status := _keep(request, review, wanted)):
        review.add_error(None, _("Nothing was decided, because your review could not be saved."))
        return _page(request, wanted, review=review, status=status)
    if refusal := form.save(wanted, by=request.user):
        return _page(request, wanted, decision=form, status=refusal.status)
    messages.success(
        request,
        _("%(title)s: %(state)s. The group has been told.")
        % {"title": wanted, "state": wanted.get_state_display()},
    )
    return redirect("organise:queue", wanted.cohort.slug)


def _review_form(request: PersonRequest, wanted: Application) -> ReviewForm:
    before = wanted.reviews.filter(reviewer=request.user).first()
    return ReviewForm(request.POST, application=wanted, before=before)


def _keep(request: PersonRequest, form: ReviewForm, wanted: Application) -> int | None:
    """Save a review; the status of the answer if that could not be."""
    if not form.is_valid():
        return 422
    if refusal := form.save(wanted, by=request.user):
        return refusal.status
    messages.success(request, _("Your review is saved."))
    return None


def _handed_in(request: PersonRequest, pk: int) -> Application:
    require_organiser(request.user)
    related = ("cohort", "lead", "organisation", "decided_by", "project")
    wanted = Application.objects.handed_in().select_related(*related).filter(pk=pk).first()
    if wanted is None:
        raise NotVisibleError(
            _(
                "There is no such application. If you have just seen it, its group has taken it back to edit it."
            )
        )
    return wanted


def _page(
    request: PersonRequest,
    wanted: Application,
    *,
    review: ReviewForm | None = None,
    decision: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reviews = list(wanted.reviews.select_related("reviewer"))
    own = next((given for given in reviews if given.reviewer_id == request.user.pk), None)
    # Whichever form is not shown with its errors still shows what was typed into it.
    said = {name: request.POST.get(name, "").strip() for name in ("comment", "feedback")}
    chosen = {"feedback": said["feedback"], "over_budget": "over_budget" in request.POST}
    context = {
        "application": wanted,
        "reviews": reviews,
        "own_review": own,
        "seats_left": seats_left(wanted.cohort),
        "is_own": wanted.lead_id == request.user.pk,
        "review_form": review or ReviewForm(application=wanted, before=own),
        "decision_form": decision or DecisionForm(initial=chosen),
        "over_budget": costs.acceptance_refusal(wanted.cohort),
        "typed": [text for text in said.values() if text],
    }
    return render(request, "organise/application.html", context, status=status)
