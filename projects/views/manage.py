"""A lead's project: what is done and what comes next, its state, its guidelines, its words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings as site
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from dibt.lib.errors import ConflictError, InvalidError
from projects.domain import projects, tasks
from projects.forms.projects import GuidelinesForm, WordsForm
from projects.forms.typed import keep_typed, take_typed
from projects.models import Project, ProjectState
from projects.views.checklist import checklist
from projects.views.managed import managed

# What the buttons on the overview and the settings ask for, and what is said when it is done.
STATE_CHANGES: dict[str, tuple[Callable[..., None], str | Promise]] = {
    "open": (projects.open, gettext_lazy("The project is open: people can annotate now.")),
    "pause": (projects.pause, gettext_lazy("The project is paused. Nothing that was given is lost.")),
    "resume": (projects.resume, gettext_lazy("The project goes on: people can annotate again.")),
    "complete": (projects.complete, gettext_lazy("The project is completed. Make a release of what it has.")),
    "archive": (projects.archive, gettext_lazy("The project is in the archive.")),
}


@require_safe
@never_cache
@signed_in
def overview(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    ready = projects.readiness(project)
    items = checklist(project, ready) if project.state == ProjectState.SETUP else []
    lacking = (item for item in items if not item.done and not item.optional)
    context = {
        "project": project,
        "ready": ready,
        "items": items,
        "next": next(lacking, None),
        "address": f"{site.SITE_URL}{project.get_absolute_url()}",
    }
    return render(request, "manage/overview.html", context)


@require_POST
@signed_in
def change_state(request: PersonRequest, slug: str) -> HttpResponse:
    """The form's button `to` says which change."""
    project = managed(slug, request.user)
    change = STATE_CHANGES.get(request.POST.get("to", ""))
    if change is None:
        raise InvalidError(_("The form does not say what the project is to become. Reload the page."))
    move, said = change
    move(project, by=request.user)
    messages.success(request, str(said))
    return redirect("manage:overview", project.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def guidelines(request: HttpRequest, slug: str) -> HttpResponse:
    """The editor. Whoever was signed out while writing finds the text as they left it once they are back."""
    if request.method == "POST" and not request.user.is_authenticated:
        keep_typed(request)
    return _guidelines(request, slug)  # type: ignore[return-value]  # login_required only knows of a base class


@signed_in
def _guidelines(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    typed = request.POST if request.method == "POST" else take_typed(request)
    if typed is None:
        return _guidelines_page(request, project, _newest(project))
    form = GuidelinesForm(typed)
    if request.method == "POST" and form.is_valid():
        refusal = form.save(project, by=request.user)
        if refusal is None:
            messages.success(request, _("The guidelines are saved, and everybody sees them from now on."))
            return redirect("manage:guidelines", project.slug)
        if isinstance(refusal, ConflictError):
            form = _going_on(form, project)
    return _guidelines_page(request, project, form)


@require_POST
@signed_in
def guidelines_preview(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    text = request.POST.get("text", "")[: tasks.GUIDELINES_LENGTH]
    return render(request, "manage/_guidelines_preview.html", {"project": project, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def settings(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    form = WordsForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user) is None:
        messages.success(request, _("Saved."))
        return redirect("manage:settings", project.slug)
    context = {"project": project, "form": form, "overlap_most": projects.OVERLAP_MOST}
    return render(request, "manage/settings.html", context, status=_status(form.errors))


def _newest(project: Project) -> GuidelinesForm:
    current = tasks.current_guidelines(project)
    edition, text = (current.number, current.text) if current else (0, "")
    return GuidelinesForm(initial={"edition": edition, "text": text})


def _going_on(form: GuidelinesForm, project: Project) -> GuidelinesForm:
    """What was typed, told of the version saved since: the next save goes on from there, knowingly."""
    current = tasks.current_guidelines(project)
    data = QueryDict(mutable=True)
    data.update({"edition": str(current.number if current else 0), "text": form.cleaned_data["text"]})
    again = GuidelinesForm(data)
    for sentence in form.non_field_errors():
        again.add_error(None, sentence)
    return again


def _guidelines_page(request: HttpRequest, project: Project, form: GuidelinesForm) -> HttpResponse:
    versions = list(project.guidelines_versions.select_related("created_by").order_by("-number"))
    asked = request.GET.get("version", "")
    context: dict[str, Any] = {
        "project": project,
        "form": form,
        "text": form["text"].value() or "",
        "versions": versions,
        "shown": next((version for version in versions if str(version.number) == asked), None),
    }
    return render(request, "manage/guidelines.html", context, status=_status(form.errors))


def _status(errors: object) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
