"""Where somebody sits down to annotate: the project behind an address, with what the hot path asks of it, and the
records they were given there."""

from functools import cache

from django.db import connection
from django.utils.translation import gettext as _

from annotations.models import Assignment, Contributor, Discard, Flag, Lapse, Record, Response, Skip
from dibt.lib.errors import NotVisibleError
from dibt.lib.rows import Rows
from projects.models import Project
from projects.permissions import Person, may_see

_PROJECTS = Rows(Project)
_TRACES = (Assignment, Response, Skip, Discard, Flag, Lapse)
_AT = """
    SELECT {project},
        (SELECT v.id FROM projects_schemaversion v WHERE v.project_id = p.id ORDER BY v.number DESC LIMIT 1),
        (SELECT g.id FROM projects_guidelinesversion g WHERE g.project_id = p.id ORDER BY g.number DESC LIMIT 1)
    FROM projects_project p WHERE p.slug = %s
"""


def project_at(slug: str, *, seen_by: Person) -> Project:
    """The project at that address, knowing its current schema and guidelines (see `tasks.with_current`).

    Raises NotVisibleError where there is none that this person may see.
    """
    with connection.cursor() as cursor:
        cursor.execute(_at(), [slug])
        row = cursor.fetchone()
    project = _PROJECTS.read(row[:-2]) if row else None
    if project is None or not may_see(project, seen_by):
        raise NotVisibleError(_("There is no such project."))
    project.current_schema_id, project.current_guidelines_id = row[-2:]  # type: ignore[attr-defined]
    return project


def record_at(contributor: Contributor, record_id: int) -> Record:
    """A record that is with this person or was; raises NotVisibleError for all others."""
    record = Record.objects.filter(project=contributor.project_id, pk=record_id).first()
    given = {"record": record_id, "contributor": contributor}
    if record is None or not any(kind.objects.filter(**given).exists() for kind in _TRACES):
        raise NotVisibleError(_("This record was not given to you. Open the next one."))
    return record


@cache
def _at() -> str:
    return _AT.format(project=_PROJECTS.columns("p"))
