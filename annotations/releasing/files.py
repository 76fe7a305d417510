"""Downloads: the files of a release, one by one or all in a ZIP archive, streamed."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.domain.released import folder_of
from annotations.models import Manifest, Release
from dibt.lib.errors import ConflictError, NotVisibleError

CHUNK = 256 * 1024


def path_of(release: Release, name: str) -> Path:
    """Where a file of the release is on disk. Only a name that its manifest lists leads to a path."""
    manifest = _contents(release)
    if name not in {file.path for file in manifest.files}:
        raise NotVisibleError(_("There is no such file in this release."))
    path = folder_of(release, manifest.build) / name
    if not path.is_file():
        raise ConflictError(_("The files of this release are not here any more. Make a new release."))
    return path


def archive(release: Release) -> Iterator[bytes]:
    """All files of the release as the bytes of one ZIP archive, piece by piece.

    They are stored as they are: Parquet is compressed already.
    """
    paths = {file.path: path_of(release, file.path) for file in _contents(release).files}
    return _zipped(paths)


def download_name(release: Release, name: str) -> str:
    """What a file is called on the disk of whoever downloads it: tells project, release and place."""
    return f"{release.project.slug}-{release.tag}-{name.lstrip('.').replace('/', '-')}"


def _contents(release: Release) -> Manifest:
    if release.contents is None or not release.is_downloadable:
        raise ConflictError(_("This release has no files yet. Wait until it is made."))
    return release.contents


def _zipped(paths: dict[str, Path]) -> Iterator[bytes]:
    out = _Pieces()
    with zipfile.ZipFile(out, "w") as target:
        for name, path in paths.items():
            with path.open("rb") as source, target.open(name, "w", force_zip64=True) as entry:
                while chunk := source.read(CHUNK):
                    entry.write(chunk)
                    yield out.taken()
    yield out.taken()


class _Pieces(io.RawIOBase):
    """Something to write to whose content is taken away piece by piece; it cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer, as io.RawIOBase allows
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        return piece
