"""A project's releases: the lead's pages, and downloads."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from annotations.domain import releases
from annotations.domain.releases import MOVES
from annotations.models import Release, ReleaseState
from annotations.releasing import files
from annotations.releasing.card import loading_code
from projects.models import Project
from projects.permissions import Person, require_manager

TONES = {
    ReleaseState.REQUESTED: "note",
    ReleaseState.NOT_BUILT: "bad",
    ReleaseState.BUILT: "accent",
    ReleaseState.PUBLISHING: "note",
    ReleaseState.NOT_PUBLISHED: "bad",
    ReleaseState.PUBLISHED: "good",
}


@require_safe
@never_cache
@signed_in
def index(request: PersonRequest, slug: str) -> HttpResponse:
    project = _managed(slug, request.user)
    rows = [(release, TONES[ReleaseState(release.state)]) for release in project.releases.all()]
    return render(request, "releases/list.html", {"project": project, "rows": rows})


@require_POST
@signed_in
def request_release(request: PersonRequest, slug: str) -> HttpResponse:
    return redirect(releases.request(_project(slug), by=request.user))


@require_safe
@never_cache
@signed_in
def detail(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    return render(request, "releases/detail.html", _shown(request.user, slug, number))


@require_safe
@never_cache
@signed_in
def progress(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The part of the page that changes; 204 while it is as the page says it saw it."""
    context = _shown(request.user, slug, number)
    if request.GET.get("seen") == context["stamp"]:
        return HttpResponse(status=204)
    return render(request, "releases/_release.html", context)


@require_POST
@signed_in
def retry(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    release = releases.find(_project(slug), number=number, by=request.user)
    releases.retry(release, by=request.user)
    return redirect(release)


@require_POST
@signed_in
def publish(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    release = releases.find(_project(slug), number=number, by=request.user)
    releases.publish(release, by=request.user)
    messages.success(request, _("Release %(number)s is on its way to the Hub.") % {"number": number})
    return redirect(release)


@require_safe
def file(request: HttpRequest, slug: str, number: int, name: str) -> FileResponse:
    release = releases.find(_project(slug), number=number, by=request.user)
    path = files.path_of(release, name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=files.download_name(release, name))


@require_safe
def archive(request: HttpRequest, slug: str, number: int) -> StreamingHttpResponse:
    release = releases.find(_project(slug), number=number, by=request.user)
    name = files.download_name(release, "all.zip")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(files.archive(release), content_type="application/zip", headers=headers)


def _project(slug: str) -> Project:
    return get_object_or_404(Project.objects.select_related("cohort", "organisation"), slug=slug)


def _managed(slug: str, person: Person) -> Project:
    project = _project(slug)
    require_manager(project, person)
    return project


def _shown(person: Person, slug: str, number: int) -> dict[str, Any]:
    project = _managed(slug, person)
    release = releases.find(project, number=number, by=person)
    return {
        "project": project,
        "release": release,
        "contents": release.contents,
        "tone": TONES[ReleaseState(release.state)],
        "stamp": _stamp(release),
        "repo_id": release.repo_id or releases.repo_id(project),
        "newer": project.releases.published().filter(number__gt=number).first(),
        "may_publish": MOVES.may(release.state, ReleaseState.PUBLISHING),
        "loading_code": loading_code(release),
    }


def _stamp(release: Release) -> str:
    """Changes whenever there is something new to show."""
    return f"{release.state}-{release.attempt}-{release.due_at.timestamp():.0f}-{len(release.error)}"
