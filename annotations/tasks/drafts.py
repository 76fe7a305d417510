"""Drafts that nobody needs any more. The task may run twice at once, late or not at all for a while, without harm."""

from celery import shared_task

from annotations.domain import drafts


@shared_task(name="annotations.drafts.sweep", soft_time_limit=60)
def sweep() -> int:
    """Forget what was begun long ago, or answered since."""
    return drafts.sweep()
