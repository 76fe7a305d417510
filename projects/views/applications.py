"""A lead's own applications: start, write, submit, and what comes after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from dibt.lib import languages as registry
from projects.domain import applications
from projects.forms.applications import ApplicationForm
from projects.forms.typed import keep_typed, take_typed
from projects.models import Application, ApplicationState, Cohort
from projects.permissions import require_own
from projects.views.application_steps import steps_of

SUGGESTIONS = 12


@require_safe
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    own = Application.objects.filter(lead=request.user).select_related("cohort", "project")
    return render(request, "applications/list.html", {"applications": own})


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """Options for what is being typed into a line of a languages field."""
    found = registry.search(request.GET.get("q", "")[:60], limit=SUGGESTIONS)
    return render(request, "applications/_language_options.html", {"languages": found})


@require_POST
@signed_in
def start(request: PersonRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), slug=slug)
    application = applications.start(cohort, by=request.user)
    if application.state == ApplicationState.DRAFT:
        return redirect("applications:edit", application.pk)
    return redirect(application)


@require_safe
@never_cache
@signed_in
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(
        Application.objects.visible_to(request.user).select_related(
            "cohort", "lead", "organisation", "project"
        ),
        pk=pk,
    )
    if application.lead_id != request.user.pk:
        return redirect("organise:application", pk)
    context = {"application": application, "steps": steps_of(application)}
    return render(request, "applications/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. Whoever was signed out while typing finds it as they left it once they are back."""
    if request.method == "POST" and not request.user.is_authenticated:
        keep_typed(request)
    return _edit(request, pk)  # type: ignore[return-value]  # login_required only knows of a base class


@signed_in
def _edit(request: PersonRequest, pk: int) -> HttpResponse:
    application = _own(request, pk)
    if request.method == "POST":
        return _save(request, application)
    if application.state != ApplicationState.DRAFT:
        return redirect(application)
    typed = take_typed(request)
    form = ApplicationForm(typed, application=application, by=request.user)
    if typed:
        messages.warning(
            request, _("What you typed was not saved before. It is all here: check it and save it now.")
        )
    return _form_page(request, form)


def _save(request: PersonRequest, application: Application) -> HttpResponse:
    form = ApplicationForm(request.POST, application=application, by=request.user)
    if refusal := form.save():
        if application.state == ApplicationState.SUBMITTED:
            keep_typed(request)  # for after it was taken back
        return _form_page(request, form, status=refusal.status)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if "submit" not in request.POST:
        messages.success(request, _("Draft saved."))
        return redirect("applications:edit", application.pk)
    if refusal := form.submit():
        return _form_page(request, form, status=refusal.status)
    messages.success(request, _("Submitted. We will tell you here as soon as it is decided."))
    return redirect(application)


@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Save while typing; answers with one line that says what became of it, always in place of the last one."""
    if not request.user.is_authenticated:
        return render(request, "applications/_signed_out.html", {"pk": pk})
    application = _own(request, pk)
    form = ApplicationForm(request.POST, application=application, by=request.user)
    form.save()
    return render(request, "applications/_saved.html", {"form": form, "application": application})


@require_POST
@signed_in
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    application = _own(request, pk)
    applications.take_back(application, by=request.user)
    messages.info(request, _("It is a draft again. Submit it once more before the deadline."))
    return redirect("applications:edit", pk)


@require_POST
@signed_in
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    application = _own(request, pk)
    applications.withdraw(application, by=request.user)
    messages.info(request, _("Withdrawn."))
    return redirect(application)


@require_POST
@signed_in
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    project = applications.confirm(_own(request, pk), by=request.user)
    messages.success(request, _("Welcome! Your project is here, with everything you wrote."))
    return redirect("manage:overview", project.slug)


def _own(request: PersonRequest | HttpRequest, pk: int) -> Application:
    application = get_object_or_404(
        Application.objects.select_related("cohort", "lead", "organisation"), pk=pk
    )
    require_own(application, request.user)
    return application


def _form_page(request: PersonRequest, form: ApplicationForm, *, status: int = 200) -> HttpResponse:
    application = form.application
    locked = application.state != ApplicationState.DRAFT
    context = {"form": form, "application": application, "cohort": application.cohort, "locked": locked}
    return render(request, "applications/edit.html", context, status=status)
