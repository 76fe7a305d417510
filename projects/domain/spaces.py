"""A project's Space as it is wanted: asked for, tried again. Making it so is the work of `projects.provisioning`."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from dibt.lib import bells, clock, secrets
from dibt.lib.errors import ConflictError, InvalidError
from projects.domain import space_plans
from projects.domain.projects import FINISHED
from projects.domain.space_events import note
from projects.models import EventKind, Project, Proof, Space, SpaceGoal, SpaceState, StepKey
from projects.permissions import require_manager

NAME_MAX = 96
NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?")
SECRETS = ("API_KEY", "PASSWORD", "ARGILLA_AUTH_SECRET_KEY")
UNPROVEN = {"proof": Proof.NONE, "proof_at": None, "proven_at": None}


@transaction.atomic
def request_space(project: Project, *, by: User) -> Space:
    """Ask for the project's Space; it belongs to the cohort's hosting organisation.

    Its secrets are made here and kept encrypted. One that was taken down is made anew, with what its bucket still
    holds. Raises ConflictError when the project has one, or is finished.
    """
    require_manager(project, by)
    if project.state in FINISHED:
        raise ConflictError(
            _("This project is finished, so it needs no Space. Open it again if it is to go on.")
        )
    space, is_new = Space.objects.get_or_create(project=project, defaults=_first_wish(project, by))
    if is_new:
        space_plans.lay_out(space, space_plans.RUN)
        bells.ring(space_plans.BELL, space.pk)
    elif space.state == SpaceState.GONE:
        again = {**UNPROVEN, "bucket_deleted_at": None, "ready_at": None, "requested_at": clock.now()}
        space_plans.replan(space, goal=SpaceGoal.RUN, plan=space_plans.RUN, requested_by=by, **again)
    else:
        raise ConflictError(_("This project has a Space already. Look at its page to see how it is."))
    note(space, EventKind.REQUESTED, by=by, name=space.repo_id)
    return space


@transaction.atomic
def retry(space: Space, *, by: User, name: str = "") -> Space:
    """Start its plan again from the first step, which does nothing where all is well; with `name` under another name.

    Raises ConflictError unless the Space has failed, and InvalidError for a name that the Hub would refuse or
    that another project's Space has.
    """
    require_manager(space.project, by)
    space.refresh_from_db()
    if space.state != SpaceState.FAILED:
        raise ConflictError(
            _("This Space is “%(state)s”, so there is nothing to try again. Reload the page to see it.")
            % {"state": space.get_state_display()}
        )
    changes: dict[str, object] = {"name": _checked(space, name)} if name and name != space.name else {}
    if space.proven_at is None or changes:  # what is proven stays so, unless it was of another Space
        changes |= UNPROVEN
    plan = [StepKey(key) for key in space.steps.values_list("key", flat=True)]
    space_plans.replan(space, goal=SpaceGoal(space.goal), plan=plan, **changes)
    note(space, EventKind.RETRIED, by=by, name=space.repo_id)
    return space


def name_for(project: Project) -> str:
    """The name of a project's Space: its address here, by the Hub's rules for names."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", project.slug)[:NAME_MAX].strip("-")


def other_name(space: Space) -> str:
    """A name to try when a stranger has the one that was wanted."""
    mark = f"-{space.provision_id.hex[:6]}"
    return space.name.removesuffix(mark)[: NAME_MAX - len(mark)].rstrip("-.") + mark


def _first_wish(project: Project, by: User) -> dict[str, object]:
    now = clock.now()
    wish = Space(owner=project.cohort.hosting_organisation, name=name_for(project))
    taken = Space.objects.filter(owner=wish.owner, name=wish.name).exists()  # by one that was renamed to it
    return {
        "provision_id": wish.provision_id,
        "owner": wish.owner,
        "name": other_name(wish) if taken else wish.name,
        "hardware": project.cohort.space_hardware,
        "secrets_box": secrets.encrypt({key: secrets.new_token() for key in SECRETS}),
        "requested_at": now,
        "requested_by": by,
        "due_at": now,
    }


def _checked(space: Space, name: str) -> str:
    if len(name) > NAME_MAX or NAME.fullmatch(name) is None:
        refusal = _(
            "“%(name)s” cannot be the name of a Space: use up to 96 letters, digits, “-”, “_” and “.”, "
            "without “--” or “..”, and begin and end with a letter or digit."
        ) % {"name": name}
        raise InvalidError(refusal, {"name": [refusal]})
    if Space.objects.filter(owner=space.owner, name=name).exclude(pk=space.pk).exists():
        refusal = _("Another project's Space is called “%(name)s”. Choose another name.") % {"name": name}
        raise InvalidError(refusal, {"name": [refusal]})
    return name
