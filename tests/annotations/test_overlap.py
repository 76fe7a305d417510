"""Records follow the overlap of their project: all of them, in the end, whatever happens in between."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.domain import records, responding
from annotations.models import Priority, Record, Response
from annotations.tasks import queue as tasks
from projects.models import Project
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import a_project, answer, import_records, taking_part
from tests.at_once import needs_row_locks, somebody_waits

Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(1, 3)),
        st.tuples(st.just("work"), st.just(0)),
        st.tuples(st.just("go_on"), st.just(0)),
        st.tuples(st.just("die"), st.just(0)),
        st.tuples(st.just("sweep"), st.just(0)),
        st.tuples(st.just("answer"), st.integers(0, 2)),
        st.tuples(st.just("bring_in"), st.integers(0, 1)),
    ),
    max_size=40,
)


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 2)
    monkeypatch.setattr(records, "FOLLOW_AT_ONCE", 2)


def overlaps() -> list[int]:
    return list(Record.objects.values_list("overlap", flat=True))


def change(project: Project, overlap: int) -> None:
    records.set_overlap(project, by=project.leads.get(), overlap=overlap)


def sweep() -> None:
    """What the sweeper does for records that have not all followed."""
    for project_id in list(records.following()):
        tasks.follow(project_id)


def after_each_chunk(act: Callable[[], object]) -> contextlib.AbstractContextManager[object]:
    """Whoever has records follow stops after each few of them, and `act` happens then."""
    real = records._follow_some

    def follow_some(*args: Any) -> Any:
        more = real(*args)
        act()
        return more

    return patch.object(records, "_follow_some", follow_some)


class KilledError(Exception):
    """A worker has ended in the midst of its work."""


class Interleaving:
    """Does the steps in their order; what comes after “work” is done while that worker is at it."""

    def __init__(self, project: Project, steps: list[Step]) -> None:
        self.project, self.steps = project, iter(steps)
        self.people = [taking_part(project) for _ in range(3)]
        self.working = 0

    def run(self) -> None:
        with after_each_chunk(self.next):
            while self.next():
                pass

    def next(self) -> bool:
        step = next(self.steps, None)
        if step is None:
            return False
        getattr(self, step[0])(step[1])
        return True

    def change(self, overlap: int) -> None:
        self._until_killed(partial(change, self.project, overlap))

    def work(self, _number: int) -> None:
        self._until_killed(partial(records.follow_overlap, self.project.pk))

    def sweep(self, _number: int) -> None:
        self._until_killed(sweep)

    def go_on(self, _number: int) -> None:
        """Whoever is at work does the next few records."""

    def die(self, _number: int) -> None:
        if self.working:
            raise KilledError

    def answer(self, who: int) -> None:
        if responding.next_record(self.project, by=self.people[who]):
            answer(self.project, self.people[who])

    def bring_in(self, first: int) -> None:
        name = f"more-{self.project.records.count()}"
        priority = Priority.FIRST if first else Priority.NORMAL
        import_records(self.project, [name], priority=priority)

    def _until_killed(self, work: Callable[[], object]) -> None:
        self.working += 1
        with contextlib.suppress(KilledError):
            work()
        self.working -= 1


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_at_rest_all_records_have_the_overlap_of_their_project(steps: list[Step]) -> None:
    project = a_project(records=9, overlap=3)

    Interleaving(project, steps).run()
    given_by_then = Response.objects.filter(project=project).count()
    sweep()

    assert list(records.following()) == []
    assert_invariants(project, most=3)
    assert Response.objects.filter(project=project).count() == given_by_then


@pytest.mark.django_db
def test_a_change_to_and_fro_is_found_by_the_sweep() -> None:
    project = a_project(records=7, overlap=3)
    change(project, 1)
    records.follow_overlap(project.pk, at_most=2)
    change(project, 3)

    sweep()

    assert overlaps() == [3] * 7
    assert_invariants(project, most=3)


@pytest.mark.django_db
def test_a_worker_half_way_through_when_the_overlap_changes_leaves_no_record_behind() -> None:
    project = a_project(records=12, overlap=3)
    change(project, 1)
    chunks = count(1)

    with after_each_chunk(lambda: change(project, 2) if next(chunks) == 3 else None):
        records.follow_overlap(project.pk)
    sweep()

    assert overlaps() == [2] * 12
    assert_invariants(project, most=3)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_read_the_overlap_before_a_change_does_not_bring_the_old_one_back() -> None:
    project = a_project(records=4, overlap=3)
    with patch.object(records, "FOLLOW_AT_ONCE", 0):
        change(project, 1)
    has_read, may_go_on = threading.Event(), threading.Event()

    def wait_before_records(execute: Callable[..., object], sql: str, *args: object) -> object:
        if "annotations_record" in sql and not has_read.is_set():
            has_read.set()
            may_go_on.wait()
        return execute(sql, *args)

    def work() -> None:
        with closing(), connection.execute_wrapper(wait_before_records):
            records.follow_overlap(project.pk)

    def raise_again() -> None:
        with closing():
            change(project, 2)
            records.follow_overlap(project.pk)

    with ThreadPoolExecutor(2) as threads:
        worker = threads.submit(work)
        has_read.wait()
        lead = threads.submit(raise_again)
        while not lead.done() and not somebody_waits():
            pass
        may_go_on.set()
        worker.result()
        lead.result()
    sweep()

    assert overlaps() == [2] * 4
    assert_invariants(project, most=3)


@contextlib.contextmanager
def closing() -> Iterator[None]:
    try:
        yield
    finally:
        connections.close_all()
