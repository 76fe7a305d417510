"""Reading a project as it was at one moment, a few hundred records at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef

from annotations.models import Record, Release, Response
from annotations.models.record import BEFORE_ALL
from projects.schema.answers import Answer, AnswerError, validate_answer
from projects.schema.definition import TaskSchema

RECORDS_AT_ONCE = 500


@dataclass(frozen=True)
class Answered:
    """An answer of the snapshot, in the canonical form of the released schema."""

    response: Response
    answer: Answer


@dataclass(frozen=True)
class Item:
    """A record with its counted answers: `left_out` more do not fit the released schema."""

    record: Record
    answers: tuple[Answered, ...]
    left_out: int

    @property
    def counted(self) -> int:
        return len(self.answers) + self.left_out


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside comes from one moment, and no writer waits for it."""
    connection = transaction.get_connection()
    if connection.in_atomic_block:
        raise RuntimeError("A snapshot cannot begin inside a transaction: its moment has passed")
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # The site's transactions on SQLite begin as writers; this one must not keep the others out.
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode


def items(release: Release, *, at_once: int = RECORDS_AT_ONCE) -> Iterator[list[Item]]:
    """The project's records with at least one counted answer, in the order of the queue, in lists of `at_once`.

    Those that are set aside are not among them: nobody should read what two people call personal before the lead has.
    """
    schema = release.schema_version.schema
    answers = Response.objects.counted().filter(record=OuterRef("pk"))
    answered = Record.objects.filter(Exists(answers), project=release.project_id, set_aside="")
    answered = answered.order_by("queue_key")
    last = BEFORE_ALL
    while records := list(answered.filter(queue_key__gt=last)[:at_once]):
        last = records[-1].queue_key
        yield _with_answers(records, schema)


def _with_answers(records: list[Record], schema: TaskSchema) -> list[Item]:
    responses = (
        Response.objects.counted()
        .filter(record__in=records)
        .select_related("contributor", "schema_version", "guidelines_version")
        .only(
            "public_id",
            "record_id",
            "values",
            "submitted_at",
            "contributor__public_id",
            "schema_version__number",
            "guidelines_version__number",
        )
        .order_by("record_id", "submitted_at", "pk")
    )
    by_record = {key: list(group) for key, group in groupby(responses, lambda response: response.record_id)}
    return [_item(record, by_record[record.pk], schema) for record in records]


def _item(record: Record, responses: list[Response], schema: TaskSchema) -> Item:
    answers = []
    for response in responses:
        try:
            answers.append(Answered(response, validate_answer(schema, response.values, fields=record.fields)))
        except AnswerError:
            continue  # given to another version of the task, and the released one does not take it
    return Item(record, tuple(answers), len(responses) - len(answers))
