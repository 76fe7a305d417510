"""How a Space on the Hub differs from what is wanted of it: found here by comparing, without asking anybody.

What a list of the owner's Spaces tells and what only a look at the Space's settings tells are compared apart.
"""

from collections.abc import Iterable, Mapping

from dibt.gateways.hub import Listed, Mount, Runtime
from projects.models import FREE_HARDWARE, Space, SpaceGoal, Visibility
from projects.provisioning.difference import NEVER, OWNERLESS, UNLISTED, Difference, What
from projects.provisioning.running import GOING, PAUSED, STARTING, UP
from projects.provisioning.wanted import PROVISION_ID, mounts_of

ASLEEP = "SLEEPING"
AT_A_STANDSTILL = frozenset({PAUSED, "STOPPED"})


def kept(space: Space) -> list[Difference]:
    """Those that were found when the Space was last looked at."""
    return [Difference.from_json(told) for told in space.drift]


def gone(space: Space) -> Difference:
    return Difference(What.EXISTENCE, wanted=space.repo_id, seen="")


def unlisted(space: Space) -> Difference:
    """It is not in its owner's list, although the Hub answers to its name."""
    return Difference(What.EXISTENCE, wanted=space.repo_id, seen=UNLISTED)


def ownerless(space: Space) -> Difference:
    return Difference(What.EXISTENCE, wanted=space.owner, seen=OWNERLESS)


def in_list(space: Space, seen: Listed, *, is_stuck: bool) -> list[Difference]:
    """What the list of the owner's Spaces tells; `is_stuck`: it has been on its way for longer than that takes.

    Of a paused Space only that it stands still: all else is set when it is resumed.
    """
    if seen.runtime.stage == GOING:
        return [Difference(What.EXISTENCE, wanted=space.repo_id, seen=GOING)]
    if space.goal == SpaceGoal.PAUSED:
        return _while_paused(seen.runtime)
    return [
        *_stage(seen.runtime, is_stuck=is_stuck),
        *_hardware(space, seen.runtime),
        *_visibility(space, seen),
        *_volumes(space, seen.runtime),
    ]


def in_settings(
    *,
    wanted_variables: Mapping[str, str],
    variables: Mapping[str, str],
    wanted_secrets: Iterable[str],
    secret_names: Iterable[str],
) -> list[Difference]:
    """What the settings of a Space of ours tell. Variables beside ours come from the template and are let be;
    secrets beside ours somebody has put there, and the application may obey them."""
    other = [key for key, value in wanted_variables.items() if variables.get(key) != value]
    missing, strange = set(wanted_secrets) - set(secret_names), set(secret_names) - set(wanted_secrets)
    found = [
        Difference(What.VARIABLES, wanted=_listed(other), seen=_listed(set(other) & set(variables))),
        Difference(What.SECRETS, wanted=_listed(missing), seen=""),
        Difference(What.SECRETS, wanted="", seen=_listed(strange)),
    ]
    return [each for each in found if each.wanted or each.seen]


def identity(*, wanted: str, variables: Mapping[str, str]) -> list[Difference]:
    """Whether it carries our provision id: one that does not is not ours, whatever its name."""
    seen = variables.get(PROVISION_ID, "")
    return [] if seen == wanted else [Difference(What.IDENTITY, wanted=PROVISION_ID, seen="")]


def _while_paused(seen: Runtime) -> list[Difference]:
    return [] if seen.stage in AT_A_STANDSTILL else [Difference(What.STAGE, wanted=PAUSED, seen=seen.stage)]


def _stage(seen: Runtime, *, is_stuck: bool) -> list[Difference]:
    """Asleep is well: where that was not to be, the sleep time differs. On its way is well for a while."""
    well = seen.stage in {UP, ASLEEP} or (seen.stage in STARTING and not is_stuck)
    return [] if well else [Difference(What.STAGE, wanted=UP, seen=seen.stage)]


def _hardware(space: Space, seen: Runtime) -> list[Difference]:
    """The sleep time that is seen belongs to the hardware that is seen, and on free hardware to the Hub."""
    requested = seen.requested_hardware or FREE_HARDWARE
    if requested != space.hardware:
        return [Difference(What.HARDWARE, wanted=space.hardware, seen=requested)]
    if requested == FREE_HARDWARE or seen.sleep_seconds == space.sleep_seconds:
        return []
    wanted, sleeps = (str(each or NEVER) for each in (space.sleep_seconds, seen.sleep_seconds))
    return [Difference(What.SLEEP, wanted=wanted, seen=sleeps)]


def _visibility(space: Space, seen: Listed) -> list[Difference]:
    visible = Visibility.PRIVATE if seen.private else Visibility.PUBLIC
    return (
        []
        if visible == space.visibility
        else [Difference(What.VISIBILITY, wanted=space.visibility, seen=visible.value)]
    )


def _volumes(space: Space, seen: Runtime) -> list[Difference]:
    wanted = mounts_of(space)
    if set(wanted) == set(seen.mounts):
        return []
    return [Difference(What.VOLUMES, wanted=_mounted(wanted), seen=_mounted(seen.mounts))]


def _mounted(mounts: Iterable[Mount]) -> str:
    return _listed(f"{mount.bucket_id}:{mount.path}" for mount in mounts)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
