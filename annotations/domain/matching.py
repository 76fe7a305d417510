"""Which project somebody may like next, once nothing is left for them in this one."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from annotations.models import Discard, Flag, Record, Response, Skip
from projects.models import Access, Project


def next_project(project: Project, *, by: User) -> Project | None:
    """The open project most like this one in which records wait for this person; None where there is none.

    Most alike is one in a language of this project; among those the one of its domain, then of its kind of
    task; then the one that opened last.
    """
    waiting = [other for other in _waiting_for(by).exclude(pk=project.pk) if other.opened_at]
    return max(waiting, key=lambda other: _likeness(project, other), default=None)


def _likeness(project: Project, other: Project) -> tuple[object, ...]:
    return (
        not set(project.languages).isdisjoint(other.languages),
        project.domain == other.domain,
        project.task_kind == other.task_kind,
        other.opened_at,
        other.pk,
    )


def _waiting_for(person: User) -> QuerySet[Project]:
    """Open projects that the person may annotate, with a record that has room and that they never dealt with."""
    theirs = Q(organisation__in=person.memberships.values("organisation"))
    allowed = Project.objects.open().filter(~Q(access=Access.ORGANISATION) | theirs)
    with_room = Record.objects.filter(project=OuterRef("pk"), open_slots__gt=0, set_aside="")
    for kind in (Response, Skip, Discard, Flag):
        with_room = with_room.filter(
            ~Exists(kind.objects.filter(record=OuterRef("pk"), contributor__user=person))
        )
    return allowed.filter(Exists(with_room))
