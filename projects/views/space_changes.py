"""Changing a Space: first a page that says what will happen, then one button that has it done."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, signed_in
from dibt.lib.errors import NotVisibleError
from projects.domain import space_changes, space_previews
from projects.domain.space_changes import Change
from projects.forms.space_changes import ChangeForm, form_of
from projects.models import Space, SpaceGoal
from projects.views.managed import managed
from projects.views.space_page import happenings, space_of

DONE = {
    Change.PAUSE: gettext_lazy("The Space is being paused."),
    Change.RESUME: gettext_lazy("The Space is being started. That takes a few minutes."),
    Change.HARDWARE: gettext_lazy("The Space's hardware is being changed."),
    Change.SECRETS: gettext_lazy("The Space's secrets are being renewed."),
    Change.TAKE_DOWN: gettext_lazy("The Space is being taken down."),
    Change.FORGET: gettext_lazy("The Space's data are being deleted."),
}
EVENTS_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def change(request: PersonRequest, slug: str, change: str) -> HttpResponse:
    """What the change would do, and by POST the change itself."""
    project = managed(slug, request.user)
    space, wanted = space_of(project), _known(change)
    if request.method == "POST":
        form = form_of(wanted, space, request.POST)
        if form.is_valid() and form.save(by=request.user) is None:
            messages.success(request, _done(form))
            return redirect("manage:space", project.slug)
        return _page(request, space, form)
    if why := space_changes.refusal(space, wanted):
        messages.info(request, why)
        return redirect("manage:space", project.slug)
    return _page(request, space, form_of(wanted, space, _asked(request.GET, wanted)))


@require_safe
@never_cache
@signed_in
def events(request: PersonRequest, slug: str) -> HttpResponse:
    """All that ever happened to the Space, newest first."""
    project = managed(slug, request.user)
    space = space_of(project)
    lines = space.events.select_related("by")
    page = Paginator(lines, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"project": project, "space": space, "page": page, "happenings": happenings(page)}
    return render(request, "manage/space_events.html", context)


def _done(form: ChangeForm) -> str:
    if form.change in {Change.HARDWARE, Change.SECRETS} and form.space.goal != SpaceGoal.RUN:
        return _("That is noted, and done when the Space is resumed.")
    return str(DONE[form.change])


def _known(change: str) -> Change:
    if change not in Change.values:
        raise NotVisibleError(_("There is no such page."))
    return Change(change)


def _asked(query: QueryDict, change: Change) -> QueryDict | None:
    """What the form was sent with; hardware is chosen before there is something to preview."""
    return None if change == Change.HARDWARE and "hardware" not in query else query


def _page(request: PersonRequest, space: Space, form: ChangeForm) -> HttpResponse:
    preview = form.preview() if form.is_bound and form.is_valid() else None
    title, _button = space_previews.words(form.change)
    context = {"project": space.project, "space": space, "form": form, "preview": preview, "title": title}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "manage/space_change.html", context, status=status)
