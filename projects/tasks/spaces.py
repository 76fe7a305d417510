"""Provisioning of Spaces in the background."""

from collections.abc import Iterable
from datetime import timedelta

from celery import shared_task

from dibt.lib import bells
from projects.domain.space_plans import BELL
from projects.models import Space

# A message that waits longer than the broker keeps it for one worker is delivered twice: leave that to the sweeper.
LONGEST_COUNTDOWN = timedelta(minutes=10)


@shared_task(name="projects.spaces.provision", soft_time_limit=600, time_limit=630)
def provision(space_id: int) -> None:
    """Perform the next step of one Space, and come back for the one after when it asks for it.

    What fails is written into its rows and tried again from there; nothing is retried by the message. Lost,
    doubled or late messages do no harm, and the sweeper finds a Space that nobody comes back to.
    """
    # The Hub's client is slow to import, and tasks are imported by everything.
    from dibt.gateways.hub import the_hub
    from projects.provisioning import reconciler

    pause = reconciler.run(space_id, the_hub())
    if pause is not None and pause <= LONGEST_COUNTDOWN:
        provision.apply_async((space_id,), countdown=pause.total_seconds())


def _waiting() -> Iterable[int]:
    return Space.objects.waiting().values_list("pk", flat=True)


@bells.on(BELL, waiting=_waiting)
def wake(space_id: int) -> None:
    """Have a worker look at the Space."""
    provision.delay(space_id)
