"""Finding own answers again, by what the record says or by what was answered.

Only one person's answers are ever read, so no index is kept for it: among 100,000 of one person, half of them with
letters whose marks stand alone, what holds a text is found in one to two seconds on either database. Letters of all
scripts are found in upper and lower case, and however their marks are written (`dibt.lib.folding`).
"""

import json
from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Expression, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact, IContains

from accounts.models import User
from annotations.models import Response
from dibt.lib.folding import fold, holds
from projects.models import Project, SchemaVersion
from projects.schema.definition import TaskSchema
from projects.schema.fields import FieldKind
from projects.schema.questions import LabelQuestion, MultiLabelQuestion, SpanQuestion, TextQuestion

LONGEST_SEARCH = 200


def own_answers(user: User, *, text: str = "", project: str = "") -> QuerySet[Response]:
    """A person's answers, newest first: those in the project with the slug `project` whose record, words or
    chosen labels hold `text`. Records are searched only where the person may still see them."""
    own = Response.objects.filter(contributor__user=user).order_by("-submitted_at", "-pk")
    if project:
        own = own.filter(project__slug=project)
    text = text.strip()[:LONGEST_SEARCH]
    return own.filter(_holding(text, user, project)) if text else own


def _holding(text: str, user: User, slug: str) -> Q:
    """What is named differs from project to project, so each has conditions of its own."""
    taken_part = Project.objects.filter(contributors__user=user, **({"slug": slug} if slug else {}))
    visible = set(
        Project.objects.showing_records_to(user).filter(pk__in=taken_part).values_list("pk", flat=True)
    )
    newest = SchemaVersion.objects.filter(project=OuterRef("project")).order_by("-number").values("pk")[:1]
    asked = SchemaVersion.objects.filter(project__in=taken_part, pk=Subquery(newest))
    parts = [
        Q(project=version.project_id) & found
        for version in asked
        if (found := _in_project(text, version.schema, with_record=version.project_id in visible))
    ]
    return reduce(or_, parts, Q(pk__in=[]))


def _in_project(text: str, schema: TaskSchema, *, with_record: bool) -> Q:
    conditions = [*_in_answer(text, schema), *(_in_record(text, schema) if with_record else ())]
    return reduce(or_, conditions, Q())


def _in_record(text: str, schema: TaskSchema) -> Iterator[Q]:
    for field in schema.fields:
        place = KeyTextTransform(field.name, "record__fields")
        yield holds(place, text, as_json=field.kind == FieldKind.CHAT)


def _in_answer(text: str, schema: TaskSchema) -> Iterator[Q]:
    """Labels are found by what people read; a ranking always holds them all."""
    for question in schema.questions:
        value = KeyTextTransform(question.name, "values")
        if isinstance(question, TextQuestion):
            yield holds(value, text)
        elif isinstance(question, LabelQuestion | MultiLabelQuestion | SpanQuestion):
            for option in question.options:
                if fold(text) in fold(option.text):
                    yield _chosen(question, value, option.value)


def _chosen(question: LabelQuestion | MultiLabelQuestion | SpanQuestion, stored: Expression, value: str) -> Q:
    quoted = f'"{_as_stored(value)}"'
    if isinstance(question, LabelQuestion):
        return Q(Exact(stored, value))
    if isinstance(question, MultiLabelQuestion):
        return Q(IContains(stored, quoted))
    # SQLite keeps what was written without the spaces, PostgreSQL writes it with them.
    return Q(IContains(stored, f'"label":{quoted}')) | Q(IContains(stored, f'"label": {quoted}'))


def _as_stored(text: str) -> str:
    """As it stands inside a list: SQLite keeps what was written, with escapes, PostgreSQL reads and writes anew."""
    return json.dumps(text, ensure_ascii=connection.vendor == "sqlite")[1:-1]
