"""The look at all Spaces of an owner at once, by the Hub's list of them: one request for each of its pages.

Rows are written only where they still rest, nobody holds them and nobody looked later: what a plan does meanwhile is
never disturbed, and of two that watch at once one does what is to be done.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.domain.notices import notify
from accounts.models import User
from dibt.gateways.errors import GatewayError, RetryLaterError
from dibt.gateways.hub import Hub, Listed
from dibt.lib import clock
from dibt.lib.leases import unheld
from projects.domain import costs
from projects.models import FREE_HARDWARE, Space, SpaceGoal, SpaceState, SpaceUse
from projects.provisioning import differences, inspecting, mending, pace, sights
from projects.provisioning.difference import OF_SETTINGS, OWNERLESS, Difference, What
from projects.provisioning.running import STARTING, UP
from projects.provisioning.sights import Sight

# How many may be asked themselves in one go: a list that came back short is no reason to ask for all of them.
ASKED_AT_ONCE = 20
log = logging.getLogger(__name__)


def owners() -> list[str]:
    """Whose Spaces are to be watched."""
    seen = Space.objects.filter(Q(pk__in=Space.objects.watched()) | Q(pk__in=_failed_and_billed()))
    return list(seen.order_by("owner").values_list("owner", flat=True).distinct())


def watch(owner: str, hub: Hub) -> timedelta | None:
    """Look at all Spaces of the owner that rest, write down what was seen, and do about it what is to be done.

    Where the Hub gives no list nothing changes; returns then after how long to try once more, if that may help.
    """
    began = clock.now()
    spaces = Space.objects.watched().filter(owner=owner)
    try:
        listed = sights.listing(owner, hub)
        seen = sights.of(owner, spaces, hub, listed=listed, asked_at_most=ASKED_AT_ONCE)
    except GatewayError as error:
        log.warning("The Spaces of %s could not be listed: %s", owner, error.message)
        return (error.after or pace.LIST_AGAIN) if isinstance(error, RetryLaterError) else None
    written = _written(seen, began)
    _bill_failed(owner, listed)
    _tell_of_owner(owner, written)
    for sight in written:
        if sight.is_certain:
            mending.remedy(sight.space, _everything(sight))
    return None


def survey(hub: Hub, spaces: Iterable[Space]) -> dict[int, list[Difference]]:
    """How each of the Spaces differs from what is wanted, by its id, their settings included; changes nothing.

    Of Spaces that are to be gone nothing is wanted. `mending.remedy` does about it what is to be done. Raises
    GatewayError.
    """
    found: dict[int, list[Difference]] = {}
    by_owner: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        found[space.pk] = []
        if space.goal != SpaceGoal.GONE:
            by_owner[space.owner].append(space)
    for owner, theirs in by_owner.items():
        for sight in sights.of(owner, theirs, hub, listed=sights.listing(owner, hub)):
            found[sight.space.pk] = [*sight.found, *_in_settings(sight, hub)]
    return found


def _in_settings(sight: Sight, hub: Hub) -> list[Difference]:
    """Of one that is paused, or may be gone, the settings say nothing."""
    absent = any(each.what == What.EXISTENCE for each in sight.found)
    return [] if absent or sight.space.goal != SpaceGoal.RUN else inspecting.look(sight.space, hub)


def _everything(sight: Sight) -> list[Difference]:
    """What was seen now, and what was found in its settings before."""
    return [*sight.found, *(each for each in differences.kept(sight.space) if each.what in OF_SETTINGS)]


def _written(seen: Iterable[Sight], began: datetime) -> list[Sight]:
    """Write down what was seen; returns those of which it could be. Most are as they were, and written at once.

    Who should have been asked, and was not, counts as not looked at, and so comes first the next time.
    """
    same, changed = [], []
    for sight in seen:
        changes = _changes(sight, began)
        looked = {"checked_at": began} if sight.is_certain else {}
        if not changes and not sight.found:
            same.append(sight)
        elif (looked or changes) and _still(sight, began).update(**looked, **changes):
            changed.append(sight)
    _untouched(began).filter(pk__in=[sight.space.pk for sight in same]).update(checked_at=began)
    written = [*changed, *same]
    _bill(written)
    return written


def _changes(sight: Sight, now: datetime) -> dict[str, object]:
    """What of the row is otherwise now."""
    space = sight.space
    seen: dict[str, object] = {"drift": mending.in_json(_everything(sight))}
    if sight.listed is not None:
        runtime = sight.listed.runtime
        is_new = runtime.stage != space.stage or space.stage_since is None
        seen |= {"stage": runtime.stage, "seen_hardware": _hardware(sight.listed)}
        seen |= {"stage_since": now} if is_new else {}
        seen |= {"inspect_at": now} if _has_woken(space, runtime.stage) else {}
    return {name: value for name, value in seen.items() if getattr(space, name) != value}


def _has_woken(space: Space, stage: str) -> bool:
    """Whether it was asleep since its settings were compared, and may have been changed now."""
    return space.state == SpaceState.READY and space.inspect_at is None and stage in STARTING | {UP}


def _still(sight: Sight, began: datetime) -> QuerySet[Space]:
    """The Space, if it rests as it was read: in the same plan, with the same look at its settings."""
    space = sight.space
    same = {"state": space.state, "goal": space.goal, "inspected_at": space.inspected_at}
    return _untouched(began).filter(pk=space.pk, **same)


def _untouched(began: datetime) -> QuerySet[Space]:
    """Those that rest, that nobody holds, and that nobody has looked at since."""
    earlier = Q(checked_at=None) | Q(checked_at__lte=began)
    return Space.objects.watched().filter(unheld(), earlier)


def _bill(seen: Sequence[Sight]) -> None:
    """Begin and end what is billed; nothing of most Spaces is."""
    billed = set(SpaceUse.objects.filter(ended_at=None).values_list("space", flat=True))
    for sight in seen:
        if sight.listed is None:
            continue
        hardware = _hardware(sight.listed)
        if hardware not in {"", FREE_HARDWARE} or sight.space.pk in billed:
            costs.observed(sight.space, stage=sight.listed.runtime.stage, hardware=hardware)


def _bill_failed(owner: str, listed: Mapping[str, Listed]) -> None:
    """Nothing is done about Spaces that wait for a person; but they cost what they cost, and no more."""
    for space in _failed_and_billed().filter(owner=owner):
        if there := listed.get(space.repo_id):
            costs.observed(space, stage=there.runtime.stage, hardware=_hardware(there))


def _failed_and_billed() -> QuerySet[Space]:
    return Space.objects.filter(state=SpaceState.FAILED, uses__ended_at=None, uses__isnull=False)


def _hardware(listed: Listed) -> str:
    return listed.runtime.hardware or listed.runtime.requested_hardware


def _tell_of_owner(owner: str, seen: Iterable[Sight]) -> None:
    """Tell the organisers, once, that an owner is gone: when it is seen of the first of its Spaces."""
    lost = [sight for sight in seen if any(each.seen == OWNERLESS for each in sight.found)]
    if not any(mending.in_json(_everything(sight)) != sight.space.drift for sight in lost):
        return
    log.warning("The Hub knows no organisation %s any more, which has %d Spaces of ours", owner, len(lost))
    for person in User.objects.filter(is_active=True, is_organiser=True):
        notify(person, kind="spaces-ownerless", params={"owner": owner, "count": len(lost)}, url="")
