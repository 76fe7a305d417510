"""Who may annotate, and who may see or delete an answer."""

from django.utils.translation import gettext as _

from accounts.models import User
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from projects import permissions
from projects.models import Project
from projects.permissions import Person


def require_contributing(project: Project, person: Person) -> User:
    """The person, if they may annotate in this project now; otherwise a refusal that says why."""
    if not permissions.may_see(project, person):
        raise NotVisibleError(_("There is no such project."))
    if not isinstance(person, User):
        raise NotAllowedError(_("You are not signed in. Sign in with Hugging Face to annotate."))
    if not permissions.is_member(project, person):
        raise NotAllowedError(
            _("This project is for members of %(organisation)s. Join it on the Hub, then sign in again.")
            % {"organisation": project.organisation}
        )
    if not project.is_open:
        raise ConflictError(
            _("This project is “%(state)s” and takes no answers now. Choose an open one.")
            % {"state": project.get_state_display()}
        )
    return person
