"""Which answers a release holds: their ids lie beside its tables, in order, so that one is found without reading all.

No moment would tell it as truly: a record may have been set aside when the release was made and put back since, an
answer may not have fitted the released task, or have been surplus then.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from annotations.models import Release, Response
from dibt.lib import clock

IDS = "answers.ids"
SIZE = 16  # bytes of an id


def folder_of(release: Release, build: str) -> Path:
    return Path(settings.RELEASE_DIR) / str(release.folder) / build


def note(folder: Path, ids: Iterable[UUID]) -> None:
    """Write down which answers are in the files of this folder."""
    (folder / IDS).write_bytes(b"".join(sorted(each.bytes for each in ids)))


def holds(release: Release, response: Response) -> bool:
    """Whether the answer is in the release. Where its files are lost, what was counted and in the queue when it was
    made is taken for part of it."""
    if response.submitted_at > (moment := _read_at(release)):
        return False
    contents = release.contents
    try:
        with (folder_of(release, contents.build if contents else "") / IDS).open("rb") as file:
            return _is_among(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), response.public_id.bytes)
    except FileNotFoundError:
        aside_since = response.record.set_aside_at
        return aside_since is None or aside_since > moment


def _is_among(ids: mmap.mmap, wanted: bytes) -> bool:
    def at(place: int) -> bytes:
        return ids[place * SIZE : (place + 1) * SIZE]

    with ids:
        return at(bisect_left(range(len(ids) // SIZE), wanted, key=at)) == wanted


def _read_at(release: Release) -> datetime:
    """No answer in the release is younger."""
    moment = release.contents and release.contents.read_at
    return datetime.fromisoformat(moment) if moment else release.built_at or clock.now()
