"""Who may annotate, and who may see or delete an answer."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import User
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from projects import permissions
from projects.models import Project
from projects.permissions import Person


def require_contributing(project: Project, person: Person) -> User:
    """The person, if they may annotate in this project now; otherwise a refusal that says why."""
    user = require_taking_part(project, person)
    if not project.is_open:
        raise closed(project)
    return user


def closed(project: Project) -> ConflictError:
    """The refusal of an answer to a project that takes none now."""
    return ConflictError(
        _("This project is “%(state)s” and takes no answers now. Choose an open one.")
        % {"state": project.get_state_display()}
    )


def require_taking_part(project: Project, person: Person) -> User:
    """The person, if they may annotate in this project while it is open; otherwise a refusal that says why."""
    if not permissions.may_see(project, person):
        raise NotVisibleError(_("There is no such project."))
    if not isinstance(person, User):
        raise NotAllowedError(_("You are not signed in. Sign in with Hugging Face to annotate."))
    if not permissions.is_member(project, person):
        raise NotAllowedError(
            _("This project is for members of %(organisation)s. Join it on the Hub, then sign in again.")
            % {"organisation": project.organisation}
        )
    return person


def require_trying(project: Project) -> None:
    """Refuse, saying why, where nobody may answer before they have signed in."""
    if not permissions.may_see(project, AnonymousUser()):
        raise NotVisibleError(_("There is no such project."))
    if project.members_only:
        raise NotAllowedError(
            _("This project is for members of %(organisation)s. Sign in with Hugging Face to annotate.")
            % {"organisation": project.organisation}
        )
    if not project.is_open:
        raise closed(project)
