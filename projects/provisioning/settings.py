"""The step that sets what a Space is made with. Only differences are written: nearly each costs a restart."""

from dibt.gateways.hub import Hub, Runtime
from projects.models import FREE_HARDWARE, Proof
from projects.provisioning.outcomes import Done, Further, Outcome
from projects.provisioning.wanted import Wanted


def settings(hub: Hub, wanted: Wanted) -> Outcome:
    seen = hub.runtime(wanted.repo_id)
    remount = set(seen.mounts) != set(wanted.mounts)
    if remount and wanted.proof != Proof.NONE:
        return Further(Proof.NONE)
    _environment(hub, wanted)
    if remount:
        hub.set_space_mounts(wanted.repo_id, wanted.mounts)
    _hardware(hub, wanted, seen)
    if hub.space_is_private(wanted.repo_id) != wanted.private:
        hub.set_space_private(wanted.repo_id, private=wanted.private)
    return Done(seen.stage)


def _environment(hub: Hub, wanted: Wanted) -> None:
    """Secrets by their names, because nobody can read their values, and variables by value."""
    present = hub.space_secret_names(wanted.repo_id)
    for key, value in wanted.secrets.items():
        if key not in present or key in wanted.rotating:
            hub.set_space_secret(wanted.repo_id, key, value)
    variables = hub.space_variables(wanted.repo_id)
    for key, value in wanted.variables.items():
        if variables.get(key) != value:
            hub.set_space_variable(wanted.repo_id, key, value)


def _hardware(hub: Hub, wanted: Wanted, seen: Runtime) -> None:
    """The sleep time that was seen is that of the hardware before; on free hardware it cannot be set."""
    before = seen.requested_hardware or FREE_HARDWARE
    if before != wanted.hardware:
        hub.request_hardware(wanted.repo_id, wanted.hardware)
    if wanted.hardware == FREE_HARDWARE:
        return
    if before != wanted.hardware or seen.sleep_seconds != wanted.sleep_seconds:
        hub.set_sleep_time(wanted.repo_id, wanted.sleep_seconds)
