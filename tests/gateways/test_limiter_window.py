"""What we know of the Hub's window: learnt from its answers, at whatever phase, and never more asked than it has."""

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from dibt.gateways.hub.window import Seen, Window

NOW = 1_000_000.0


def a_window(*, quota: int = 10, seconds: int = 300, left: int | None = None) -> Window:
    window = Window.first(quota=quota, seconds=seconds, now=NOW)
    return window if left is None else replace(window, left=left)


def taken(window: Window, *, places: int, now: float = NOW) -> Window:
    for _place in range(places):
        window, pause = window.take(now)
        assert pause == 0
    return window


# --- Taking ---------------------------------------------------------------------------------------


def test_each_place_has_a_number_of_its_own_also_in_the_next_window() -> None:
    window = taken(a_window(quota=2), places=2)

    later = taken(window, places=1, now=window.end)

    assert (window.taken, later.taken) == (2, 3)
    assert (later.left, later.before) == (1, 2)


def test_who_is_turned_away_comes_back_after_the_end_one_after_the_other_at_the_pace_of_the_limit() -> None:
    window = a_window(quota=100, seconds=300, left=0)

    pauses = []
    for _caller in range(3):
        window, pause = window.take(NOW + 200)
        pauses.append(pause)

    assert pauses == [101 + 3, 101 + 6, 101 + 9]


def test_a_clock_that_is_put_back_keeps_no_window_open_for_longer_than_it_lasts() -> None:
    window = a_window(left=0)

    window, pause = window.take(NOW - 3600)

    assert window.end == NOW - 3600 + 301
    assert pause < 301 + 2 * window.pace


def test_a_window_is_the_same_after_it_was_written_down() -> None:
    window = taken(a_window(), places=3)

    assert Window.from_json(window.as_json()) == window


# --- Learning -------------------------------------------------------------------------------------


def test_quota_and_length_are_those_that_the_hub_tells() -> None:
    window = taken(a_window(quota=1000), places=1)

    window = window.learn(NOW, place=1, seen=Seen(quota=3000, seconds=60, left=2999, reset=60))

    assert (window.quota, window.seconds, window.left) == (3000, 60, 2999)
    assert window.end == NOW + 61


def test_the_window_ends_when_the_hub_says_and_not_when_we_had_begun_to_count() -> None:
    window = taken(a_window(), places=1)

    window = window.learn(NOW, place=1, seen=Seen(left=9, reset=40))

    assert window.end == NOW + 41


def test_what_others_with_the_same_token_have_used_counts_too() -> None:
    window = taken(a_window(quota=10), places=3)

    window = window.learn(NOW, place=3, seen=Seen(left=2, reset=300))

    assert window.left == 2


def test_places_taken_after_the_one_that_was_answered_are_not_counted_as_free() -> None:
    window = taken(a_window(quota=10), places=5)

    window = window.learn(NOW, place=3, seen=Seen(left=6, reset=300))

    assert window.left == 4


def test_an_answer_never_gives_back_what_was_taken() -> None:
    window = taken(a_window(quota=10), places=5)

    window = window.learn(NOW, place=5, seen=Seen(left=9, reset=300))

    assert window.left == 5


def test_an_answer_from_a_new_window_begins_it_here_too() -> None:
    window = taken(a_window(quota=10), places=10)

    window = window.learn(NOW + 299, place=10, seen=Seen(left=9, reset=300))

    assert (window.left, window.end, window.before) == (9, NOW + 600, 9)


def test_a_late_answer_from_the_window_before_says_nothing_of_this_one() -> None:
    window = taken(a_window(quota=10), places=10)
    window = taken(window, places=1, now=window.end)

    late = window.learn(NOW + 302, place=10, seen=Seen(left=0, reset=1))

    assert late == window


def test_a_refusal_empties_the_window_until_its_end() -> None:
    window = taken(a_window(quota=10), places=1)

    window = window.learn(NOW, place=1, seen=Seen(left=0, reset=20))
    window, pause = window.take(NOW)

    assert pause == 21 + window.pace


# --- A whole Hub ----------------------------------------------------------------------------------


@dataclass
class FakeHub:
    """A fixed window at some phase; `used` and `refused` are counted by window."""

    quota: int
    seconds: int
    phase: float
    rounds_up: bool
    used: Counter[int] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)

    def window_at(self, now: float) -> int:
        return math.floor((now - self.phase) / self.seconds)

    def answer(self, now: float) -> Seen:
        window = self.window_at(now)
        rest = (window + 1) * self.seconds + self.phase - now
        if self.used[window] >= self.quota:
            self.refused[window] += 1
        else:
            self.used[window] += 1
        left = self.quota - self.used[window]
        return Seen(self.quota, self.seconds, left, math.ceil(rest) if self.rounds_up else math.floor(rest))


def crowd(hub: FakeHub, *, workers: int, until: float, random: Random) -> None:
    """So many workers ask the Hub without rest, through one window, over wires that are now fast and now slow."""
    order, window = count(), Window.first(quota=1000, seconds=300, now=NOW)
    events: list[tuple[float, int, str, int, Seen | None]] = []

    def plan(after: float, what: str, place: int = 0, seen: Seen | None = None) -> None:
        heapq.heappush(events, (now + after, next(order), what, place, seen))

    now = NOW
    for _worker in range(workers):
        plan(random.random(), "take")
    while events:
        now, _number, what, place, seen = heapq.heappop(events)
        if now > until:
            return
        if what == "take":
            window, pause = window.take(now)
            plan(pause or random.uniform(0.001, 0.2), "take" if pause else "ask", window.taken)
        elif what == "ask":
            plan(random.uniform(0.001, 0.2), "answer", place, hub.answer(now))
        elif seen is not None:
            window = window.learn(now, place=place, seen=seen)
            plan(random.uniform(0, 0.01), "take")


HUBS = st.builds(
    FakeHub,
    quota=st.integers(40, 120),
    seconds=st.integers(20, 60),
    phase=st.floats(0, 60),
    rounds_up=st.booleans(),
)


@given(hub=HUBS, workers=st.integers(1, 8), seed=st.integers(0, 10_000))
def test_once_a_window_is_learnt_the_hub_refuses_nothing_and_little_is_left_unused(
    hub: FakeHub, workers: int, seed: int
) -> None:
    first, until = hub.window_at(NOW), NOW + 5 * hub.seconds

    crowd(hub, workers=workers, until=until, random=Random(seed))

    whole = range(first + 1, hub.window_at(until))
    assert {window: hub.refused[window] for window in whole if hub.refused[window]} == {}
    possible = min(hub.quota, workers * (hub.seconds - 2 - workers) / 0.3)
    assert min(hub.used[window] for window in whole) >= 0.75 * possible
