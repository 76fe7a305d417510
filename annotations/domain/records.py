"""Records of a project as a whole: brought in together, with as many places as the project says."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import F

from accounts.models import User
from annotations.domain import totals
from annotations.domain.surveying import newest_key
from annotations.models import Import, Record
from dibt.lib import bells
from projects.domain import projects
from projects.models import Project

AT_ONCE = 1_000
FOLLOW_AT_ONCE = 5_000
BELL = "records.follow"


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
            overlap=project.overlap,
            open_slots=project.overlap,
            **json.loads(line),
        )
        for line in lines
    )
    for chunk in _chunks(records):
        added += len(Record.objects.bulk_create(chunk))
    totals.change(project.pk, records=added)
    return added


def set_overlap(project: Project, *, by: User, overlap: int) -> None:
    """Change how many people answer each record, also while they do; no answer is lost by it.

    Records that are there follow: the first thousands at once, more of them soon (`follow_overlap`).
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        projects.set_overlap(project, by=by, overlap=overlap)
        bells.ring(BELL, project.pk)
    follow_overlap(project.pk, at_most=FOLLOW_AT_ONCE)


def following() -> Iterable[int]:
    """The ids of the projects whose records have not all followed a change of the overlap."""
    return Project.objects.exclude(queue_overlap=F("overlap")).values_list("pk", flat=True)


def follow_overlap(project_id: int, *, at_most: int | None = None) -> None:
    """Give the records the overlap that their project has now, in short transactions; safe to run twice at once.

    A record that has more answers than it needs keeps them all, and takes no further one.
    """
    after: int | None = -1
    done = 0
    while after is not None and (at_most is None or done < at_most):
        after = _follow_some(project_id, after)
        done += AT_ONCE


@transaction.atomic
def _follow_some(project_id: int, after: int) -> int | None:
    """The next of them; returns the key of the last one, None when all have followed."""
    wanted = Project.objects.values_list("overlap", flat=True).get(pk=project_id)
    behind = Record.objects.filter(project=project_id, queue_key__gt=after).exclude(overlap=wanted)
    locked = behind.select_for_update(no_key=True).order_by("queue_key")
    rows = list(locked.values_list("pk", "queue_key", "submitted_count", "overlap")[:AT_ONCE])
    if not rows:
        Project.objects.filter(pk=project_id, overlap=wanted).update(queue_overlap=wanted)
        return None
    Record.objects.filter(pk__in=[pk for pk, *_rest in rows]).update(
        open_slots=F("open_slots") + wanted - F("overlap"), overlap=wanted
    )
    complete = sum((given >= wanted) - (given >= before) for _pk, _key, given, before in rows)
    totals.change(project_id, complete=complete)
    return int(rows[-1][1])


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    iterator = iter(records)
    while chunk := list(islice(iterator, AT_ONCE)):
        yield chunk
