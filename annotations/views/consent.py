"""What is asked before the first answer of a person is saved: the licence, and how they are shown."""

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.domain import people
from accounts.models import ShownAs, User
from annotations.domain import adopting, contributors
from dibt.lib.errors import InvalidError
from projects.models import Project


def take_consent(request: HttpRequest, project: Project) -> adopting.Adopted:
    """How they are shown and the licence, asked with the first answer; what they tried before counts from then on.

    Without the questions on the form there is nothing to take: the domain refuses an answer that still needs them.
    """
    if "consent" not in request.POST:
        return adopting.Adopted()
    user = cast("User", request.user)
    known = contributors.find(project, user)
    if known and not contributors.lacks_consent(known):  # asked before: it may be sent once more, at any time
        return adopting.Adopted()
    contributor = contributors.join(project, by=user)
    if not user.shown_as:
        people.choose_shown_as(user, shown_as=request.POST.get("shown_as", ""))
    if not contributor.licence_accepted_at:
        if request.POST.get("licence") != project.licence:
            raise InvalidError(
                _("Accept the licence of this project, so that your answers can be published.")
            )
        contributors.accept_licence(contributor)
    return adopting.adopt(project, by=user)


def ways_to_be_shown(user: User) -> list[tuple[str, str]]:
    """What somebody still has to choose from."""
    return [] if user.shown_as else [(way.value, str(way.label)) for way in ShownAs]
