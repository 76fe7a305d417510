"""The page of a project's Space, for those who run the project: ask for it, watch it, try again."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from dibt.lib.htmx import wants_fragment
from projects.domain import spaces
from projects.forms.spaces import SpaceNameForm
from projects.views.managed import managed
from projects.views.space_page import context, space_of


@signed_in
@require_safe
@never_cache
def space(request: PersonRequest, slug: str) -> HttpResponse:
    """The whole page, or to htmx only what moves."""
    project = managed(slug, request.user)
    template = "manage/_space_fragment.html" if wants_fragment(request) else "manage/space.html"
    return render(request, template, context(project))


@signed_in
@require_POST
def request_space(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    spaces.request_space(project, by=request.user)
    messages.success(request, _("The Space is asked for. Setting it up takes a few minutes."))
    return redirect("manage:space", project.slug)


@signed_in
@require_POST
def retry(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    form = SpaceNameForm(request.POST)
    if form.is_valid() and form.save(space_of(project), by=request.user):
        messages.success(request, _("It is tried again, from the first step on."))
        return redirect("manage:space", project.slug)
    return render(
        request, "manage/space.html", context(project, form), status=HTTPStatus.UNPROCESSABLE_ENTITY
    )
