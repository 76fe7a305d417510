"""Files on their way into a project, as tests need them: uploaded, checked, imported, through the site's own doors."""

import json
from collections.abc import Iterable
from pathlib import Path

from accounts.models import User
from annotations.domain import imports, uploads
from annotations.models import Import
from annotations.reading.mapping import ColumnMapping
from annotations.reading.suggesting import suggest_mapping
from annotations.tasks import imports as work
from projects.domain import tasks
from projects.models import Project
from projects.schema.presets import preset

EXCERPTS = Path(__file__).parents[2] / "dibt/demo/data"


def lead_of(project: Project) -> User:
    return project.leads.get()


def prompts(number: int, *, start: int = 0) -> bytes:
    """JSON Lines with an id and a prompt each."""
    rows = ({"id": f"p{n}", "prompt": f"Prompt number {n}"} for n in range(start, start + number))
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def uploaded(project: Project, content: bytes, name: str = "prompts.jsonl") -> Import:
    return imports.upload(project, by=lead_of(project), file_name=name, chunks=_pieces(content))


def suggested(import_: Import) -> ColumnMapping:
    """The mapping that the page would show first."""
    schema = tasks.current_schema(import_.project).schema
    return suggest_mapping(schema, uploads.sample(import_), preset(import_.project.task_kind))


def check(import_: Import, mapping: ColumnMapping | None = None) -> Import:
    """Ask for the check and let a worker do it."""
    imports.check(import_, by=lead_of(import_.project), mapping=mapping or suggested(import_))
    work.check(import_.pk)
    return fresh(import_)


def commit(import_: Import) -> Import:
    """Ask for the records and let a worker bring them in."""
    imports.commit(import_, by=lead_of(import_.project))
    work.commit(import_.pk)
    return fresh(import_)


def imported(project: Project, content: bytes | int = 3, name: str = "prompts.jsonl") -> Import:
    """A file whose good rows are in the project."""
    rows = prompts(content) if isinstance(content, int) else content
    return commit(check(uploaded(project, rows, name)))


def fresh(import_: Import) -> Import:
    return Import.objects.select_related("project").get(pk=import_.pk)


def external_ids(project: Project) -> list[str]:
    return list(project.records.order_by("queue_key").values_list("external_id", flat=True))


def _pieces(content: bytes) -> Iterable[bytes]:
    return (content[start : start + 1_000] for start in range(0, len(content), 1_000))
