"""The geometry of the site's charts, as SVG attributes; no page, no style.

Coordinates run from 0 at the top left. The figures are mirrored by the style sheet where the page
reads from right to left, so that time always runs along the line of reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dibt.lib.page_parts import DayCount


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its box in user units, and the day it stands for."""

    x: float
    y: float
    width: float
    height: float
    row: DayCount


def share(value: float, of: float) -> float:
    """``value`` as a percentage of ``of``, held between 0 and 100; 0 where there is nothing to share."""
    if of <= 0:
        return 0.0
    return round(min(max(value / of, 0.0), 1.0) * 100, 2)


def bars(rows: Sequence[DayCount], *, width: float, height: float, gap: float = 0.25) -> list[Bar]:
    """Bars of equal width filling ``width`` × ``height``, the highest count touching the top.

    ``gap`` is the part of each cell left empty. A day with any count at all is at least 1.5 units high,
    so that one answer among thousands is still seen.
    """
    top = max((row.count for row in rows), default=0)
    cell = width / len(rows) if rows else 0.0
    found = []
    for place, row in enumerate(rows):
        tall = max(row.count / top * height, 1.5) if row.count else 0.0
        left = (place + gap / 2) * cell
        found.append(
            Bar(round(left, 2), round(height - tall, 2), round(cell * (1 - gap), 2), round(tall, 2), row)
        )
    return found


def polyline(values: Sequence[float], *, width: float, height: float, pad: float = 2) -> str:
    """The ``points`` of a line through ``values``, from the left edge to the right; 0 is at the bottom."""
    if not values:
        return ""
    top = max(*values, 1) if len(values) > 1 else max(values[0], 1)
    step = (width - 2 * pad) / max(len(values) - 1, 1)
    drawable = height - 2 * pad
    spots = (
        (pad + place * step, height - pad - value / top * drawable) for place, value in enumerate(values)
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
