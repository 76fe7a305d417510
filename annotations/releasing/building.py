"""Writing the files of a release: two Parquet files, the card, and what Argilla needs to read them.

Each build has a folder of its own. The row of the release says which one counts, so a build that was killed,
or overtaken by another worker's, leaves nothing that anybody sees.
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from annotations.domain import released, releases
from annotations.domain.released import folder_of
from annotations.models import Manifest, Release, ReleaseFile
from annotations.releasing import card, table
from annotations.releasing.facts import Facts, Tally, credits_of
from annotations.releasing.front_matter import RECORDS_FILE, RESPONSES_FILE
from annotations.releasing.snapshot import items, snapshot
from dibt.lib import clock
from dibt.lib.errors import ConflictError
from projects.domain.tasks import current_guidelines
from projects.schema import argilla

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ROWS_A_GROUP = 1_000
MARKER_FILE = ".dibt/release.json"
# Beside the files, none of them: who is named in the card, to see whether that is still their wish, and which answers
# are in the tables.
NAMES = "names.json"
BESIDE = (NAMES, released.IDS)


def build(release: Release) -> Manifest:
    """Write all files of the release into a new folder, from one moment's state of the project.

    Raises ConflictError when there is nothing to release, OSError when the disk refuses.
    """
    name = uuid.uuid4().hex
    folder = folder_of(release, name)
    folder.mkdir(parents=True)
    edited_before = releases.after_edits(release)
    with snapshot():
        release = Release.objects.select_related("project__cohort", "project__organisation").get(
            pk=release.pk
        )
        facts = _write_tables(release, folder)
    _write_texts(release, facts, folder)
    return Manifest(
        build=name,
        records=facts.tally.records,
        responses=facts.tally.responses,
        contributors=facts.credits.people,
        named=len(facts.credits.names),
        left_out=facts.tally.left_out,
        files=tuple(_listed(folder)),
        read_at=facts.moment.isoformat(),
        edited_before=edited_before.isoformat(),
    )


def discard_builds(release: Release, *, but: str = "") -> None:
    """Remove what builds of this release left behind, all `but` one."""
    for folder in folder_of(release, "").glob("*"):
        if folder.name != but:
            shutil.rmtree(folder, ignore_errors=True)


def named_in(folder: Path) -> frozenset[str]:
    """Who is named in the card that was built there."""
    return frozenset(json.loads((folder / NAMES).read_text("utf-8")))


def _write_tables(release: Release, folder: Path) -> Facts:
    """Both tables in one pass over the records; holds a few hundred records at a time."""
    schema, tally, overlap = release.schema_version.schema, Tally(), release.project.overlap
    facts = Facts(clock.now(), tally, credits_of(release.project), current_guidelines(release.project))
    ids = []
    with ExitStack() as stack:
        records = stack.enter_context(_writer(folder / RECORDS_FILE, table.records_schema(schema)))
        responses = stack.enter_context(_writer(folder / RESPONSES_FILE, table.responses_schema()))
        for some in items(release):
            for item in some:
                tally.add(item, overlap=overlap, version=release.schema_version.number)
            kept = [item for item in some if item.answers]
            ids += [answered.response.public_id for item in kept for answered in item.answers]
            _write(records, [table.record_row(item, schema, overlap=overlap) for item in kept])
            _write(
                responses,
                [
                    table.response_row(item.record.external_id, answered)
                    for item in kept
                    for answered in item.answers
                ],
            )
    if not tally.responses:
        raise ConflictError(_("There is no answer that can be released. Release again once there is one."))
    released.note(folder, ids)
    return facts


def _writer(path: Path, schema: "pa.Schema") -> "pq.ParquetWriter":
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    return pq.ParquetWriter(path, schema, compression="zstd", write_page_index=True)


def _write(writer: "pq.ParquetWriter", rows: list[table.Row]) -> None:
    import pyarrow as pa

    if rows:
        writer.write_table(pa.Table.from_pylist(rows, schema=writer.schema), row_group_size=ROWS_A_GROUP)


def _write_texts(release: Release, facts: Facts, folder: Path) -> None:
    project, schema = release.project, release.schema_version.schema
    guidelines = facts.guidelines.text if facts.guidelines else ""
    texts: dict[str, str] = {
        "README.md": card.render(release, facts),
        ".argilla/settings.json": _json(
            argilla.settings(schema, guidelines=guidelines, overlap=project.overlap)
        ),
        ".argilla/dataset.json": _json(argilla.dataset(project.slug)),
        MARKER_FILE: _json(_provenance(release, facts)),
        NAMES: _json(list(facts.credits.names)),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def _provenance(release: Release, facts: Facts) -> dict[str, object]:
    """Where the files come from, for programs. Publishing knows by it that a dataset is ours."""
    return {
        "project": f"{settings.SITE_URL}{release.project.get_absolute_url()}",
        "release": release.number,
        "made_at": facts.moment.isoformat(),
        "task": release.schema_version.definition,
        "task_version": release.schema_version.number,
        "guidelines_version": facts.guidelines.number if facts.guidelines else None,
        "records": facts.tally.records,
        "responses": facts.tally.responses,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _listed(folder: Path) -> Iterator[ReleaseFile]:
    """What people read first, then what is there for programs."""
    for path in sorted(
        folder.rglob("*"), key=lambda path: (path.relative_to(folder).as_posix()[0] == ".", path)
    ):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in BESIDE:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            yield ReleaseFile(name, path.stat().st_size, digest)
