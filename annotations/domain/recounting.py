"""What each record says of its answers and places, held against the answers and assignments themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotations.domain import totals
from annotations.models import Assignment, Record, Response
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one record: the answers that count, and the places that are open."""

    answers: int
    places: int

    def __str__(self) -> str:
        return f"{self.answers} answers and {self.places} open places"


@dataclass(frozen=True, slots=True)
class Miscount:
    """A record that does not say what the rows say."""

    record_id: int
    external_id: str
    kept: Counts
    counted: Counts


def miscounted(project: Project) -> Iterator[Miscount]:
    """Those of a project, of which each record is looked at; none where all is well."""
    answers = _number(Response.objects.counted())
    records = Record.objects.filter(project=project).annotate(
        answers=answers, places=F("overlap") - answers - _number(Assignment.objects.all())
    )
    wrong = records.exclude(submitted_count=F("answers"), open_slots=F("places"))
    for pk, name, *counts in wrong.values_list(
        "pk", "external_id", "submitted_count", "open_slots", "answers", "places"
    ):
        yield Miscount(pk, name, Counts(*counts[:2]), Counts(*counts[2:]))


def mend(project: Project) -> int:
    """Set them right, each in a transaction of its own; returns how many. People may go on answering."""
    return sum(_mend(wrong.record_id) for wrong in list(miscounted(project)))


@transaction.atomic
def _mend(record_id: int) -> bool:
    """Under the lock of the record, as all who change its counts; False where it is right by now."""
    record = Record.objects.select_for_update(no_key=True).get(pk=record_id)
    answers = record.responses.counted().count()
    places = record.overlap - answers - record.assignments.count()
    if (record.submitted_count, record.open_slots) == (answers, places):
        return False
    complete = (answers >= record.overlap) - (record.submitted_count >= record.overlap)
    record.submitted_count, record.open_slots = answers, places
    record.save(update_fields=["submitted_count", "open_slots"])
    totals.change(record.project_id, complete=complete)
    return True


def _number(rows: "QuerySet[Response] | QuerySet[Assignment]") -> Coalesce:
    of_record = rows.filter(record=OuterRef("pk")).order_by().values("record")
    counted = of_record.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
