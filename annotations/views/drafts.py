"""What somebody has begun to answer: kept as they type, listed, gone on with, thrown away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from accounts.models import User
from annotations.domain import contributors, drafts, guidelines, responding
from annotations.models import Draft, Record
from annotations.views import at_hand, sent
from annotations.views.images import allowing_images
from annotations.views.showing import ShownField, shown_fields, suggestions_of
from annotations.views.ways_back import way_back
from projects.domain import tasks
from projects.models import Project, SchemaVersion
from projects.schema.answers import AnswerError, Fields
from projects.schema.definition import TaskSchema
from projects.schema.form import PREFIX, FormData, answer_from_form, draft_from_form, form
from projects.schema.words import in_words

DRAFTS_A_PAGE = 20


@dataclass(frozen=True)
class ShownDraft:
    """What somebody typed stays theirs; the record of a members' project is shown to members only."""

    draft: Draft
    with_record: bool
    shown: list[ShownField]
    lines: list[tuple[str, str]]

    @property
    def can_go_on(self) -> bool:
        return self.with_record and self.draft.record.project.is_open


@require_POST
@never_cache
@signed_in
def save(request: PersonRequest, slug: str) -> JsonResponse:
    """Keeps what was typed; says until when the record is with the person, if it is, and what they have typed later on
    another page, if they have."""
    project = at_hand.project_of_same_person(request, slug)
    kept = drafts.save(
        project,
        by=request.user,
        record_id=sent.record_id(request.POST),
        data=sent.typed(request.POST),
        schema_version=sent.schema_number(request.POST),
        sender=request.POST.get("page", ""),
        at=sent.moment(request.POST),
    )
    told: dict[str, object] = {"until": at_hand.until([kept.held] if kept.held else [])}
    if kept.newer:
        newer = drafts.as_form(kept.newer, tasks.current_schema(project))
        told["newer"] = at_hand.typed(newer, kept.newer.at)
    return JsonResponse(told)


@require_safe
@never_cache
@signed_in
def draft_list(request: PersonRequest) -> HttpResponse:
    page = Paginator(drafts.of(request.user), DRAFTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "mine/begun_list.html", {"page": page, "begun": in_full(page, request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def go_on(request: PersonRequest, record_id: int) -> HttpResponse:
    """The record with what was typed, to be sent."""
    mine = Record.objects.filter(project__contributors__user=request.user).select_related("project")
    record = get_object_or_404(mine, pk=record_id)
    if request.method == "POST":
        return _submit(request, record)
    draft = drafts.find(record.project, by=request.user, record_id=record.pk)
    held = drafts.go_on(record.project, by=request.user, record_id=record.pk)
    if contributors.lacks_consent(draft.contributor):
        messages.info(
            request,
            _(
                "Before your first answer here is saved, look at what is asked below the questions. What you have "
                "begun is kept."
            ),
        )
        return redirect("projects:annotate", record.project.slug)
    begun = drafts.as_form(draft, tasks.current_schema(record.project))
    return _page(request, record, begun, held=held, begun_at=draft.at)


@require_POST
@signed_in
def delete(request: PersonRequest, record_id: int) -> HttpResponse:
    draft = get_object_or_404(drafts.of(request.user), record__id=record_id)
    drafts.delete(draft, by=request.user)
    messages.success(request, _("What you had begun is deleted."))
    return redirect(way_back(request))


def in_full(rows: Iterable[Draft], person: User) -> list[ShownDraft]:
    """Drafts with their records and in words; a number of statements that does not depend on theirs."""
    rows = list(rows)
    projects = Project.objects.filter(pk__in={draft.record.project_id for draft in rows})
    visible = set(projects.showing_records_to(person).values_list("pk", flat=True))
    return [_in_full(draft, with_record=draft.record.project_id in visible) for draft in rows]


def _in_full(draft: Draft, *, with_record: bool) -> ShownDraft:
    record, schema = draft.record, draft.schema_version.schema
    shown = shown_fields(record.project, schema, record.fields) if with_record else []
    return ShownDraft(
        draft, with_record, shown, list(_in_words(schema, draft.data, record.fields if with_record else None))
    )


def _in_words(
    schema: TaskSchema, data: dict[str, list[str]], fields: Fields | None
) -> Iterator[tuple[str, str]]:
    """What was typed, question by question; as it is where it is no answer yet."""
    for question in schema.questions:
        texts = [text for text in data.get(question.name, ()) if text.strip()]
        try:
            answer = draft_from_form(schema, {PREFIX + question.name: texts}, fields=fields)
        except AnswerError:
            yield question.title, ", ".join(texts)
        else:
            yield from in_words(schema, answer.to_json(), fields=fields)


def _submit(request: PersonRequest, record: Record) -> HttpResponse:
    project, data, number = record.project, sent.form_data(request.POST), sent.schema_number(request.POST)
    try:
        answer = answer_from_form(tasks.schema_numbered(project, number).schema, data, fields=record.fields)
    except AnswerError as error:
        held = drafts.go_on(project, by=request.user, record_id=record.pk)
        return _page(request, record, data, held=held, error=error)
    responding.submit(
        project,
        by=request.user,
        record_id=record.pk,
        values=answer.to_json(),
        key=request.POST.get("key", ""),
        schema_version=number,
        guidelines_version=sent.guidelines_number(request.POST),
    )
    messages.success(request, _("Your answer is saved."))
    return redirect(way_back(request))


def _page(
    request: PersonRequest,
    record: Record,
    data: FormData,
    *,
    held: bool,
    begun_at: int | None = None,
    error: AnswerError | None = None,
) -> HttpResponse:
    """The record and the questions as in the workspace, filled in with what was typed."""
    project = record.project
    version: SchemaVersion = tasks.current_schema(project)
    problems = error.problems if error else ()
    context = {
        "project": project,
        "record": record,
        "schema_number": version.number,
        "key": uuid4(),
        "held": held,
        "begun_at": begun_at,
        "guidelines": tasks.current_guidelines(project),
        "guidelines_changes": guidelines.changes_for(contributors.join(project, by=request.user)),
        "shown": shown_fields(project, version.schema, record.fields),
        "form": form(
            version.schema,
            data=data,
            suggestions=suggestions_of(record),
            problems=problems,
            fields=record.fields,
        ),
        "back": way_back(request),
    }
    page = render(request, "mine/begun.html", context, status=422 if error else 200)
    return allowing_images(page, project)
