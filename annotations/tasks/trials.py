"""The housekeeping of trial answers. It may run twice at once, late or not at all for a while, without harm."""

from celery import shared_task

from annotations.domain import adopting, trials


@shared_task(name="annotations.trials.settle", soft_time_limit=60)
def settle() -> None:
    """Delete what nobody signed in for, and let count what waits for nothing more."""
    trials.forget_unclaimed()
    adopting.adopt_ready()
