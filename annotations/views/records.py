"""A project's records and how they come in: upload a file, map its columns, see what would be taken, import."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from annotations.domain import imports, records, surplus, totals, uploads
from annotations.domain.imports import MOVES, MappingError
from annotations.forms.mapping import MappingForm
from annotations.forms.placing import PlaceForm
from annotations.models import Import, ImportState
from annotations.reading.mapping import ColumnMapping
from annotations.reading.paths import columns
from annotations.reading.suggesting import suggest_mapping
from annotations.views.images import allowing_images
from annotations.views.showing import shown_fields
from annotations.views.uploading import CappedUpload
from dibt.lib.errors import InvalidError, NotVisibleError, TooLargeError
from projects.domain import tasks
from projects.models import Project
from projects.schema.presets import preset
from projects.schema.words import in_words
from projects.views.managed import managed

RECORDS_A_PAGE = 25
MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


@require_safe
@never_cache
@signed_in
def index(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    wanted = request.GET.get("q", "").strip()
    page = Paginator(records.named(project, wanted), RECORDS_A_PAGE).get_page(request.GET.get("page"))
    schema = tasks.current_schema(project).schema
    context = {
        "project": project,
        "imports": list(project.imports.select_related("created_by")),
        "totals": totals.of(project),
        "page": page,
        "rows": [(record, shown_fields(project, schema, record.fields)) for record in page],
        "wanted": wanted,
        "surplus": project.responses.filter(surplus=True).count(),
        "surplus_with_room": surplus.with_room(project).exists(),
    }
    return render(request, "records/list.html", context)


@csrf_exempt  # the check comes after the cap is in place: it reads the whole request
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponseBase:
    cap = CappedUpload(request)
    request.upload_handlers.insert(0, cap)
    return _upload(request, slug, cap)


@csrf_protect
@signed_in
def _upload(request: PersonRequest, slug: str, cap: CappedUpload) -> HttpResponse:
    project = managed(slug, request.user)
    file = request.FILES.get("file")
    if cap.exceeded:
        raise TooLargeError(uploads.too_large())
    if file is None:
        raise InvalidError(_("No file came with the form. Choose one and send it again."))
    return redirect(imports.upload(project, by=request.user, file_name=file.name or "", chunks=file.chunks()))


@require_safe
@never_cache
@signed_in
def detail(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    import_ = _found(request, slug, number)
    page = render(request, "records/import.html", _about(import_, _mapping_form(import_)))
    return allowing_images(page, import_.project)


@require_safe
@never_cache
@signed_in
def progress(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The part of the page that changes while a worker has the file; the whole page once it is done."""
    import_ = _found(request, slug, number)
    if import_.is_moving:
        return render(request, "records/_moving.html", {"project": import_.project, "import": import_})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@signed_in
def check(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    import_ = _found(request, slug, number)
    form = _mapping_form(import_, request.POST)
    if form.is_valid():
        try:
            imports.check(import_, by=request.user, mapping=form.mapping())
        except MappingError as error:
            form.tell(error)
        else:
            return redirect(import_)
    context = _about(import_, form)
    page = render(request, "records/import.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return allowing_images(page, import_.project)


@require_POST
@signed_in
def commit(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    import_ = _found(request, slug, number)
    said = {name: request.POST[name] for name in ("order", "priority") if name in request.POST}
    imports.commit(import_, by=request.user, build=request.POST.get("build", ""), **said)
    return redirect(import_)


@require_POST
@signed_in
def cancel(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    import_ = _found(request, slug, number)
    imports.cancel(import_, by=request.user)
    messages.success(request, _("The import is cancelled; nothing of it came in."))
    return redirect("records:list", slug)


@require_safe
@signed_in
def refused(request: PersonRequest, slug: str, number: int) -> FileResponse:
    """All refused rows with their reasons."""
    import_ = _found(request, slug, number)
    path = uploads.refused_of(import_, import_.build)
    if not import_.build or not path.is_file():
        raise NotVisibleError(_("There is no list of refused rows for this import."))
    name = f"refused-{project_name(import_)}.csv"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def project_name(import_: Import) -> str:
    return f"{import_.project.slug}-{import_.pk}"


def _found(request: PersonRequest, slug: str, number: int) -> Import:
    return imports.find(managed(slug, request.user), number=number, by=request.user)


def _mapping_form(import_: Import, data: Any = None) -> MappingForm:
    """Prefilled with the mapping that was used last, else with one suggested by the names of the columns."""
    schema, sample = tasks.current_schema(import_.project).schema, uploads.sample(import_)
    if import_.mapping:
        mapping = ColumnMapping.from_json(import_.mapping)
    else:
        mapping = suggest_mapping(schema, sample, preset(import_.project.task_kind))
    return MappingForm(data, schema=schema, columns=columns(sample), mapping=mapping)


def _about(import_: Import, form: MappingForm) -> dict[str, object]:
    start = preset(import_.project.task_kind)
    return {
        "project": import_.project,
        "import": import_,
        "form": form,
        "place": PlaceForm(import_),
        "mapping_note": start.mapping_note if start else "",
        "mappable": import_.state in MAPPABLE,
        "report": import_.report,
        "drafts": _drafts(import_.project, import_.report.get("drafts", [])),
        "may_cancel": MOVES.may(import_.state, ImportState.CANCELLED),
    }


def _drafts(project: Project, drafts: list[dict[str, Any]]) -> list[dict[str, object]]:
    """The first records as contributors would see them."""
    schema = tasks.current_schema(project).schema
    return [
        {
            "row": draft["row"],
            "external_id": draft["external_id"],
            "shown": shown_fields(project, schema, draft["fields"]),
            "suggestions": in_words(schema, draft["suggestions"], fields=draft["fields"]),
        }
        for draft in drafts
    ]
