"""When the crew of a demo project sits down to annotate."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from dibt.demo.sessions import Turn, turns

SINCE = datetime(2024, 3, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=10)
CREW = {"okapi": 6, "heron": 1}


def drawn(number: int, *, seed: int = 1) -> list[Turn]:
    return turns(CREW, since=SINCE, until=UNTIL, number=number, chance=Random(seed))


def test_there_are_as_many_turns_as_asked_for_in_order_and_between_the_moments():
    moments = [turn.moment for turn in drawn(200)]

    assert len(moments) == 200
    assert moments == sorted(moments)
    assert moments[0] > SINCE
    assert moments[-1] < UNTIL


def test_everybody_comes_and_the_eager_come_more_often():
    count = Counter(turn.handle for turn in drawn(200))

    assert count["okapi"] > count["heron"] > 0


def test_the_same_chance_draws_the_same_turns():
    assert drawn(50, seed=7) == drawn(50, seed=7)
    assert drawn(50, seed=7) != drawn(50, seed=8)
