"""Pages that show records whose images lie elsewhere on the web."""

from django.http import HttpResponse

from projects.domain import tasks
from projects.models import Project
from projects.schema.fields import FieldKind


def allowing_images(response: HttpResponse, project: Project) -> HttpResponse:
    """The page, allowed to show images of any host if the project's records have some; all others stay strict."""
    schema = tasks.current_schema(project).schema
    if any(field.kind is FieldKind.IMAGE for field in schema.fields):
        response._csp_update = {"img-src": ["https:"]}  # type: ignore[attr-defined]  # where django-csp looks
    return response
