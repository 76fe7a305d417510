"""The steps that stop a Space and end it. Only what carries our provision id is touched."""

from django.utils.translation import gettext as _

from dibt.gateways.errors import ForbiddenError, MissingError
from dibt.gateways.hub import Hub
from projects.provisioning.outcomes import Broken, Done, Outcome, Wait
from projects.provisioning.running import GOING, PAUSED
from projects.provisioning.wanted import PROVISION_ID, Wanted


def stop(hub: Hub, wanted: Wanted) -> Outcome:
    """Nothing of it runs any more, so nobody can write into it and nothing is billed."""
    try:
        if not _is_ours(hub, wanted):
            return _strange(wanted)
        stage = hub.runtime(wanted.repo_id).stage
        if stage not in {PAUSED, GOING}:
            stage = hub.pause_space(wanted.repo_id)
    except MissingError:
        return Done() if wanted.leaving else _missing(wanted)
    if stage == GOING and not wanted.leaving:
        return _missing(wanted)
    return Done(stage) if stage in {PAUSED, GOING} else Wait(stage)


def remove(hub: Hub, wanted: Wanted) -> Outcome:
    """There is no Space of ours of that name. What is in its bucket stays."""
    try:
        if not _is_ours(hub, wanted):
            return _strange(wanted)
        hub.delete_space(wanted.repo_id)
    except MissingError:
        return Done()
    return Wait(GOING) if hub.space_exists(wanted.repo_id) else Done()


def forget(hub: Hub, wanted: Wanted) -> Outcome:
    """There is no bucket of ours. Its name holds our provision id, so it can be nobody else's."""
    hub.delete_bucket(wanted.bucket_id)
    return Done()


def _is_ours(hub: Hub, wanted: Wanted) -> bool:
    """Raises MissingError when there is none."""
    try:
        return hub.space_variables(wanted.repo_id).get(PROVISION_ID) == wanted.provision_id
    except ForbiddenError:
        return False


def _strange(wanted: Wanted) -> Broken:
    return Broken(
        _(
            "The Space “%(name)s” on the Hub does not carry our mark any more, so nothing was done to it. Look who "
            "made it; if it is ours, give it back its variable %(key)s, then try again."
        )
        % {"name": wanted.repo_id, "key": PROVISION_ID}
    )


def _missing(wanted: Wanted) -> Broken:
    return Broken(
        _("The Space “%(name)s” is gone from the Hub. Resume it to have it made again, or take it down.")
        % {"name": wanted.repo_id}
    )
