"""Putting the files of a release on the Hub."""

from collections.abc import Iterator
from datetime import datetime

from annotations.domain.released import folder_of
from annotations.models import Manifest, Release, Response
from annotations.releasing import building
from annotations.releasing.facts import credits_of
from annotations.releasing.front_matter import RESPONSES_FILE
from dibt.gateways.hub import Published, the_hub

IDS_AT_ONCE = 500


def is_stale(release: Release, manifest: Manifest) -> bool:
    """Whether the files must not be published as they are.

    So it is when an answer in them was taken back or changed, or somebody named in the card no longer wants to
    be, or the files are not all there. What was only added since then waits for the next release.
    """
    folder = folder_of(release, manifest.build)
    wanted = {*(file.path for file in manifest.files), *building.BESIDE}
    if not all((folder / path).is_file() for path in wanted):
        return True
    if not building.named_in(folder) <= set(credits_of(release.project).names):
        return True
    if _edited_since(release, manifest):
        return True
    return any(_gone(ids) for ids in _response_ids(release, manifest))


def publish(release: Release, manifest: Manifest) -> Published:
    """Make the project's dataset hold exactly these files; the same again makes no second commit.

    Raises a GatewayError that says whether to try again.
    """
    folder = folder_of(release, manifest.build)
    project = release.project
    return the_hub().publish_dataset(
        release.repo_id,
        files={file.path: folder / file.path for file in manifest.files},
        message=f"Release {release.number} of {project.title}",
        description=f"{manifest.records} records with {manifest.responses} answers by {manifest.contributors} people.",
        private=False,
        tag=release.tag,
        marker=building.MARKER_FILE,
    )


def _edited_since(release: Release, manifest: Manifest) -> bool:
    """Whether any counted answer of the project was changed, be it one that is only in the next release."""
    if not manifest.edited_before:
        return True
    since = datetime.fromisoformat(manifest.edited_before)
    answers = Response.objects.counted().filter(project=release.project_id)
    return answers.filter(edits__at__gte=since).exists()


def _gone(ids: list[str]) -> bool:
    return Response.objects.counted().filter(public_id__in=ids).count() < len(ids)


def _response_ids(release: Release, manifest: Manifest) -> Iterator[list[str]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder_of(release, manifest.build) / RESPONSES_FILE) as file:
        for batch in file.iter_batches(batch_size=IDS_AT_ONCE, columns=["response_id"]):
            yield batch.column("response_id").to_pylist()
