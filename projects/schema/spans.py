"""Marked stretches of a text: the answer to a span question.

Offsets count the Unicode code points of the field's text as it is stored, `end` being the first one after the
stretch: what Python slices and what Argilla counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

KEYS = ("start", "end", "label")


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """The stretch `text[start:end]`, and the value of the option it is marked with."""

    start: int
    end: int
    label: str

    def to_json(self) -> dict[str, object]:
        return {"start": self.start, "end": self.end, "label": self.label}

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def spans_from_json(value: Iterable[Mapping[str, object]]) -> tuple[Span, ...]:
    """Spans that were stored, and so were checked before."""
    return tuple(Span(**{key: given[key] for key in KEYS}) for given in value)  # type: ignore[arg-type]


def overlapping(spans: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs that share a part of the text, of spans in their order; none at all when no two do."""
    furthest: Span | None = None
    for span in spans:
        if furthest and span.overlaps(furthest):
            yield furthest, span
        if furthest is None or span.end > furthest.end:
            furthest = span
