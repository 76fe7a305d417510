"""Records of a project as a whole: brought in together, with as many places as the project says."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from annotations.domain import ordering, totals
from annotations.models import Import, Record
from annotations.models.record import BEFORE_ALL
from dibt.lib import bells
from dibt.lib.folding import holds
from dibt.lib.text import unstorable_character
from projects.domain import projects
from projects.models import Project

AT_ONCE = 1_000
FOLLOW_AT_ONCE = 5_000
BELL = "records.follow"


def add(project: Project, import_: Import, lines: Iterable[str]) -> int:
    """Put the records that a check wrote into the queue, each with all its places; returns how many.

    Where they come before what people are at, everybody gets them next. Raises ValueError when there are more or
    fewer than the check said. Call it in a transaction that holds the project's row: places in the queue are given
    out there.
    """
    keys = ordering.keys_for(project, import_, number=import_.rows_good)
    added = 0
    records = (
        Record(
            project=project,
            imported_by=import_,
            queue_key=key,
            overlap=project.overlap,
            open_slots=project.overlap,
            **json.loads(line),
        )
        for key, line in zip(keys, lines, strict=True)
    )
    for chunk in _chunks(records):
        added += len(Record.objects.bulk_create(chunk))
    totals.change(project.pk, records=added)
    ordering.show_everybody(project, first=min(keys), last=max(keys))
    return added


def named(project: Project, text: str) -> QuerySet[Record]:
    """Those whose external id holds the text, in any case; all of them where there is none."""
    if unstorable_character(text):
        return Record.objects.none()
    return project.records.filter(holds("external_id", text)) if text else project.records.all()


def set_overlap(project: Project, *, by: User, overlap: int) -> None:
    """Change how many people answer each record, also while they do; no answer is lost by it.

    Records that are there follow: the first thousands at once, more of them soon (`follow_overlap`).
    """
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        projects.set_overlap(project, by=by, overlap=overlap)
        # With the new value, and so whoever is just following the old one begins anew.
        Project.objects.filter(pk=project.pk).update(followed_to=BEFORE_ALL)
        bells.ring(BELL, project.pk)
    follow_overlap(project.pk, at_most=FOLLOW_AT_ONCE)


def following() -> Iterable[int]:
    """The ids of the projects whose records have not all followed a change of the overlap."""
    return Project.objects.exclude(followed_to=None).values_list("pk", flat=True)


def follow_overlap(project_id: int, *, at_most: int | None = None) -> None:
    """Give the records the overlap that their project has, in short transactions; safe to run twice at once.

    All goes on from one place in the project's row (`followed_to`), and all under the lock of that row, which a
    change of the overlap and an import hold as well: so up to that place, every record has the overlap that the
    project has then. A record that has more answers than it needs keeps them all, and takes no further one.
    """
    done = 0
    while (at_most is None or done < at_most) and _follow_some(project_id):
        done += AT_ONCE


@transaction.atomic
def _follow_some(project_id: int) -> bool:
    """The next of them; False when all have followed."""
    # A full lock would keep every answer waiting at its commit, where foreign keys are checked.
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    if project.followed_to is None:
        return False
    wanted = project.overlap
    behind = Record.objects.filter(project=project, queue_key__gt=project.followed_to).exclude(overlap=wanted)
    locked = behind.select_for_update(no_key=True).order_by("queue_key")
    rows = list(locked.values_list("pk", "queue_key", "submitted_count", "overlap")[:AT_ONCE])
    project.followed_to = rows[-1][1] if rows else None
    project.save(update_fields=["followed_to"])
    Record.objects.filter(pk__in=[pk for pk, *_rest in rows]).update(
        open_slots=F("open_slots") + wanted - F("overlap"), overlap=wanted
    )
    complete = sum((given >= wanted) - (given >= before) for _pk, _key, given, before in rows)
    totals.change(project_id, complete=complete)
    return bool(rows)


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    iterator = iter(records)
    while chunk := list(islice(iterator, AT_ONCE)):
        yield chunk
