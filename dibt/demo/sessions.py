"""When people sit down to annotate: short sessions over the days a project was open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat
from random import Random

FEWEST_AT_ONCE, MOST_AT_ONCE = 3, 11
SECONDS_APIECE = (9, 55)
LONGEST = timedelta(seconds=SECONDS_APIECE[1] * MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Turn:
    """The moment at which a person opens a record."""

    moment: datetime
    handle: str


def turns(
    crew: Mapping[str, int], *, since: datetime, until: datetime, number: int, chance: Random
) -> list[Turn]:
    """So many turns between the two moments, in order. Each of the crew comes; the more eager come more often."""
    drawn = (chance.choices(list(crew), weights=list(crew.values()))[0] for _again in repeat(None))
    visitors = chain(crew, drawn)
    taken: list[Turn] = []
    while len(taken) < number:
        begin = since + chance.random() * (until - LONGEST - since)
        size = min(chance.randint(FEWEST_AT_ONCE, MOST_AT_ONCE), number - len(taken))
        taken += _session(next(visitors), begin, size, chance)
    return sorted(taken, key=lambda turn: (turn.moment, turn.handle))


def _session(handle: str, begin: datetime, size: int, chance: Random) -> Iterator[Turn]:
    moment = begin
    for _record in range(size):
        moment += timedelta(seconds=chance.randint(*SECONDS_APIECE))
        yield Turn(moment, handle)
