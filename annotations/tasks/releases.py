"""Making and publishing releases in the background."""

from collections.abc import Iterable

from celery import shared_task

from annotations.domain.releases import BELL
from annotations.models import Release
from dibt.lib import bells


def _waiting() -> Iterable[int]:
    return Release.objects.waiting().values_list("pk", flat=True)


@shared_task(name="annotations.releases.work", ignore_result=True)
def work_on(release_id: int) -> None:
    """Do what the release waits for. Nothing is retried here: the row says when the next attempt is due."""
    from annotations.releasing.work import (
        work,  # the Hub's client is slow to import, and tasks are imported everywhere
    )

    if release := Release.objects.select_related("project__cohort").filter(pk=release_id).first():
        work(release)


bells.on(BELL, waiting=_waiting)(work_on.delay)
