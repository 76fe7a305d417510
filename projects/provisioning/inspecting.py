"""The deep look at one Space: its variables and the names of its secrets, two requests.

A Space that slept since its last look gets no further one, because what was changed in it would have woken it; it
gets one when it is seen awake (`watching`).
"""

import logging
from datetime import timedelta
from functools import partial

from dibt.gateways.errors import ForbiddenError, GatewayError, RetryLaterError
from dibt.gateways.heartbeat import heartbeat
from dibt.gateways.hub import Hub
from dibt.lib import clock, leases, secrets
from projects.models import Space, SpaceState
from projects.provisioning import differences, ledger, mending, pace
from projects.provisioning.difference import OF_SETTINGS, Difference
from projects.provisioning.differences import ASLEEP
from projects.provisioning.wanted import variables_of

# With two requests each, half of what the Hub allows a free account; the rest is for those that are being made.
IN_A_MINUTE = 50
log = logging.getLogger(__name__)


def due() -> list[int]:
    """The ids of those to be looked at now, longest due first, no more than a minute has room for."""
    return list(Space.objects.to_inspect().values_list("pk", flat=True)[:IN_A_MINUTE])


def inspect(space_id: int, hub: Hub) -> None:
    """Look at the Space if it is due and nobody holds it, and do about it what is to be done.

    What fails is tried again in a few minutes, or when the Hub says; meanwhile nothing changes.
    """
    space = Space.objects.to_inspect().filter(pk=space_id).first()
    if space is None or not leases.take(space, lasting=pace.LEASE):
        return
    try:
        found = _look(space, hub)
    except ledger.LeaseLostError:
        return
    leases.give_back(space)
    if found:
        mending.remedy(space, found)


def look(space: Space, hub: Hub) -> list[Difference]:
    """How its settings differ. Raises GatewayError, of which MissingError says that there is no such Space.

    Of one that is not ours only that is told: its secrets are not ours to ask for.
    """
    try:
        variables = hub.space_variables(space.repo_id)
    except ForbiddenError:
        variables = {}
    if strange := differences.identity(wanted=str(space.provision_id), variables=variables):
        return strange
    return differences.in_settings(
        wanted_variables=variables_of(space),
        variables=variables,
        wanted_secrets=secrets.decrypt(space.secrets_box),
        secret_names=hub.space_secret_names(space.repo_id),
    )


def _look(space: Space, hub: Hub) -> list[Difference]:
    """Look, and write down what was seen and when to look again; empty if all is well, or could not be seen.

    It may have been given another plan between being found and being held. Whoever dies before anything is done
    about what was written down leaves that to the next list.
    """
    if space.state != SpaceState.READY:
        return []
    try:
        with heartbeat(partial(ledger.keep, space)):
            found = look(space, hub)
    except GatewayError as error:
        log.warning("The settings of %s could not be compared: %s", space.repo_id, error.message)
        _write(space, inspect_at=clock.now() + _pause(error))
        return []
    now = clock.now()
    everything = [*(each for each in differences.kept(space) if each.what not in OF_SETTINGS), *found]
    _write(
        space,
        drift=mending.in_json(everything),
        inspected_at=now,
        inspect_at=None if space.stage == ASLEEP else now + pace.INSPECT_EVERY,
    )
    return everything if found else []


def _write(space: Space, **changes: object) -> None:
    with ledger.entry(space):
        Space.objects.filter(pk=space.pk).update(**changes)
    space.refresh_from_db()


def _pause(error: GatewayError) -> timedelta:
    asked = error.after if isinstance(error, RetryLaterError) else None
    return asked or pace.INSPECT_AGAIN
