"""The queue's housekeeping. Both tasks may run twice at once, late or not at all for a while, without harm."""

from collections.abc import Iterable

from celery import shared_task

from annotations.domain import queue, records, totals
from dibt.lib import bells


@shared_task(name="annotations.assignments.return_expired", soft_time_limit=60)
def return_expired() -> int:
    """Give the places of lapsed assignments back."""
    return queue.return_expired()


@shared_task(name="annotations.totals.fold", soft_time_limit=60)
def fold() -> int:
    """Fold waiting changes of counts into the totals."""
    return totals.fold()


@shared_task(name="annotations.records.follow", soft_time_limit=1500)
def follow(project_id: int) -> None:
    """Give a project's records the overlap that it has now."""
    records.follow_overlap(project_id)


def _following() -> Iterable[int]:
    return records.following()


@bells.on(records.BELL, waiting=_following)
def wake(project_id: int) -> None:
    """Have a worker look at the project's records."""
    follow.delay(project_id)
