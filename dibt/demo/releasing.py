"""The releases of projects that are completed, as their leads would publish them."""

import time

from annotations.domain import releases
from annotations.models import Release, ReleaseState
from annotations.releasing.work import work
from projects.models import Project, ProjectState

PATIENCE = 20.0  # seconds
LOOK_EVERY = 0.2


def release_completed() -> list[Release]:
    """Make a release of every completed project and ask for it to be published.

    Publishing is left to a worker: where none runs, the release waits for one. So is making it, if a worker
    was quicker to take it; one that is not made in time its lead can publish later.
    """
    return [_release(project) for project in Project.objects.filter(state=ProjectState.COMPLETED)]


def _release(project: Project) -> Release:
    lead = project.leads.get()
    release = releases.request(project, by=lead)
    work(release)
    until = time.monotonic() + PATIENCE
    while _is_being_made(release) and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
    if release.state == ReleaseState.BUILT:
        releases.publish(release, by=lead)
    return release


def _is_being_made(release: Release) -> bool:
    release.refresh_from_db()
    return release.state == ReleaseState.REQUESTED
