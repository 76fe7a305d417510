"""The queue's housekeeping. Both tasks may run twice at once, late or not at all for a while, without harm."""

from celery import shared_task

from annotations.domain import queue, totals


@shared_task(name="annotations.assignments.return_expired", soft_time_limit=60)
def return_expired() -> int:
    """Give the places of lapsed assignments back."""
    return queue.return_expired()


@shared_task(name="annotations.totals.fold", soft_time_limit=60)
def fold() -> int:
    """Fold waiting changes of counts into the totals."""
    return totals.fold()
