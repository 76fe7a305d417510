"""The sweeper behind every bell."""

from celery import shared_task

from dibt.lib import bells


@shared_task(name="dibt.ring_again", ignore_result=True, soft_time_limit=60)
def ring_again() -> int:
    """Ring for rows that nobody took, or whose worker died. Safe at any time: the listener looks at the row."""
    return bells.ring_again()
