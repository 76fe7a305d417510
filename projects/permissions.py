"""Who may do what to cohorts, applications and projects: one function a question, asked by the domain.

`person` is whoever asks, signed in or not. `require(…)` turns a no into a refusal with a sentence; what a
person may not even see is refused as not there.
"""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from dibt.lib.errors import NotAllowedError, NotVisibleError
from projects.models import Application, Project, ProjectState

Person = User | AnonymousUser


def is_organiser(person: Person) -> bool:
    return isinstance(person, User) and person.is_organiser


def leads(project: Project, person: Person) -> bool:
    return isinstance(person, User) and project.roles.filter(user=person).exists()


def may_manage(project: Project, person: Person) -> bool:
    """Leads run their project; organisers can step in."""
    return is_organiser(person) or leads(project, person)


def may_see(project: Project, person: Person) -> bool:
    return project.state != ProjectState.SETUP or may_manage(project, person)


def is_member(project: Project, person: Person) -> bool:
    """Whether the person belonged, at their last sign-in, to the organisation the project is for."""
    if not project.members_only:
        return True
    if not isinstance(person, User):
        return False
    return Membership.objects.filter(user=person, organisation_id=project.organisation_id).exists()


def may_see_records(project: Project, person: Person) -> bool:
    """Records of a members-only project are for its members and for those who run it."""
    return may_see(project, person) and (is_member(project, person) or may_manage(project, person))


def require_organiser(person: Person) -> None:
    if not is_organiser(person):
        raise NotAllowedError(_("Only organisers can do this. Ask one of them if you should be able to."))


def require_own(application: Application, person: Person) -> None:
    if isinstance(person, User) and application.lead_id == person.pk:
        return
    if is_organiser(person) and application.submitted_at:
        raise NotAllowedError(_("Only the person who wrote this application can change it."))
    raise NotVisibleError(_("There is no such application."))


def require_manager(project: Project, person: Person) -> None:
    if may_manage(project, person):
        return
    if may_see(project, person):
        raise NotAllowedError(_("Only the leads of this project can do this."))
    raise NotVisibleError(_("There is no such project."))


def require_judge(application: Application, person: Person) -> None:
    """Organisers review and decide, but never what they wrote themselves."""
    own = isinstance(person, User) and application.lead_id == person.pk
    if not is_organiser(person) and not own:
        raise NotVisibleError(_("There is no such application."))
    require_organiser(person)
    if own:
        raise NotAllowedError(
            _("You wrote this application, so another organiser has to review and decide it.")
        )
