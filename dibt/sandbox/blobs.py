"""The contents of files, each stored once under its sha256.

A blob appears under its name only when it is complete (written aside, then renamed), so a killed process leaves at
most an unnamed draft behind, which the next start removes.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dibt.sandbox.wire import Stream

PIECE = 1024 * 1024


class Blobs:
    """Content-addressed files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = folder / "drafts"
        self._drafts.mkdir(parents=True, exist_ok=True)
        for left_over in self._drafts.iterdir():
            left_over.unlink()

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        return self.path(sha256).stat().st_size

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def add(self, content: bytes) -> str:
        """Store bytes; returns their sha256."""
        return self._store(iter([content]))

    def receive(self, stream: Stream, *, expected: str) -> bool:
        """Store a stream if its sha256 is `expected`; False, and nothing stored, if it is not."""
        return self._store(_pieces(stream), expected=expected) == expected

    def _store(self, pieces: Iterator[bytes], *, expected: str = "") -> str:
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=self._drafts, delete=False) as draft:
            for piece in pieces:
                digest.update(piece)
                draft.write(piece)
        sha256 = digest.hexdigest()
        if expected and sha256 != expected:
            Path(draft.name).unlink()
            return sha256
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        Path(draft.name).replace(target)
        return sha256


def _pieces(stream: Stream) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece
