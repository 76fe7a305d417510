"""The steps, in their order. Each looks, compares, and acts only on a difference, so any can be run at any time.

A step is a function of the Hub and what is wanted; it knows no database, never waits, and lets GatewayError out.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from dibt.gateways.errors import ConflictError, ForbiddenError
from dibt.gateways.hub import Hub
from projects.models import Proof, StepKey
from projects.provisioning.answering import renewed_argilla, sign_in
from projects.provisioning.leaving import forget, remove, stop
from projects.provisioning.outcomes import Broken, Done, Further, Outcome
from projects.provisioning.preflight import preflight
from projects.provisioning.proof import proof
from projects.provisioning.running import running
from projects.provisioning.settings import settings
from projects.provisioning.wanted import PROVISION_ID, Wanted

Ensure = Callable[[Hub, Wanted], Outcome]


def bucket(hub: Hub, wanted: Wanted) -> Outcome:
    """Its name holds our provision id, so that one which is there already is ours."""
    hub.ensure_bucket(wanted.bucket_id)
    return Done()


def space(hub: Hub, wanted: Wanted) -> Outcome:
    """A Space of that name that carries our provision id: made now, or in an earlier try whose answer was lost."""
    if not hub.space_exists(wanted.repo_id):
        if wanted.proof != Proof.NONE:
            return Further(Proof.NONE)  # that was of another one
        try:
            hub.create_space(wanted.new_space)
        except ConflictError:
            if not hub.space_exists(wanted.repo_id):
                return _taken(wanted)
    try:
        variables = hub.space_variables(wanted.repo_id)
    except ForbiddenError:
        return _taken(wanted)
    ours = variables.get(PROVISION_ID) == wanted.provision_id
    return Done() if ours else _taken(wanted)


def _taken(wanted: Wanted) -> Broken:
    return Broken(
        _(
            "There is a Space “%(taken)s” already, and it is not ours. Try again with another name, such as “%(free)s”."
        )
        % {"taken": wanted.repo_id, "free": wanted.other_name}
    )


def files(hub: Hub, wanted: Wanted) -> Outcome:
    hub.commit_space_files(wanted.repo_id, wanted.files, message="Describe the project and its sign-in")
    return Done()


STEPS: Mapping[StepKey, Ensure] = {
    StepKey.PREFLIGHT: preflight,
    StepKey.BUCKET: bucket,
    StepKey.SPACE: space,
    StepKey.SETTINGS: settings,
    StepKey.FILES: files,
    StepKey.RUNNING: running,
    StepKey.ARGILLA: renewed_argilla,
    StepKey.PROOF: proof,
    StepKey.SIGN_IN: sign_in,
    StepKey.STOP: stop,
    StepKey.REMOVE: remove,
    StepKey.FORGET: forget,
}
