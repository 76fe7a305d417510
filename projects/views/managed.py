"""The project of a lead's page, for those who run it."""

from django.utils.translation import gettext as _

from dibt.lib.errors import NotVisibleError
from projects.models import Project
from projects.permissions import Person, require_manager


def managed(slug: str, person: Person) -> Project:
    """The project at this address. Refuses those who do not run it: who may see it, that they may not; others, that
    it is there at all."""
    project = Project.objects.select_related("organisation", "cohort").filter(slug=slug).first()
    if project is None:
        raise NotVisibleError(_("There is no such project."))
    require_manager(project, person)
    return project
