"""The step that waits until the Space runs: what each of the Hub's stages means for us.

The words are those of the Hub's API; SLEEPING is one that its Python client does not know.
"""

from django.utils.translation import gettext as _

from dibt.gateways.errors import GatewayError
from dibt.gateways.hub import Hub, Runtime
from projects.provisioning.outcomes import Broken, Done, Outcome, Wait
from projects.provisioning.wanted import Wanted

UP = "RUNNING"
PAUSED = "PAUSED"
AT_REST = frozenset({"SLEEPING", "STOPPED", PAUSED})
BUILD_FAILED = frozenset({"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"})
FAILED = BUILD_FAILED | {"RUNTIME_ERROR"}
GOING = "DELETING"
STARTING = frozenset({"BUILDING", "APP_STARTING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
KNOWN = STARTING | AT_REST | FAILED | {UP, GOING}


def running(hub: Hub, wanted: Wanted) -> Outcome:
    """It runs, and the Hub tells where it is served."""
    outcome = up(hub, wanted)
    if not isinstance(outcome, Done):
        return outcome
    address = hub.space_host(wanted.repo_id)
    return Done(outcome.stage, address) if address else Wait(outcome.stage)


def up(hub: Hub, wanted: Wanted) -> Done | Wait | Broken:
    """Wake what rests, build once anew what failed; any other stage, also one we never heard of, is on its way."""
    seen = hub.runtime(wanted.repo_id)
    if seen.stage == UP:
        return Done(seen.stage)
    if seen.stage == GOING:
        return Broken(_("The Space is being deleted on the Hub. Try again when it is gone."), seen.stage)
    if seen.stage in FAILED:
        return _rebuild_once(hub, wanted, seen)
    if seen.stage in AT_REST:
        hub.restart_space(wanted.repo_id)
    return Wait(seen.stage)


def _rebuild_once(hub: Hub, wanted: Wanted, seen: Runtime) -> Wait | Broken:
    if wanted.may_rebuild:
        hub.restart_space(wanted.repo_id, factory=True)
        return Wait(seen.stage, rebuilding=True)
    sentence = _("The Space does not start: the Hub says %(stage)s, also after it was built anew.") % {
        "stage": seen.stage
    }
    said = wanted.without_secrets(seen.error_message)
    log = wanted.without_secrets(_log_tail(hub, wanted.repo_id, build=seen.stage in BUILD_FAILED))
    return Broken(f"{sentence} {said}".strip(), seen.stage, log)


def _log_tail(hub: Hub, repo_id: str, *, build: bool) -> str:
    """A help for whoever looks into it; without it the failure is told all the same."""
    try:
        return "".join(hub.space_log_tail(repo_id, build=build))
    except GatewayError as error:
        return error.message
