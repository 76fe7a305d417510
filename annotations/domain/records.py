"""Records of a project as a whole: brought in together, with as many places as the project says."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from accounts.models import User
from annotations.domain import totals
from annotations.domain.surveying import newest_key
from annotations.models import Import, Record
from projects.domain import projects
from projects.models import Project

AT_ONCE = 1_000


def add(project: Project, import_: Import, lines: Iterable[str]) -> int:
    """Append the records that a check wrote to the queue, each with all its places; returns how many.

    Call it in a transaction that holds the project's row: places in the queue are given out there.
    """
    keys = iter(range(newest_key(project) + 1, 2**62))
    added = 0
    records = (
        Record(
            project=project,
            imported_by=import_,
            queue_key=next(keys),
            open_slots=project.overlap,
            **json.loads(line),
        )
        for line in lines
    )
    for chunk in _chunks(records):
        added += len(Record.objects.bulk_create(chunk))
    totals.change(project.pk, records=added)
    return added


@transaction.atomic
def set_overlap(project: Project, *, by: User, overlap: int) -> None:
    """Change how many people answer each record, also of those that are there; only before the project opens."""
    Project.objects.select_for_update().get(pk=project.pk)
    projects.set_overlap(project, by=by, overlap=overlap)
    # Nobody was given a place yet: people can annotate only once the project has been opened.
    Record.objects.filter(project=project).update(open_slots=project.overlap)


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    iterator = iter(records)
    while chunk := list(islice(iterator, AT_ONCE)):
        yield chunk
