"""The proof that the Space keeps its data: a mark is written, the Space stopped and started, the mark read again.

Stopped, and not only restarted: while a Space restarts, the application that wrote the mark goes on answering for
a while, and to read the mark there would prove nothing. Each run does one part and hands it to be written down;
any part may be done twice.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.utils.translation import gettext as _

from dibt.gateways.argilla import Argilla
from dibt.gateways.errors import ConflictError, MissingError
from dibt.gateways.hub import Hub
from projects.models import Proof
from projects.provisioning.answering import argilla, server
from projects.provisioning.outcomes import Broken, Done, Further, Outcome, Wait
from projects.provisioning.running import PAUSED
from projects.provisioning.wanted import Wanted

OWNER = "owner"


def proof(hub: Hub, wanted: Wanted) -> Outcome:
    """The next part of the proof, as soon as Argilla answers; of a proof that is made, no more than its mark."""
    if wanted.proof == Proof.WRITTEN:
        return _stop(hub, wanted)
    answers = argilla(hub, wanted)
    return PARTS[wanted.proof](server(wanted), wanted) if isinstance(answers, Done) else answers


def _write(owner: Argilla, wanted: Wanted) -> Outcome:
    """The mark is a workspace: Argilla's smallest thing, and one that nobody looks for."""
    if owner.me().role != OWNER:
        return Broken(
            _("Argilla's key of the platform is not its owner's. Ask an organiser to look into it.")
        )
    with suppress(ConflictError):  # written before, and the answer was lost
        owner.create_workspace(wanted.mark)
    return Further(Proof.WRITTEN)


def _stop(hub: Hub, wanted: Wanted) -> Outcome:
    """Nothing of the application is left once the Hub says so; what starts it again is waiting for its answer."""
    if not wanted.settled:
        return Wait()
    stage = hub.pause_space(wanted.repo_id)
    return Further(Proof.STOPPED) if stage == PAUSED else Wait(stage)


def _read(owner: Argilla, wanted: Wanted) -> Outcome:
    if wanted.mark in owner.workspaces():
        return Further(Proof.READ)
    return Broken(
        _(
            "The Space does not keep its data: what was written into Argilla was gone after a restart. Look on the "
            "Hub whether the bucket “%(bucket)s” is mounted at %(path)s, then try again."
        )
        % {"bucket": wanted.bucket_id, "path": wanted.mounts[0].path}
    )


def _clean_up(owner: Argilla, wanted: Wanted) -> Outcome:
    mark = owner.workspaces().get(wanted.mark)
    if mark is not None:
        with suppress(MissingError):
            owner.delete_workspace(mark)
    return Done()


PARTS: Mapping[Proof, Callable[[Argilla, Wanted], Outcome]] = {
    Proof.NONE: _write,
    Proof.STOPPED: _read,
    Proof.READ: _clean_up,
}
