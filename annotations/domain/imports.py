"""Imports: a file is uploaded, mapped to the task, checked without effect, and then all its good rows come in at once.

What takes long is done by a worker (`annotations.tasks.imports`), which may die at any point: a row in a moving
state that nobody holds is taken up again, and the records come in together with the state that says so.
"""

import uuid
from collections.abc import Iterable
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from annotations.domain import records, uploads
from annotations.domain.ordering import newest_keys
from annotations.domain.surveying import Survey
from annotations.models import Import, ImportState, Order, Priority
from annotations.reading.mapping import ColumnMapping, mapping_problems
from annotations.reading.rows import UnreadableFileError
from dibt.lib import bells, clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError
from dibt.lib.states import Moves, move
from dibt.lib.text import excerpt, unstorable_character
from projects.domain import tasks
from projects.models import Project, ProjectState
from projects.permissions import require_manager
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem, ProblemsError

CHECK, COMMIT = "imports.check", "imports.commit"
ATTEMPTS = 3
PATH_LENGTH = 500
METADATA_COLUMNS = 100
MOVES = Moves(
    gettext_lazy("import"),
    {
        ImportState.UPLOADED: frozenset({ImportState.CHECKING, ImportState.CANCELLED}),
        ImportState.CHECKING: frozenset({ImportState.CHECKED, ImportState.FAILED, ImportState.CANCELLED}),
        ImportState.CHECKED: frozenset({ImportState.CHECKING, ImportState.COMMITTING, ImportState.CANCELLED}),
        # Back to checking: the project moved on after the check, so something else would come in.
        ImportState.COMMITTING: frozenset({ImportState.DONE, ImportState.CHECKING, ImportState.FAILED}),
        ImportState.FAILED: frozenset({ImportState.CHECKING, ImportState.CANCELLED}),
        ImportState.DONE: frozenset(),
        ImportState.CANCELLED: frozenset(),
    },
)


class MappingError(ProblemsError):
    """No row could be taken with this mapping; the place of a problem is a field's or question's name."""


def upload(project: Project, *, by: User, file_name: str, chunks: Iterable[bytes]) -> Import:
    """Store a file and look at its first rows. Raises TooLargeError, or UnreadableFileError with what to do."""
    require_manager(project, by)
    _require_taking(project)
    folder = uuid.uuid4()
    size = uploads.receive(folder, chunks)
    try:
        file_format = uploads.look_into(folder, file_name)
    except UnreadableFileError:
        uploads.discard(folder)
        raise
    return Import.objects.create(
        project=project,
        created_by=by,
        created_at=clock.now(),
        folder=folder,
        file_name=excerpt(PurePath(file_name.replace("\\", "/")).name or "file", 255),
        size=size,
        file_format=file_format.value,
    )


def find(project: Project, *, number: int, by: User) -> Import:
    """One import of a project, for those who run it."""
    require_manager(project, by)
    import_ = Import.objects.filter(project=project, pk=number).select_related("created_by").first()
    if import_ is None:
        raise NotVisibleError(_("There is no such import."))
    import_.project = project
    return import_


def check(import_: Import, *, by: User, mapping: ColumnMapping) -> None:
    """Have the whole file judged with this mapping. Raises MappingError where no row could be taken with it."""
    require_manager(import_.project, by)
    _require_taking(import_.project)
    version = tasks.current_schema(import_.project)
    if problems := _mapping_problems(mapping, version.schema):
        raise MappingError(problems)
    _start(import_, ImportState.CHECKING, CHECK, mapping=mapping.to_json(), schema_version=version)


def commit(
    import_: Import,
    *,
    by: User,
    build: str | None = None,
    order: str = Order.FILE,
    priority: str = Priority.NORMAL,
) -> None:
    """Have all good rows brought in, in an `Order` and with a `Priority`. `build`: the check whose result was looked
    at, if known.

    Raises ConflictError when the file was checked again since, or when there is no good row.
    """
    require_manager(import_.project, by)
    _require_taking(import_.project)
    if build is not None and build != import_.build:
        raise ConflictError(
            _("This file was checked again after you opened the page. Look at the new result.")
        )
    if import_.state == ImportState.CHECKED and not import_.rows_good:
        raise ConflictError(_("No row of this file can be taken. Change the mapping, or mend the file."))
    _require_place(order, priority)
    _start(import_, ImportState.COMMITTING, COMMIT, order=order, priority=priority)


def cancel(import_: Import, *, by: User) -> None:
    """Give an import up before anything came in; its files are deleted."""
    require_manager(import_.project, by)
    with transaction.atomic():
        move(import_, MOVES, to=ImportState.CANCELLED, ended_at=clock.now())
        transaction.on_commit(lambda: uploads.discard(import_.folder))


def begin(import_: Import) -> bool:
    """Count an attempt before it is made. False after too many, which have each ended their worker: it failed."""
    if import_.attempt >= ATTEMPTS:
        fail(
            import_,
            _(
                "The work on this file was begun three times and never finished. Split the file, or ask for help."
            ),
        )
        return False
    import_.attempt += 1
    import_.save(update_fields=["attempt"])
    return True


def told(import_: Import, rows: int) -> None:
    """Note how many rows have been read."""
    Import.objects.filter(pk=import_.pk).update(rows_read=rows)


def checked(import_: Import, survey: Survey) -> None:
    """Note what the check found. Raises ConflictError when the import was cancelled meanwhile."""
    report = survey.report
    move(
        import_,
        MOVES,
        to=ImportState.CHECKED,
        rows_read=report.rows,
        rows_good=report.good,
        rows_refused=report.refused,
        report=survey.to_json(),
        ended_at=clock.now(),
    )
    keeping = [
        uploads.source_of(import_),
        uploads.source_of(import_).with_name(uploads.SAMPLE),
        uploads.refused_of(import_, survey.build),
        uploads.records_of(import_, survey.build),
    ]
    transaction.on_commit(lambda: uploads.discard(import_.folder, keeping=keeping))


def fail(import_: Import, error: str) -> None:
    """Note why the work cannot be done; nothing came in, and another mapping can be tried."""
    move(import_, MOVES, to=ImportState.FAILED, error=error, ended_at=clock.now())


@transaction.atomic
def bring_in(import_: Import) -> None:
    """Bring in all records of the check, or none: with them, in one transaction, the import is done.

    Where the project moved on since the check (its task, or its records) the file is checked again instead.
    """
    # A full lock would keep every answer waiting at its commit, where foreign keys are checked.
    project = Project.objects.select_for_update(no_key=True).get(pk=import_.project_id)
    as_checked = (tasks.current_schema(project).edition, newest_keys(project))
    if as_checked != (import_.report["edition"], import_.report["newest"]):
        error = _(
            "The project changed after the check, so the file was checked again. Look at the result, then import."
        )
        _start(import_, ImportState.CHECKING, CHECK, error=error)
        return
    move(import_, MOVES, to=ImportState.DONE, ended_at=clock.now())
    with uploads.records_of(import_, import_.build).open(encoding="utf-8") as lines:
        records.add(project, import_, lines)
    refused = uploads.refused_of(import_, import_.build)
    transaction.on_commit(lambda: uploads.discard(import_.folder, keeping=[refused]))


@transaction.atomic
def _start(import_: Import, state: ImportState, bell: str, *, error: str = "", **changes: object) -> None:
    begun = {"attempt": 0, "error": error, "started_at": clock.now(), "ended_at": None}
    if state == ImportState.CHECKING:
        begun["rows_read"] = 0
    move(import_, MOVES, to=state, **begun, **changes)
    bells.ring(bell, import_.pk)


def _require_taking(project: Project) -> None:
    if project.state in {ProjectState.COMPLETED, ProjectState.ARCHIVED}:
        raise ConflictError(
            _("This project is “%(state)s” and takes no new records. Open it again first.")
            % {"state": project.get_state_display()}
        )


def _require_place(order: str, priority: str) -> None:
    problems = {}
    if order not in Order.values:
        problems["order"] = [_("Choose whether the records come as in the file or shuffled.")]
    if priority not in Priority.values:
        problems["priority"] = [_("Choose when people get these records.")]
    if problems:
        raise InvalidError(" ".join(text for texts in problems.values() for text in texts), problems)


def _mapping_problems(mapping: ColumnMapping, schema: TaskSchema) -> tuple[Problem, ...]:
    found = list(mapping_problems(mapping, schema))
    places = {
        **mapping.fields,
        "external_id": mapping.external_id,
        **{name: source.path + source.agent for name, source in mapping.suggestions.items()},
        "metadata": "".join(mapping.metadata.values()),
    }
    for place, text in places.items():
        if character := unstorable_character(text):
            sentence = _("This holds the character %(character)s, which cannot be stored; rename the column.")
            found.append(Problem(place, sentence % {"character": character}))
    if len(mapping.metadata) > METADATA_COLUMNS:
        sentence = _("These are %(count)s columns; at most %(limit)s can be kept as metadata.")
        found.append(
            Problem("metadata", sentence % {"count": len(mapping.metadata), "limit": METADATA_COLUMNS})
        )
    return tuple(found)
