"""Leaderboards: who gave how much, shown as each of them chose."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import Rank

from accounts.models import ShownAs, User
from annotations.domain.contributors import shown_name
from annotations.models import Contributor
from projects.models import Project
from projects.permissions import Person


@dataclass(frozen=True)
class Standing:
    """One line of a leaderboard; equal numbers share a rank. `avatar_url` only with the Hub name."""

    rank: int
    name: str
    responses: int
    avatar_url: str
    is_me: bool


@dataclass(frozen=True)
class Hidden:
    """How many chose not to be shown, and what they gave together: the board adds up with them."""

    people: int
    responses: int


def shown(project: Project) -> QuerySet[Contributor]:
    """Contributors who let themselves be shown, best first, annotated with `rank`."""
    rank = Window(Rank(), order_by=F("submitted_count").desc())
    return _active(project).exclude(user__shown_as__in=_UNSHOWN).annotate(rank=rank).order_by("rank", "pk")


def hidden(project: Project) -> Hidden:
    sums = (
        _active(project)
        .filter(user__shown_as__in=_UNSHOWN)
        .aggregate(people=Count("pk"), responses=Sum("submitted_count", default=0))
    )
    return Hidden(**sums)


def standing(contributor: Contributor, *, person: Person) -> Standing:
    """A row of `shown`, as that person sees it."""
    user = contributor.user
    by_name = user is not None and user.shown_as == ShownAs.HUB_NAME
    return Standing(
        rank=contributor.rank,  # type: ignore[attr-defined]  # annotated by `shown`
        name=shown_name(contributor) or contributor.pseudonym,
        responses=contributor.submitted_count,
        avatar_url=user.avatar_url if user and by_name else "",
        is_me=isinstance(person, User) and contributor.user_id == person.pk,
    )


_UNSHOWN = [ShownAs.HIDDEN, ""]  # who has not chosen yet is not shown either


def _active(project: Project) -> QuerySet[Contributor]:
    return Contributor.objects.filter(project=project, submitted_count__gt=0).select_related("user")
