"""The task editor: fields and questions shaped without code, as a plain form that htmx makes smooth."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, signed_in
from dibt.lib.errors import ConflictError, InvalidError
from dibt.lib.htmx import wants_fragment
from projects.domain import tasks
from projects.forms.tasks import KIND_LABELS, TaskForm
from projects.forms.typed import keep_typed, take_typed
from projects.forms.typed_tasks import TypedTask, changed, sent, typed
from projects.models import Project, SchemaVersion
from projects.schema.presets import PRESETS, preset
from projects.schema.validity import SchemaError
from projects.views.managed import managed

SAVE = "save"


@dataclass(frozen=True)
class Shown:
    """What the page shows: the forms, the edition they go on from, and what there is to say."""

    form: TaskForm
    edition: str
    refusal: str = ""
    note: str = ""

    @property
    def status(self) -> HTTPStatus:
        wrong = self.refusal or not self.form.is_valid
        return HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def task(request: HttpRequest, slug: str) -> HttpResponse:
    """The editor. Whoever was signed out while typing finds it as they left it once they are back."""
    if request.method == "POST" and not request.user.is_authenticated:
        keep_typed(request)
    return _task(request, slug)  # type: ignore[return-value]  # login_required only knows of a base class


@signed_in
def _task(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    version = tasks.current_schema(project)
    if request.method == "POST":
        return _act(request, project, version)
    kept = take_typed(request)
    if kept is not None:
        shown = Shown(_form(sent(kept), version), kept.get("edition", ""), note=_("This is not saved yet."))
        return _page(request, project, version, shown)
    return _page(request, project, version, Shown(_form(typed(version.schema), version), version.edition))


def _act(request: PersonRequest, project: Project, version: SchemaVersion) -> HttpResponse:
    action, edition = request.POST.get("do", SAVE), request.POST.get("edition", "")
    if action == SAVE:
        return _save(request, project, version)
    if action == "preset":
        shown = Shown(
            _form(_of_preset(request.POST), version), edition, note=_("Nothing is saved before you save.")
        )
    else:
        shown = Shown(_form(changed(sent(request.POST), action), version), edition)
    if action.startswith("add "):
        shown.form.focus(action.split()[1])
    # Half-typed forms are no mistake: what is still missing is told when they are saved.
    return _page(request, project, version, shown, status=HTTPStatus.OK)


def _save(request: PersonRequest, project: Project, version: SchemaVersion) -> HttpResponse:
    form, edition = _form(sent(request.POST), version), request.POST.get("edition", "")
    schema, refusal = form.schema(), ""
    if form.is_valid:
        try:
            saved = tasks.save_schema(project, by=request.user, schema=schema, edition=edition)
        except SchemaError as error:
            form.tell(error.problems)
        except ConflictError as error:
            refusal = error.message
        else:
            return _saved(request, project, saved)
    return _page(request, project, version, Shown(form, edition, refusal=refusal))


def _saved(request: PersonRequest, project: Project, version: SchemaVersion) -> HttpResponse:
    said = _("The task is saved.")
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect("manage:task", project.slug)
    shown = Shown(_form(typed(version.schema), version), version.edition, note=said)
    return _page(request, project, version, shown)


def _of_preset(data: QueryDict) -> TypedTask:
    chosen = preset(data.get("preset", ""))
    if chosen is None:
        raise InvalidError(_("Choose one of the presets."))
    return typed(chosen.schema)


def _form(task: TypedTask, version: SchemaVersion) -> TaskForm:
    """Names that answers are kept under stay; before the project opens they can still change."""
    parts = (*version.schema.fields, *version.schema.questions) if version.frozen_at else ()
    return TaskForm(task, existing={part.name for part in parts})


def _page(
    request: HttpRequest,
    project: Project,
    version: SchemaVersion,
    shown: Shown,
    *,
    status: HTTPStatus | None = None,
) -> HttpResponse:
    context = {
        "project": project,
        "version": version,
        "shown": shown,
        "form": shown.form,
        "presets": PRESETS,
        "question_kinds": [(kind.value, label) for kind, label in KIND_LABELS.items()],
    }
    template = "manage/_task_form.html" if wants_fragment(request) else "manage/task.html"
    return render(request, template, context, status=status or shown.status)
