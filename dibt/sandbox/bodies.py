"""Request bodies, with a length or in chunks."""

from email.message import Message
from typing import Protocol

from dibt.sandbox.wire import HubError, Stream

LARGEST = 256 * 1024 * 1024
LONGEST_LINE = 1024


class Body:
    """The body of one request, read from the connection and never past its end."""

    def __init__(self, headers: Message, source: "Connection") -> None:
        self._source = source
        self._chunked = "chunked" in (headers.get("Transfer-Encoding") or "").lower()
        self._left = 0 if self._chunked else _length(headers)
        self.ended = not self._chunked and self._left == 0

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; nothing at the end. ConnectionError if the client went away before it."""
        if self._chunked and self._left == 0 and not self.ended:
            self._open_chunk()
        if self.ended:
            return b""
        piece = self._source.read(min(size, self._left))
        if not piece:
            raise ConnectionResetError("The client went away in the middle of a body")
        self._left -= len(piece)
        if self._left == 0:
            self._close_piece()
        return piece

    def read_all(self) -> bytes:
        """The whole body; 413 if it is larger than the sandbox keeps in memory."""
        pieces, total = [], 0
        while piece := self.read(1024 * 1024):
            total += len(piece)
            if total > LARGEST:
                raise HubError(413, "The request body is too large")
            pieces.append(piece)
        return b"".join(pieces)

    def _open_chunk(self) -> None:
        try:
            self._left = int(self._source.readline(LONGEST_LINE).split(b";")[0], 16)
        except ValueError as error:
            raise ConnectionResetError("A chunk without a length") from error
        if self._left == 0:
            while self._source.readline(LONGEST_LINE).strip():
                pass
            self.ended = True

    def _close_piece(self) -> None:
        if self._chunked:
            self._source.readline(LONGEST_LINE)
        else:
            self.ended = True


class Connection(Stream, Protocol):
    """What a body is read from."""

    def readline(self, limit: int, /) -> bytes: ...


def _length(headers: Message) -> int:
    try:
        return max(int(headers.get("Content-Length") or 0), 0)
    except ValueError:
        return 0
