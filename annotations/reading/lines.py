"""A text file as numbered lines of UTF-8, with a place to step back to."""

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _

from annotations.reading.rows import CHARACTERS, UnreadableFileError

_WRONG_BYTE = re.compile("[\udc80-\udcff]")
_HEAD = 65_536


class Lines(Iterator[str]):
    """Lines with their ends, the byte order mark removed.

    `number` is that of the line given last. `mark` forgets the lines given so far; `since_mark` has those
    given after it; `step_back` gives all of them but the first once more, so that a row that cannot be read
    costs that row only.
    Raises `UnreadableFileError` for a byte that is not UTF-8 and for a line beyond `CHARACTERS`.
    """

    def __init__(self, path: Path) -> None:
        # A wrong byte is decoded to a lone surrogate: so it can be found, and its line be told.
        self._file = path.open(encoding="utf-8-sig", errors="surrogateescape", newline=_line_end(path))
        self._given: list[str] = []
        self._again: deque[str] = deque()
        self.number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self._given.append(line)
        return line

    def mark(self) -> None:
        self._given.clear()

    @property
    def since_mark(self) -> str:
        return "".join(self._given)

    def step_back(self) -> None:
        again = self._given[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)
        del self._given[1:]

    def _read(self) -> str:
        line = self._file.readline(CHARACTERS + 1)
        number = self.number + 1
        if wrong := _WRONG_BYTE.search(line):
            raise UnreadableFileError(
                _(
                    "Line %(line)s holds the byte %(byte)s, which is not UTF-8. Save the file as UTF-8 (in "
                    "spreadsheets: “CSV UTF-8”) and choose it again."
                )
                % {"line": number, "byte": f"0x{ord(wrong.group()) - 0xDC00:02X}"}
            )
        if len(line) > CHARACTERS:
            raise UnreadableFileError(
                _("Line %(line)s is longer than %(limit)s characters. Each record needs a line of its own.")
                % {"line": number, "limit": f"{CHARACTERS:,}"}
            )
        return line


def _line_end(path: Path) -> str:
    """What ends a line: a line feed, with or without a carriage return before it; old files have the latter alone.

    Where there are line feeds, a carriage return alone is part of the text.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return "\r" if b"\r" in head and b"\n" not in head else "\n"
