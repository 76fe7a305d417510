"""The steps, in their order. Each looks, compares, and acts only on a difference, so any can be run at any time.

A step is a function of the Hub and what is wanted; it knows no database, never waits, and lets GatewayError out.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from dibt.gateways.errors import ConflictError, ForbiddenError, MissingError
from dibt.gateways.hub import Hub
from projects.models import StepKey
from projects.provisioning.outcomes import Broken, Done, Outcome
from projects.provisioning.running import running
from projects.provisioning.wanted import PROVISION_ID, Wanted

Ensure = Callable[[Hub, Wanted], Outcome]
FREE_HARDWARE = "cpu-basic"


def preflight(hub: Hub, wanted: Wanted) -> Outcome:
    """The organisation exists and our account can make things there. Its plan is left to the Hub, which alone
    knows whether it suffices, and says so (402) when the Space is made."""
    try:
        hub.organisation(wanted.owner)
    except MissingError:
        return Broken(
            _("There is no organisation “%(owner)s” on the Hub. Ask an organiser to correct the cohort's.")
            % {"owner": wanted.owner}
        )
    who = hub.identity()
    if not (who.token_can_write and who.may_create_in(wanted.owner)):
        who = hub.identity(fresh=True)
    if not who.token_can_write:
        return Broken(_("The platform's token may only read. Ask an organiser for one that can write."))
    if not who.may_create_in(wanted.owner):
        return Broken(
            _(
                "The platform's account “%(name)s” may not make Spaces in “%(owner)s”. Ask an organiser to add it."
            )
            % {"name": who.name, "owner": wanted.owner}
        )
    return Done()


def bucket(hub: Hub, wanted: Wanted) -> Outcome:
    """Its name holds our provision id, so that one which is there already is ours."""
    hub.ensure_bucket(wanted.bucket_id)
    return Done()


def space(hub: Hub, wanted: Wanted) -> Outcome:
    """A Space of that name that carries our provision id: made now, or in an earlier try whose answer was lost."""
    if not hub.space_exists(wanted.repo_id):
        try:
            hub.create_space(wanted.new_space)
        except ConflictError:
            if not hub.space_exists(wanted.repo_id):
                return _taken(wanted)
    try:
        variables = hub.space_variables(wanted.repo_id)
    except ForbiddenError:
        return _taken(wanted)
    return Done() if variables.get(PROVISION_ID) == wanted.provision_id else _taken(wanted)


def _taken(wanted: Wanted) -> Broken:
    return Broken(
        _(
            "There is a Space “%(taken)s” already, and it is not ours. Try again with another name, such as “%(free)s”."
        )
        % {"taken": wanted.repo_id, "free": wanted.other_name}
    )


def settings(hub: Hub, wanted: Wanted) -> Outcome:
    """Secrets by their names (nobody can read their values), the rest by value. Each difference costs a restart."""
    repo_id = wanted.repo_id
    present = hub.space_secret_names(repo_id)
    for key, value in wanted.secrets.items():
        if key not in present:
            hub.set_space_secret(repo_id, key, value)
    variables = hub.space_variables(repo_id)
    for key, value in wanted.variables.items():
        if variables.get(key) != value:
            hub.set_space_variable(repo_id, key, value)
    seen = hub.runtime(repo_id)
    if set(seen.mounts) != set(wanted.mounts):
        hub.set_space_mounts(repo_id, wanted.mounts)
    if (seen.requested_hardware or FREE_HARDWARE) != wanted.hardware:
        hub.request_hardware(repo_id, wanted.hardware)
    return Done(seen.stage)


def files(hub: Hub, wanted: Wanted) -> Outcome:
    hub.commit_space_files(wanted.repo_id, wanted.files, message="Describe the project and its sign-in")
    return Done()


def ready(hub: Hub, wanted: Wanted) -> Outcome:
    """Where it is served; while the Hub does not tell, its page there."""
    return Done(url=hub.space_host(wanted.repo_id) or hub.space_page(wanted.repo_id))


STEPS: Mapping[StepKey, Ensure] = {
    StepKey.PREFLIGHT: preflight,
    StepKey.BUCKET: bucket,
    StepKey.SPACE: space,
    StepKey.SETTINGS: settings,
    StepKey.FILES: files,
    StepKey.RUNNING: running,
    StepKey.READY: ready,
}
