"""What a project asks of its contributors: the task schema and the guidelines, in versions.

While a project is being set up, its schema is one version that changes freely. Opening the project freezes it;
from then on a change makes a new version, frozen at once, and only changes that leave earlier answers valid
are taken.
"""

from functools import lru_cache

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError
from dibt.lib.text import excerpt, unstorable_character
from projects.models import GuidelinesVersion, Project, SchemaVersion
from projects.permissions import require_manager
from projects.schema.changes import Change, changes
from projects.schema.definition import TaskSchema
from projects.schema.presets import preset
from projects.schema.validity import validate_schema

GUIDELINES_LENGTH = 40_000


def start_from_preset(project: Project, *, by: User) -> SchemaVersion:
    """Give a new project the schema and guidelines that belong to its kind of task."""
    chosen = preset(project.task_kind)
    if chosen is None:
        raise InvalidError(_("There is no preset called “%(key)s”.") % {"key": project.task_kind})
    _add_guidelines(project, by, str(chosen.guidelines))
    return _add_schema(project, by, chosen.schema)


def with_current(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate `current_schema_id` and `current_guidelines_id`, to spare the hot path two look-ups."""
    schema = SchemaVersion.objects.filter(project=OuterRef("pk")).order_by("-number").values("pk")[:1]
    guidelines = GuidelinesVersion.objects.filter(project=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return projects.annotate(current_schema_id=Subquery(schema), current_guidelines_id=Subquery(guidelines))


def with_guidelines_number(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate `guidelines_number`, that of the current guidelines; None where there are none."""
    current = GuidelinesVersion.objects.filter(project=OuterRef("pk")).order_by("-number")
    return projects.annotate(guidelines_number=Subquery(current.values("number")[:1]))


def current_schema(project: Project) -> SchemaVersion:
    """The schema that is asked now."""
    version_id = getattr(project, "current_schema_id", None)
    if version_id is not None and (known := _frozen_schema(version_id)):
        return known
    return SchemaVersion.objects.filter(project=project).order_by("-number")[0]


def schema_numbered(project: Project, number: int | None) -> SchemaVersion:
    """The version of the schema with this number, the one that is asked now for None.

    Raises InvalidError where there is none: it never was, or is yet to come.
    """
    current = current_schema(project)
    if number in (None, current.number):
        return current
    earlier = SchemaVersion.objects.filter(project=project, number__lt=current.number)
    if (found := earlier.filter(number=number).first()) is None:
        sentence = _(
            "The task has no version %(number)s; the present one is %(current)d. Reload the page."
        ) % {
            "number": excerpt(number),
            "current": current.number,
        }
        raise InvalidError(sentence, {"schema_version": [sentence]})
    return found


def current_guidelines(project: Project) -> GuidelinesVersion | None:
    """The guidelines that hold now; None where there are none yet."""
    if hasattr(project, "current_guidelines_id"):
        version_id: int | None = project.current_guidelines_id
        return _remembered_guidelines(version_id) if version_id is not None else None
    return GuidelinesVersion.objects.filter(project=project).order_by("-number").first()


def guidelines_numbered(project: Project, number: int | None) -> GuidelinesVersion | None:
    """The version of the guidelines with this number; for None the one that holds now, if there is one.

    Raises InvalidError where there is no such version: it never was, or is yet to come.
    """
    current = current_guidelines(project)
    if number is None or (current and number == current.number):
        return current
    earlier = GuidelinesVersion.objects.filter(project=project, number__lt=current.number if current else 0)
    if (found := earlier.filter(number=number).first()) is None:
        raise _no_such_guidelines(number, current)
    return found


def changes_to(project: Project, schema: TaskSchema) -> tuple[Change, ...]:
    """What saving this schema would change."""
    return changes(current_schema(project).schema, schema)


@transaction.atomic
def save_schema(
    project: Project, *, by: User, schema: TaskSchema, edition: str | None = None
) -> SchemaVersion:
    """Make this the schema that is asked from now on. An unchanged schema makes no version.

    `edition`: that of the version which the editor showed, if known. Raises SchemaError with every problem,
    ConflictError for a schema saved since, or a change that would break earlier answers or records.
    """
    require_manager(project, by)
    validate_schema(schema)
    project = Project.objects.select_for_update().get(pk=project.pk)
    current = current_schema(project)
    if edition is not None and edition != current.edition:
        raise ConflictError(
            _("Somebody saved this task after you opened it. Reload to see it; copy what you typed first.")
        )
    difference = changes(current.schema, schema)
    if not difference:
        return current
    if project.records.exists():
        _refuse_other_fields(current.schema, schema, difference)
    if current.frozen_at is None:
        SchemaVersion.objects.filter(pk=current.pk).update(definition=schema.to_json())
        return current_schema(project)
    _refuse_breaking(difference)
    return _add_schema(project, by, schema, number=current.number + 1, frozen=True)


@transaction.atomic
def save_guidelines(
    project: Project, *, by: User, text: str, edition: int | None = None
) -> GuidelinesVersion:
    """Add a version of the guidelines; the same text again adds none.

    `edition`: the number of the version which the editor showed, if known. Raises InvalidError for a text
    that cannot be kept, ConflictError for a version saved since.
    """
    require_manager(project, by)
    text = text.replace("\r\n", "\n").strip()
    if problem := _guidelines_problem(text):
        raise InvalidError(_("The guidelines were not saved. Change what is marked."), {"text": [problem]})
    project = Project.objects.select_for_update().get(pk=project.pk)
    current = current_guidelines(project)
    if current and current.text == text:
        return current
    if current and edition is not None and edition != current.number:
        raise ConflictError(
            _(
                "Somebody saved these guidelines after you opened them. Saving again puts yours in their place."
            )
        )
    return _add_guidelines(project, by, text, number=current.number + 1 if current else 1)


def freeze(project: Project) -> SchemaVersion:
    """Freeze the current schema, so that it never changes again. Called when the project opens."""
    current = current_schema(project)
    SchemaVersion.objects.filter(pk=current.pk, frozen_at=None).update(frozen_at=clock.now())
    current.refresh_from_db()
    return current


def _guidelines_problem(text: str) -> str | None:
    if not text:
        return _("The guidelines are empty. Tell people in a few lines how to decide.")
    if len(text) > GUIDELINES_LENGTH:
        return _("These are %(count)s characters; there is room for %(limit)s. Shorten them.") % {
            "count": len(text),
            "limit": GUIDELINES_LENGTH,
        }
    if character := unstorable_character(text):
        return _("The text holds %(character)s, which cannot be stored; remove it.") % {
            "character": character
        }
    return None


def _no_such_guidelines(number: int, current: GuidelinesVersion | None) -> InvalidError:
    said = {"number": excerpt(number), "current": current.number if current else 0}
    sentence = (
        _("The guidelines have no version %(number)s; the present one is %(current)d. Reload the page.")
        if current
        else _("There are no guidelines yet, so none with the number %(number)s. Reload the page.")
    )
    return InvalidError(sentence % said, {"guidelines_version": [sentence % said]})


def _refuse_other_fields(old: TaskSchema, new: TaskSchema, difference: tuple[Change, ...]) -> None:
    """Records were checked against the fields, so what they hold has to go on fitting."""
    breaking = [
        change.sentence
        for change in difference
        if change.breaking and (old.field(change.place) or new.field(change.place))
    ]
    if breaking:
        raise ConflictError(
            _("There are records already, so the fields they fill have to stay: %(changes)s")
            % {"changes": " ".join(breaking)}
        )


def _refuse_breaking(difference: tuple[Change, ...]) -> None:
    breaking = [change.sentence for change in difference if change.breaking]
    if breaking:
        raise ConflictError(
            _("People are answering this task already, so earlier answers must stay valid: %(changes)s")
            % {"changes": " ".join(breaking)}
        )


def _add_schema(
    project: Project, by: User, schema: TaskSchema, *, number: int = 1, frozen: bool = False
) -> SchemaVersion:
    return SchemaVersion.objects.create(
        project=project,
        number=number,
        definition=schema.to_json(),
        created_at=clock.now(),
        created_by=by,
        frozen_at=clock.now() if frozen else None,
    )


def _add_guidelines(project: Project, by: User, text: str, *, number: int = 1) -> GuidelinesVersion:
    return GuidelinesVersion.objects.create(
        project=project, number=number, text=text, created_at=clock.now(), created_by=by
    )


def _frozen_schema(version_id: int) -> SchemaVersion | None:
    """A frozen version never changes, so each process reads it once."""
    version = _remembered(version_id)
    if version.frozen_at is None:
        _remembered.cache_clear()
        return None
    return version


@lru_cache(maxsize=256)
def _remembered(version_id: int) -> SchemaVersion:
    return SchemaVersion.objects.get(pk=version_id)


@lru_cache(maxsize=128)
def _remembered_guidelines(version_id: int) -> GuidelinesVersion:
    """A version of the guidelines never changes, so each process reads it once."""
    return GuidelinesVersion.objects.get(pk=version_id)
