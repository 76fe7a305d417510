"""What the tests of releases share: a project with answers, and a worker's turn."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from annotations.domain import contributors, releases
from annotations.domain.released import folder_of
from annotations.models import Contributor, Release, ReleaseState, Response
from annotations.releasing.front_matter import RECORDS_FILE, RESPONSES_FILE
from annotations.releasing.work import work
from dibt.lib import clock
from projects.domain import tasks
from projects.models import Project
from tests.annotations.worlds import a_project, somebody, taking_part


def answered_project(*, records: int = 3, people: int = 2, overlap: int = 2) -> Project:
    """A project whose every record each of `people` rated: person 0 gives 1, person 1 gives 2, and so on."""
    project = a_project(records=records, overlap=overlap)
    for number in range(people):
        someone = taking_part(project)
        for record in project.records.all():
            give(project, contributors.join(project, by=someone), record.external_id, {"quality": number + 1})
    return project


def give(
    project: Project,
    contributor: Contributor,
    record_id: str,
    values: dict[str, Any],
    *,
    surplus: bool = False,
) -> Response:
    """An answer as a row, whatever the rules of answering say."""
    return Response.objects.create(
        project=project,
        record=project.records.get(external_id=record_id),
        contributor=contributor,
        schema_version=tasks.current_schema(project),
        guidelines_version=tasks.current_guidelines(project),
        values=values,
        surplus=surplus,
        submitted_at=clock.now(),
    )


def a_contributor(project: Project, name: str = "") -> Contributor:
    return contributors.join(project, by=taking_part(project, somebody(name)))


def turn(release: Release) -> Release:
    """One worker's turn, as the task takes it."""
    work(Release.objects.get(pk=release.pk))
    release.refresh_from_db()
    return release


def built(project: Project) -> Release:
    return turn(releases.request(project, by=project.leads.get()))


def published(project: Project) -> Release:
    release = built(project)
    releases.publish(release, by=project.leads.get())
    turn(release)
    assert release.state == ReleaseState.PUBLISHED, release.error
    return release


def folder(release: Release) -> Path:
    assert release.contents is not None
    return folder_of(release, release.contents.build)


def record_rows(release: Release) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder(release) / RECORDS_FILE).to_pylist()
    return rows


def response_rows(release: Release) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder(release) / RESPONSES_FILE).to_pylist()
    return rows


def all_bytes(release: Release) -> bytes:
    """Everything a reader of the release gets, Parquet decoded."""
    assert release.contents is not None
    texts = [(folder(release) / file.path).read_bytes() for file in release.contents.files]
    return b"".join(texts) + repr([record_rows(release), response_rows(release)]).encode()
