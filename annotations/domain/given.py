"""An answer as it comes in, read against the version of the task that it answers, which may be an older one."""

import uuid
from dataclasses import dataclass

from accounts.models import User
from annotations.domain import keys
from annotations.models import Record
from dibt.lib.errors import ConflictError
from projects.domain import tasks
from projects.models import GuidelinesVersion, Project, SchemaVersion
from projects.schema.answers import Answer, validate_answer
from projects.schema.changes import changes
from projects.schema.definition import TaskSchema


@dataclass(frozen=True, slots=True)
class Sent:
    """As somebody sent it, unread. `key` is "" where not said; `schema_version` and `guidelines_version`, numbers of
    versions, are None."""

    record_id: int
    values: object
    key: str
    schema_version: int | None
    guidelines_version: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """`public_id` is the id that it gets, or has if it was taken before (see `keys`); `guidelines` are those that its
    author had before them."""

    public_id: uuid.UUID
    record_id: int
    version: SchemaVersion
    guidelines: GuidelinesVersion | None
    answer: Answer

    @property
    def values(self) -> dict[str, object]:
        return self.answer.to_json()


class OutdatedError(ConflictError):
    """The task has changed too much for the answer, which is kept as a draft of its author."""

    kind = "outdated"


def read(project: Project, user: User, sent: Sent) -> Given:
    """Raises AnswerError when the values do not fit the version, InvalidError for a version or key that is none."""
    public_id = keys.answer_id(project, user, sent.key)
    version = tasks.schema_numbered(project, sent.schema_version)
    guidelines = tasks.guidelines_numbered(project, sent.guidelines_version)
    fields = fields_to_mark(project, version.schema, sent.record_id)
    answer = validate_answer(version.schema, sent.values, fields=fields)
    return Given(public_id, sent.record_id, version, guidelines, answer)


def fields_to_mark(project: Project, schema: TaskSchema, record_id: int) -> dict[str, object] | None:
    """What the record holds, where an answer marks some of it; None where nothing has to be looked up."""
    if not schema.marks_text:
        return None
    rows = Record.objects.filter(pk=record_id, project=project).values_list("fields", flat=True)
    return rows.first()


def fits_now(project: Project, version: SchemaVersion) -> bool:
    """Whether nothing has changed since this version that an answer to it may not fit."""
    current = tasks.current_schema(project)
    if version.pk == current.pk:
        return True
    return not any(change.breaking for change in changes(version.schema, current.schema))
