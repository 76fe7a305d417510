"""One worker's turn with a release: make it, or publish it."""

import logging
from copy import copy

from django.utils.translation import gettext as _

from annotations.domain import releases
from annotations.models import Manifest, Release, ReleaseState
from annotations.releasing import building, publishing
from dibt.gateways.errors import GatewayError, RetryLaterError
from dibt.lib import clock, leases
from dibt.lib.errors import ConflictError
from dibt.lib.heartbeat import kept

log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another worker has the release now; what this one did must not be written down."""


def work(release: Release) -> None:
    """Do what the release waits for, unless it is not due or another worker has it.

    Safe to call at any time and from any number of workers. A worker that is killed in between leaves the
    row waiting; the next one begins anew and ends at the same result.
    """
    if not leases.take(release):
        return
    lease = copy(release)  # a row that is read again could name another worker's lease
    try:
        if release.is_unfinished and release.due_at <= clock.now() and releases.begin(release):
            with kept(lease):
                (_make if release.state == ReleaseState.REQUESTED else _publish)(release, lease)
    except LeaseLostError:
        log.warning("Release %s was taken over by another worker", release.pk)
    finally:
        leases.give_back(lease)


def _make(release: Release, lease: Release) -> None:
    if manifest := _build(release, lease):
        releases.built(release, manifest)
        building.discard_builds(release, but=manifest.build)


def _publish(release: Release, lease: Release) -> None:
    """Publish the files; those that must not leave the house as they are, are made anew first."""
    manifest = release.contents
    if manifest is None or publishing.is_stale(release, manifest):
        manifest = _build(release, lease)
        if manifest is None:
            return
        releases.rebuilt(release, manifest)
        building.discard_builds(release, but=manifest.build)
    try:
        there = publishing.publish(release, manifest)
    except RetryLaterError as error:
        _hold(lease)
        releases.postpone(release, error=error.message, wait=error.after)
    except GatewayError as error:
        _hold(lease)
        releases.fail(release, error.message)
    else:
        _hold(lease)
        releases.published(release, url=there.url, commit=there.commit)


def _build(release: Release, lease: Release) -> Manifest | None:
    """The manifest of a fresh build; None where that failed, which the release then says."""
    try:
        manifest = building.build(release)
    except ConflictError as error:
        _hold(lease)
        releases.fail(release, error.message)
        return None
    except OSError as error:
        _hold(lease)
        reason = error.strerror or type(error).__name__
        releases.postpone(
            release, error=_("The files could not be written: %(reason)s.") % {"reason": reason}
        )
        return None
    _hold(lease)
    return manifest


def _hold(lease: Release) -> None:
    if not leases.extend(lease):
        raise LeaseLostError
