"""The task as contributors would see it, on the project's own rows. Answers given here are checked, never saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, signed_in
from annotations.domain import uploads
from annotations.reading.drafts import Draft, apply
from annotations.reading.mapping import ColumnMapping
from annotations.reading.rows import Row
from annotations.reading.suggesting import suggest_mapping
from annotations.views.images import allowing_images
from annotations.views.showing import ShownField, shown_fields, suggestions_of
from dibt.lib.htmx import wants_fragment
from projects.domain import tasks
from projects.models import Project
from projects.schema.answers import Answer, AnswerError
from projects.schema.definition import TaskSchema
from projects.schema.form import answer_from_form, form
from projects.schema.presets import preset
from projects.schema.problem import Problem
from projects.schema.suggestions import Suggestion
from projects.schema.words import in_words
from projects.views.managed import managed

ROWS = 10


@dataclass(frozen=True)
class Sample:
    """One record to try the task on; `origin` says where it is from: `records`, `file` or `example`."""

    origin: str
    shown: list[ShownField]
    suggestions: Mapping[str, Suggestion] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        return {item.field.name: item.value for item in self.shown}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def preview(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    schema = tasks.current_schema(project).schema
    samples = _samples(project, schema)
    number = _number(request.GET.get("row", ""), len(samples))
    data = {name: request.POST.getlist(name) for name in request.POST}
    sample, phone = samples[number], request.GET.get("width") == "phone"
    fields = sample.fields
    answer, problems = _tried(schema, data, fields) if request.method == "POST" else (None, ())
    context = {
        "project": project,
        "guidelines": tasks.current_guidelines(project),
        "sample": sample,
        "shown": sample.shown,
        "form": form(
            schema, data=data or None, suggestions=sample.suggestions, problems=problems, fields=fields
        ),
        "number": number,
        "count": len(samples),
        "next": (number + 1) % len(samples),
        "phone": phone,
        "phone_query": f"row={number}&width=phone",
        "wide_query": f"row={number}",
        "here_query": f"row={number}&width=phone" if phone else f"row={number}",
        "refused": bool(problems),
        "saved_as": json.dumps(answer.to_json(), ensure_ascii=False, indent=2) if answer else "",
        "in_words": in_words(schema, answer.to_json(), fields=fields) if answer else [],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    template = "records/_preview.html" if wants_fragment(request) else "records/preview.html"
    return allowing_images(render(request, template, context, status=status), project)


def _tried(
    schema: TaskSchema, data: dict[str, list[str]], fields: Mapping[str, Any]
) -> tuple[Answer | None, tuple[Problem, ...]]:
    try:
        return answer_from_form(schema, data, fields=fields), ()
    except AnswerError as error:
        return None, error.problems


def _number(text: str, count: int) -> int:
    return int(text) % count if text.isdecimal() and len(text) < 6 else 0


def _samples(project: Project, schema: TaskSchema) -> list[Sample]:
    """Records of the project; before there are any, rows of the file uploaded last; else one made up."""
    return _of_records(project, schema) or _of_file(project, schema) or [_example(project, schema)]


def _of_records(project: Project, schema: TaskSchema) -> list[Sample]:
    return [
        Sample("records", shown_fields(project, schema, record.fields), suggestions_of(record))
        for record in project.records.all()[:ROWS]
    ]


def _of_file(project: Project, schema: TaskSchema) -> list[Sample]:
    latest = project.imports.exclude(state__in=["done", "cancelled"]).first()
    rows = uploads.sample(latest) if latest else []
    if latest is None or not rows:
        return []
    if latest.mapping:
        mapping = ColumnMapping.from_json(latest.mapping)
    else:
        mapping = suggest_mapping(schema, rows, preset(project.task_kind))
    drafts = [apply(mapping, schema, Row(number, data)) for number, data in enumerate(rows, start=1)]
    return [
        Sample("file", shown_fields(project, schema, draft.fields), _suggested(mapping, draft))
        for draft in drafts[:ROWS]
        if isinstance(draft, Draft)
    ]


def _suggested(mapping: ColumnMapping, draft: Draft) -> dict[str, Suggestion]:
    """What the import would store beside the record."""
    return {
        name: Suggestion(value, mapping.suggestions[name].agent)
        for name, value in draft.suggestions.values.items()
    }


def _example(project: Project, schema: TaskSchema) -> Sample:
    said = _("Here people will read what your records have under “%(title)s”.")
    texts: dict[str, Any] = {
        field.name: [{"role": "user", "content": said % {"title": field.title}}]
        if field.kind == "chat"
        else said % {"title": field.title}
        for field in schema.fields
    }
    return Sample("example", shown_fields(project, schema, texts))
