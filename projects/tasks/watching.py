"""Watching Spaces in the background: all of an owner at once, and the settings of each by itself."""

from datetime import timedelta

from celery import shared_task

TRIES = 3
# After it each list is asked for anyway.
BEAT = timedelta(minutes=5)


@shared_task(name="projects.spaces.watch", soft_time_limit=60, time_limit=90)
def watch() -> None:
    """Have the Spaces of each owner looked at, each by a task of its own."""
    from projects.provisioning import watching

    for owner in watching.owners():
        watch_owner.delay(owner)


@shared_task(name="projects.spaces.watch_owner", soft_time_limit=600, time_limit=630)
def watch_owner(owner: str, tries: int = TRIES) -> None:
    """Look at the Spaces of one owner; lost, doubled or late messages do no harm."""
    # The Hub's client is slow to import, and tasks are imported by everything.
    from dibt.gateways.hub import the_hub
    from projects.provisioning import watching

    pause = watching.watch(owner, the_hub())
    if pause is not None and pause < BEAT and tries > 1:
        watch_owner.apply_async((owner, tries - 1), countdown=pause.total_seconds())


@shared_task(name="projects.spaces.inspect_due", soft_time_limit=60, time_limit=90)
def inspect_due() -> None:
    """Have those looked at whose settings are due to be compared, each by a task of its own."""
    from projects.provisioning import inspecting

    for space_id in inspecting.due():
        inspect.delay(space_id)


@shared_task(name="projects.spaces.inspect", soft_time_limit=120, time_limit=150)
def inspect(space_id: int) -> None:
    """Compare the settings of one Space; lost, doubled or late messages do no harm."""
    from dibt.gateways.hub import the_hub
    from projects.provisioning import inspecting

    inspecting.inspect(space_id, the_hub())
