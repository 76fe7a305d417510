"""Counts of a project: changed by appended deltas, folded within seconds, read exactly at any time.

A reader adds what is not folded yet, in one statement and so from one snapshot; pages and API therefore agree
with each other and with a recount, whether or not the folding runs.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from annotations.models import Contributor, ProjectDay, ProjectTotals, Record, Response, TotalsDelta
from annotations.models.totals import COUNTED
from dibt.lib import clock
from projects.models import Project

FOLD_AT_ONCE = 5_000


@dataclass(frozen=True)
class Totals:
    """`complete` records have all the answers they need; `responses` include surplus ones;
    `contributors` are those with at least one answer."""

    records: int = 0
    complete: int = 0
    responses: int = 0
    contributors: int = 0

    @property
    def share_complete(self) -> float:
        """From 0 to 1; 0 where there is nothing to complete."""
        return self.complete / self.records if self.records else 0.0


@dataclass(frozen=True)
class Overall:
    """Over all public projects; `people` counts everybody once, whatever the number of their projects."""

    projects: int
    open_projects: int
    records: int
    complete: int
    responses: int
    people: int


@dataclass(frozen=True)
class Day:
    day: date
    responses: int


def change(project_id: int, **counts: int) -> None:
    """Append a change of `records`, `complete`, `responses` or `contributors`. Call it in the transaction of
    the change's cause."""
    if any(counts.values()):
        TotalsDelta.objects.create(project_id=project_id, day=clock.today(), **counts)


def with_totals(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate `total_records`, `total_complete`, `total_responses` and `total_contributors`; see `of`."""
    return projects.annotate(**{f"total_{name}": _exact(name) for name in COUNTED})


def of(project: Project) -> Totals:
    """The totals of a project, taken from the annotations of `with_totals` where they are there."""
    if not hasattr(project, "total_records"):
        project = with_totals(Project.objects.filter(pk=project.pk)).get()
    return Totals(**{name: getattr(project, f"total_{name}") for name in COUNTED})


def overall() -> Overall:
    """Totals over all projects that are public."""
    public = Project.objects.public()
    sums = with_totals(public).aggregate(**{name: Coalesce(Sum(f"total_{name}"), 0) for name in COUNTED})
    people = Contributor.objects.filter(submitted_count__gt=0, project__in=public)
    return Overall(
        projects=public.count(),
        open_projects=public.open().count(),
        records=sums["records"],
        complete=sums["complete"],
        responses=sums["responses"],
        people=people.aggregate(n=Count("user", distinct=True))["n"],
    )


def days(project: Project, *, since: date) -> list[Day]:
    """Answers of each day (UTC) from `since` on that had any, oldest first."""
    filters = {"project": project, "day__gte": since}
    folded = ProjectDay.objects.filter(**filters).order_by().values_list("day", "responses")
    waiting = TotalsDelta.objects.filter(**filters).values_list("day", "responses")
    sums: dict[date, int] = {}
    for day, responses in folded.union(waiting, all=True):
        sums[day] = sums.get(day, 0) + responses
    return [Day(day, responses) for day, responses in sorted(sums.items()) if responses]


def fold() -> int:
    """Fold waiting deltas into the totals and days; returns how many. Safe to run at the same time twice."""
    folded = 0
    while batch := _fold_some():
        folded += batch
    return folded


def recount(project: Project) -> Totals:
    """The totals counted anew from the rows themselves; must equal `of(project)`."""
    records = Record.objects.filter(project=project).aggregate(
        records=Count("pk"), complete=Count("pk", filter=Q(submitted_count__gte=F("overlap")))
    )
    answers = Response.objects.filter(project=project)
    return Totals(
        **records,
        **answers.aggregate(responses=Count("pk"), contributors=Count("contributor", distinct=True)),
    )


def mend(project: Project) -> Totals:
    """Append what lacks to a recount; returns the difference that was found (all zero in a healthy project)."""
    with transaction.atomic():
        # A full lock, on purpose: whoever counts something now waits with it, at the check of its foreign key.
        Project.objects.select_for_update().get(pk=project.pk)
        is_now, should = of(Project.objects.get(pk=project.pk)), recount(project)
        lacking = {name: getattr(should, name) - getattr(is_now, name) for name in COUNTED}
        change(project.pk, **lacking)
    return replace(should, **lacking)


def as_dict(totals: Totals | Overall) -> dict[str, int]:
    return asdict(totals)


def _exact(name: str) -> Any:
    zero: dict[str, Any] = {"output_field": IntegerField()}
    folded = ProjectTotals.objects.filter(project=OuterRef("pk")).values(name)[:1]
    waiting = TotalsDelta.objects.filter(project=OuterRef("pk")).order_by().values("project")
    lacking = waiting.annotate(sum=Sum(name)).values("sum")
    return Coalesce(Subquery(folded), 0, **zero) + Coalesce(Subquery(lacking), 0, **zero)


@transaction.atomic
def _fold_some() -> int:
    batch = TotalsDelta.objects.select_for_update(skip_locked=_can_skip()).order_by("pk")[:FOLD_AT_ONCE]
    deltas = list(batch)
    for project_id, day in sorted({(delta.project_id, delta.day) for delta in deltas}):
        same = [delta for delta in deltas if (delta.project_id, delta.day) == (project_id, day)]
        _add(project_id, day, same)
    TotalsDelta.objects.filter(pk__in=[delta.pk for delta in deltas]).delete()
    return len(deltas)


def _add(project_id: int, day: date, deltas: Iterable[TotalsDelta]) -> None:
    deltas = list(deltas)
    sums = {name: sum(getattr(delta, name) for delta in deltas) for name in COUNTED}
    added = {name: F(name) + value for name, value in sums.items()}
    ProjectTotals.objects.get_or_create(project_id=project_id, defaults={"folded_at": clock.now()})
    ProjectTotals.objects.filter(project_id=project_id).update(folded_at=clock.now(), **added)
    ProjectDay.objects.get_or_create(project_id=project_id, day=day)
    ProjectDay.objects.filter(project_id=project_id, day=day).update(**added)


def _can_skip() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)
