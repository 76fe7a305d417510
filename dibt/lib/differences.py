"""What differs between two texts, passage by passage: a paragraph, or an item of a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Where a passage begins, with the line breaks before it: after an empty line, or with an item of a list.
BEGINNING = re.compile(r"(?=(?<!\n)\n(?:[^\S\n]*\n|[^\S\n]*(?:[-*+]|\d{1,9}[.)])\s))")


class Kind(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Passage:
    """Some passages in a row of one kind, with the white space around them."""

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        """The text without the white space around it."""
        return self.text.strip()


def passages(old: str, new: str) -> tuple[Passage, ...]:
    """How the old text becomes the new one, in the order of reading; what goes stands before what comes.

    Without what is removed it is the new text, to the letter. Without what is added it is the old one, but for
    white space around passages: that never counts as a difference.
    """
    before, after = BEGINNING.split(old), BEGINNING.split(new)
    matcher = SequenceMatcher(None, [text.strip() for text in before], [text.strip() for text in after])
    return tuple(
        passage
        for step, old_from, old_to, new_from, new_to in matcher.get_opcodes()
        for passage in _step(step, "".join(before[old_from:old_to]), "".join(after[new_from:new_to]))
    )


def _step(step: str, before: str, after: str) -> Iterator[Passage]:
    if step == "equal":
        yield Passage(Kind.KEPT, after)
        return
    if before:
        yield Passage(Kind.REMOVED, before)
    if after:
        yield Passage(Kind.ADDED, after)
