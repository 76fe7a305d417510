"""Projects: how one comes into being, and its life from being set up to the archive."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError
from dibt.lib.states import Moves, move
from dibt.lib.text import bidi_controls
from projects.domain import tasks
from projects.domain.proposals import text_problem
from projects.domain.slugs import create_with_slug, wanted_slug
from projects.models import (
    Application,
    GuidelinesVersion,
    Project,
    ProjectRole,
    ProjectState,
    Role,
    SchemaVersion,
)
from projects.models.proposal import PROPOSAL_FIELDS
from projects.permissions import require_manager
from projects.schema.presets import PRESETS
from projects.schema.validity import problems

SLUG_LENGTH = 60
TITLE_LENGTH, PITCH_LENGTH = 120, 2_000
OVERLAP_MOST = 50
FINISHED = (ProjectState.COMPLETED, ProjectState.ARCHIVED)
MOVES = Moves(
    gettext_lazy("project"),
    {
        ProjectState.SETUP: frozenset({ProjectState.OPEN}),
        ProjectState.OPEN: frozenset({ProjectState.PAUSED, ProjectState.COMPLETED}),
        ProjectState.PAUSED: frozenset({ProjectState.OPEN, ProjectState.COMPLETED}),
        ProjectState.COMPLETED: frozenset({ProjectState.OPEN, ProjectState.ARCHIVED}),
        ProjectState.ARCHIVED: frozenset(),
    },
)


@dataclass(frozen=True)
class Readiness:
    """What a project needs before people can work on it, and whether it is there."""

    schema: bool
    guidelines: bool
    records: bool

    @property
    def complete(self) -> bool:
        return self.schema and self.guidelines and self.records


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


def readiness(project: Project) -> Readiness:
    return Readiness(
        schema=not problems(tasks.current_schema(project).schema),
        guidelines=tasks.current_guidelines(project) is not None,
        records=project.records.exists(),
    )


@transaction.atomic
def open(project: Project, *, by: User) -> None:  # noqa: A001  what leads call it
    """Let people annotate, for the first time or again after a pause or the completion.

    From now on the task's schema never changes under an answer. Raises ConflictError for what is missing.
    """
    require_manager(project, by)
    locked = Project.objects.select_for_update().get(pk=project.pk)
    _require_ready(locked)
    tasks.freeze(locked)
    opened_at = locked.opened_at or clock.now()
    move(project, MOVES, to=ProjectState.OPEN, opened_at=opened_at, completed_at=None)


def pause(project: Project, *, by: User) -> None:
    """Take no answers for now; what people have open can be answered when it goes on."""
    require_manager(project, by)
    move(project, MOVES, to=ProjectState.PAUSED)


def resume(project: Project, *, by: User) -> None:
    """Go on after a pause. A project that was never opened is refused: `open` it."""
    require_manager(project, by)
    if project.state == ProjectState.SETUP:
        raise ConflictError(_("This project has not been opened yet. Open it from its overview."))
    open(project, by=by)


def complete(project: Project, *, by: User) -> None:
    """End the project: no more answers, everything stays to be seen and released."""
    require_manager(project, by)
    move(project, MOVES, to=ProjectState.COMPLETED, completed_at=clock.now())


def archive(project: Project, *, by: User) -> None:
    """Put a completed project away for good."""
    require_manager(project, by)
    move(project, MOVES, to=ProjectState.ARCHIVED)


def released(project: Project) -> None:
    """Note that its records and answers are safe outside, in a release that was published now."""
    Project.objects.filter(pk=project.pk).update(released_at=clock.now())
    project.refresh_from_db(fields=["released_at"])


def edit(project: Project, *, by: User, title: str, pitch: str) -> None:
    """Change what everybody reads about the project; its address stays."""
    require_manager(project, by)
    said = {"title": " ".join(title.split()), "pitch": pitch.replace("\r\n", "\n").strip()}
    wrong = {"title": _title_problem(said["title"]), "pitch": _pitch_problem(said["pitch"])}
    if found := {name: [problem] for name, problem in wrong.items() if problem}:
        raise InvalidError(_("This was not saved. Change what is marked and save again."), found)
    Project.objects.filter(pk=project.pk).update(**said)
    project.refresh_from_db(fields=list(said))


@transaction.atomic
def set_overlap(project: Project, *, by: User, overlap: int) -> None:
    """How many people answer each record, from 1 to 50, also while people answer. Raises ConflictError once the
    project is finished.

    The places of records that are there already have to follow: call it through
    `annotations.domain.records.set_overlap`, which sees to that.
    """
    require_manager(project, by)
    if not 1 <= overlap <= OVERLAP_MOST:
        sentence = _("Each record can be answered by 1 to %(most)d people.") % {"most": OVERLAP_MOST}
        raise InvalidError(sentence, {"overlap": [sentence]})
    if not Project.objects.filter(pk=project.pk).exclude(state__in=FINISHED).update(overlap=overlap):
        raise ConflictError(
            _("This project is finished with %(overlap)d answers per record. Open it again to change that.")
            % {"overlap": project.overlap}
        )
    project.refresh_from_db(fields=["overlap"])


def _require_ready(project: Project) -> None:
    ready = readiness(project)
    if not ready.schema:
        raise ConflictError(_("The task cannot be used as it is. Open its page to see what is wrong."))
    if not ready.guidelines:
        raise ConflictError(_("There are no guidelines yet. Write a few lines on how to decide, then open."))
    if not ready.records:
        raise ConflictError(_("There are no records yet. Bring some in, then open the project."))


def _title_problem(title: str) -> str | None:
    if not title:
        return _("Give your project a title.")
    if bidi_controls(title):
        return _(
            "The title has invisible characters that turn the direction of text. Type it again without them."
        )
    return text_problem(title, most=TITLE_LENGTH)


def _pitch_problem(pitch: str) -> str | None:
    if not pitch:
        return _("Say in a few sentences what you want to build, and why.")
    return text_problem(pitch, most=PITCH_LENGTH)


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
