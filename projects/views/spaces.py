"""The page of a project's Space, for those who run the project: ask for it, watch it, try again."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import NotVisibleError
from dibt.lib.htmx import wants_fragment
from dibt.lib.page_parts import Step
from dibt.lib.page_parts import StepState as ShownState
from projects.domain import spaces
from projects.forms.spaces import SpaceNameForm
from projects.models import Project, Space, SpaceStep, StepKey, StepState
from projects.permissions import require_manager
from projects.provisioning.pace import MAX_ATTEMPTS

SHOWN = {
    StepState.PENDING: ShownState.PENDING,
    StepState.WORKING: ShownState.WORKING,
    StepState.WAITING: ShownState.WORKING,
    StepState.DONE: ShownState.DONE,
    StepState.FAILED: ShownState.FAILED,
}
# Until then nothing of ours has that name on the Hub, so another one can be chosen.
BEFORE_IT_HAS_A_NAME = (StepKey.PREFLIGHT, StepKey.BUCKET, StepKey.SPACE)
# Of these the Hub's word for what the Space does is news.
THAT_WATCH = (StepKey.RUNNING, StepKey.ARGILLA, StepKey.PROOF)


@signed_in
@require_safe
@never_cache
def space(request: PersonRequest, slug: str) -> HttpResponse:
    """The whole page, or to htmx only what moves."""
    project = _project(slug, request.user)
    template = "manage/_space.html" if wants_fragment(request) else "manage/space.html"
    return render(request, template, _context(project))


@signed_in
@require_POST
def request_space(request: PersonRequest, slug: str) -> HttpResponse:
    project = _project(slug, request.user)
    spaces.request_space(project, by=request.user)
    messages.success(request, _("The Space is asked for. Setting it up takes a few minutes."))
    return redirect("manage:space", project.slug)


@signed_in
@require_POST
def retry(request: PersonRequest, slug: str) -> HttpResponse:
    project = _project(slug, request.user)
    form = SpaceNameForm(request.POST)
    if form.is_valid() and form.save(_space_of(project), by=request.user):
        messages.success(request, _("Setting up the Space starts again."))
        return redirect("manage:space", project.slug)
    return render(
        request, "manage/space.html", _context(project, form), status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def _project(slug: str, person: User) -> Project:
    project = Project.objects.select_related("cohort").filter(slug=slug).first()
    if project is None:
        raise NotVisibleError(_("There is no such project."))
    require_manager(project, person)
    return project


def _space_of(project: Project) -> Space:
    space = Space.objects.filter(project=project).first()
    if space is None:
        raise NotVisibleError(_("This project has no Space yet. Ask for one on its page."))
    return space


def _context(project: Project, form: SpaceNameForm | None = None) -> dict[str, object]:
    space = Space.objects.filter(project=project).first()
    if space is None:
        wanted = f"{project.cohort.hosting_organisation}/{spaces.name_for(project)}"
        return {"project": project, "space": None, "wanted_name": wanted}
    steps = list(space.steps.all())
    failed = next((step for step in steps if step.state == StepState.FAILED), None)
    return {
        "project": project,
        "space": space,
        "steps": [_shown(step, space) for step in steps],
        "failed": failed,
        "can_rename": failed is not None and failed.key in BEFORE_IT_HAS_A_NAME,
        "form": form or SpaceNameForm(initial={"name": _name_to_try(space, failed)}),
    }


def _name_to_try(space: Space, failed: SpaceStep | None) -> str:
    # Our own refusal of a stranger's Space carries no id of the Hub; the Hub's refusals do.
    taken = failed is not None and failed.key == StepKey.SPACE and not failed.request_id
    return spaces.other_name(space) if taken else space.name


def _shown(step: SpaceStep, space: Space) -> Step:
    return Step(
        label=step.get_key_display(),
        state=SHOWN[StepState(step.state)],
        detail=_detail(step, space),
        took=(step.ended_at or clock.now()) - step.started_at if step.started_at else None,
    )


def _detail(step: SpaceStep, space: Space) -> str:
    """What there is to say beside the step. Why one failed stands above, where the way on is."""
    if step.state == StepState.WAITING and step.next_retry_at:
        seconds = max(round((step.next_retry_at - clock.now()).total_seconds()), 0)
        told = {"error": step.error, "seconds": seconds, "attempt": step.attempt, "most": MAX_ATTEMPTS}
        return _("%(error)s That was attempt %(attempt)d of %(most)d; the next in %(seconds)d s.") % told
    if step.state != StepState.WORKING or step.key not in THAT_WATCH or not space.stage:
        return ""
    told = {"stage": space.stage, "reason": step.error}
    return (
        _("The Hub says: %(stage)s. %(reason)s") % told
        if step.error
        else _("The Hub says: %(stage)s.") % told
    )
