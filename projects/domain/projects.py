"""Projects: how one comes into being, and its life from being set up to the archive."""

from django.db import transaction

from dibt.lib import clock
from projects.domain.slugs import create_with_slug, wanted_slug
from projects.models import Application, GuidelinesVersion, Project, ProjectRole, Role, SchemaVersion
from projects.models.proposal import PROPOSAL_FIELDS
from projects.schema.presets import PRESETS

SLUG_LENGTH = 60


@transaction.atomic
def create_from(application: Application) -> Project:
    """The project of a confirmed application: all it said, its lead, and the preset of its task to start from."""
    language = application.languages[0] if application.languages else ""
    wanted = wanted_slug(
        application.title,
        otherwise=f"{language}-{application.task_kind}".replace("_", "-"),
        max_length=SLUG_LENGTH,
    )
    project = create_with_slug(Project, wanted, lambda slug: _create(application, slug))
    ProjectRole.objects.create(project=project, user=application.lead, role=Role.LEAD)
    _start_from_preset(project, application)
    return project


def _create(application: Application, slug: str) -> Project:
    said = {name: getattr(application, name) for name in PROPOSAL_FIELDS}
    return Project.objects.create(
        slug=slug, cohort=application.cohort, application=application, created_at=clock.now(), **said
    )


def _start_from_preset(project: Project, application: Application) -> None:
    (preset,) = (preset for preset in PRESETS if preset.key == project.task_kind)
    first = {"project": project, "number": 1, "created_at": clock.now(), "created_by": application.lead}
    SchemaVersion.objects.create(definition=preset.schema.to_json(), **first)
    GuidelinesVersion.objects.create(text=str(preset.guidelines), **first)
