"""Records that a person holds, from the moment they have them on: kept while they work, returned when they leave,
or taken along for a day without the network.

What is returned goes to others at once. An answer that was on its way all the same is taken in, as one is that comes
after its lease ran out.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from annotations.domain import queue
from annotations.domain.contributors import find, join
from annotations.models import Assignment, Contributor, Discard, Flag, Lapse, Response, Skip
from annotations.permissions import require_contributing
from dibt.lib import clock
from projects.models import Project
from projects.permissions import Person

A_RELOAD = timedelta(minutes=1)
A_DAY = timedelta(hours=24)


def keep(
    project: Project, *, by: Person, record_ids: Collection[int], asked_at: datetime | None = None
) -> dict[int, datetime]:
    """Let this person have these records for longer, as they are at work on them; returns which are theirs, and until
    when, in the order asked for.

    One whose time is over, or that was returned meanwhile, is theirs again where it has room for them and they hold
    fewer than MOST: a page that was without network for longer than it had them goes on with what it shows.
    `asked_at`: when the page asked, as far as it knew. Their time runs from then on, so that the page can say in its
    goodbye until when; what they left after that, before its time was over, was left by this very page, whose goodbye
    overtook it, and stays returned.
    """
    require_contributing(project, by)
    contributor = find(project, by)
    if contributor is None:
        return {}
    with transaction.atomic():
        _lock(contributor)
        theirs = queue.prolong_all(contributor, record_ids, since=_moment(asked_at))
    returned = Lapse.objects.filter(contributor=contributor, record__in=set(record_ids) - set(theirs))
    if asked_at is not None:
        returned = returned.filter(created_at__lt=asked_at)
    lapsed = set(returned.values_list("record", flat=True))
    for pk in dict.fromkeys(record_ids):
        if pk in lapsed and (again := take_again(contributor, pk)):
            theirs[pk] = again
    now = clock.now()
    live = {pk: one.expires_at for pk, one in theirs.items() if one.expires_at > now}
    return {pk: live[pk] for pk in record_ids if pk in live}


def answered(project: Project, *, by: Person, record_ids: Collection[int]) -> list[int]:
    """Which of these records this person is through with, on whatever device."""
    mine = {"contributor": find(project, by), "record__in": record_ids}
    through = [kind.objects.filter(**mine).values("record") for kind in (Response, Skip, Discard, Flag)]
    return [row["record"] for row in through[0].union(*through[1:])]


def leave(
    project: Project,
    *,
    by: Person,
    record_ids: Collection[int],
    seen: int | None = None,
    until: Mapping[int, datetime] | None = None,
) -> int:
    """Return those of these records that this person has not `seen`, as they leave; returns how many.

    The one on the screen stays theirs for a minute, so that who only reloads the page finds it again, and what was
    taken along stays for its day. `until`: when the time of each ends, for all that the page knew that was left. Which
    is theirs for longer was given to another page since, and stays. Also where the project takes no answers any more.
    """
    contributor = find(project, by)
    if contributor is None:
        return 0
    theirs = Assignment.objects.filter(contributor=contributor, record__in=record_ids, taken_along=False)
    if until is not None:
        theirs = theirs.filter(_no_longer_than(until))
    if seen is not None:
        soon = clock.now() + A_RELOAD
        theirs.filter(record=seen, expires_at__gt=soon).update(expires_at=soon)
        theirs = theirs.exclude(record=seen)
    return _hand_back(theirs)


def leave_everything(*, by: User) -> int:
    """Return all records of all projects that this person holds and has not taken along; returns how many."""
    theirs = list(Contributor.objects.filter(user=by).values_list("pk", flat=True))
    return _hand_back(Assignment.objects.filter(contributor__in=theirs, taken_along=False))


def take_along(project: Project, *, by: Person, most: int = queue.MOST) -> list[Assignment]:
    """Let this person have what they hold, and further records up to `most`, for a day; returns them, first the one
    they had first."""
    contributor = join(project, by=by)
    queue.return_expired(project_id=project.pk)
    return queue.hold(contributor, most=most, lasting=A_DAY, along=True)


def taken_along(project: Project, *, by: Person) -> list[Assignment]:
    """The records that this person has taken along and not answered yet, first the one they had first."""
    theirs = Assignment.objects.live().filter(contributor=find(project, by), taken_along=True)
    return list(theirs.select_related("record").order_by("pk"))


def taken_along_ids(contributor: Contributor) -> list[int]:
    """The ids of the records that this person has taken along and not answered yet, in whatever browser."""
    theirs = Assignment.objects.live().filter(contributor=contributor, taken_along=True)
    return [row["record"] for row in theirs.values("record")]


def give_back(project: Project, *, by: Person) -> int:
    """Return all that this person has taken along and not answered; returns how many."""
    return _hand_back(Assignment.objects.filter(contributor=find(project, by), taken_along=True))


@transaction.atomic
def take_again(contributor: Contributor, record_id: int) -> Assignment | None:
    """Let this person have a record again that was with them, in a transaction of its own; longer where it still is.
    None where they are through with it, it has no room for them, or they hold MOST."""
    _lock(contributor)
    if held := queue.prolong(contributor, record_id):
        return held if held.expires_at > clock.now() else None
    mine = {"contributor": contributor, "record": record_id}
    if any(kind.objects.filter(**mine).exists() for kind in (Response, Skip, Discard, Flag)):
        return None
    return queue.take_again(contributor, record_id)


def _moment(asked_at: datetime | None) -> datetime:
    """Now, or shortly before: the clock of a page is not to be trusted further."""
    now = clock.now()
    return min(now, max(asked_at or now, now - A_RELOAD))


def _lock(contributor: Contributor) -> None:
    """As everybody does who touches several of a person's assignments, so that none waits for another in a circle."""
    Contributor.objects.select_for_update(no_key=True).get(pk=contributor.pk)


def _no_longer_than(until: Mapping[int, datetime]) -> Q:
    none = Q(pk__in=[])
    return reduce(or_, (Q(record=pk, expires_at__lte=end) for pk, end in until.items()), none)


def _hand_back(assignments: QuerySet[Assignment]) -> int:
    """Each in a transaction of its own; those that are none of these any more by then stay."""
    return sum(queue.hand_back(assignment, among=assignments) for assignment in list(assignments))
