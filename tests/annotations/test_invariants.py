"""What must hold whatever people do, in any order and at the same time."""

import contextlib
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from annotations.domain import editing, queue, records, responding, setting_aside, totals
from annotations.models import Assignment, FlagReason, Record, Response
from dibt.lib import clock
from dibt.lib.errors import DomainError
from projects.models import Project
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, taking_part

PEOPLE = 4
ACTIONS = st.sampled_from(
    [
        "claim",
        "submit",
        "skip",
        "discard",
        "flag",
        "put_back",
        "expire",
        "take_back",
        "edit",
        "fold",
        "late",
        "raise_overlap",
        "lower_overlap",
    ]
)
STEPS = st.lists(st.tuples(ACTIONS, st.integers(0, PEOPLE - 1)), min_size=5, max_size=60)


def assert_invariants(project: Project, *, most: int) -> None:
    """`most` is the highest overlap there ever was."""
    project.refresh_from_db()
    for record in Record.objects.filter(project=project):
        counted = record.responses.counted().count()
        assert record.submitted_count == counted <= most
        assert record.open_slots == record.overlap - counted - record.assignments.count()
        assert record.overlap == project.overlap
    assert totals.of(project) == totals.recount(project)
    for contributor in project.contributors.all():
        assert contributor.submitted_count == contributor.responses.count()
    pairs = Counter(Response.objects.values_list("record", "contributor"))
    assert not pairs or max(pairs.values()) == 1


class Actor:
    """One person who does as told, and remembers the record they last saw on their screen."""

    def __init__(self, project: Project, user: User) -> None:
        self.project, self.user, self.on_screen = project, user, 0

    def do(self, action: str) -> None:
        with contextlib.suppress(
            DomainError
        ):  # refused, as it may be: the invariants say if anything changed
            getattr(self, action)()

    def claim(self) -> None:
        held = Assignment.objects.live().filter(contributor__user=self.user).exists()
        assignment = responding.next_record(self.project, by=self.user)
        if assignment is None:
            return
        self.on_screen = assignment.record_id
        if not held:
            self._assert_offered(assignment)

    def _assert_offered(self, assignment: Assignment) -> None:
        """Nobody is offered a record that is set aside, or one they were through with."""
        record, mine = assignment.record, {"contributor": assignment.contributor_id}
        through = (record.responses, record.skips, record.discards, record.flags)
        assert record.set_aside == ""
        assert not any(rows.filter(**mine).exists() for rows in through)

    def submit(self) -> None:
        responding.submit(self.project, by=self.user, record_id=self.on_screen, values={"quality": 3})

    late = submit

    def skip(self) -> None:
        responding.skip(self.project, by=self.user, record_id=self.on_screen)

    def discard(self) -> None:
        setting_aside.discard(self.project, by=self.user, record_id=self.on_screen)

    def flag(self) -> None:
        setting_aside.flag(self.project, by=self.user, record_id=self.on_screen, reason=FlagReason.TOXIC)

    def put_back(self) -> None:
        setting_aside.put_back(self.project, by=self.project.leads.get(), record_id=self.on_screen)

    def expire(self) -> None:
        with clock.at(clock.now() + AFTER_THE_LEASE):
            queue.return_expired()

    def take_back(self) -> None:
        response = Response.objects.filter(contributor__user=self.user).order_by("-pk").first()
        if response:
            responding.take_back(response, by=self.user)

    def edit(self) -> None:
        response = Response.objects.filter(contributor__user=self.user).order_by("-pk").first()
        if response:
            editing.edit(response, by=self.user, values={"quality": 1 + response.values["quality"] % 5})

    def fold(self) -> None:
        totals.fold()

    def raise_overlap(self) -> None:
        self._change_overlap(by=1)

    def lower_overlap(self) -> None:
        self._change_overlap(by=-1)

    def _change_overlap(self, *, by: int) -> None:
        self.project.refresh_from_db()
        lead = self.project.leads.get()
        records.set_overlap(self.project, by=lead, overlap=self.project.overlap + by)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, overlap=st.integers(1, 3))
def test_places_and_counts_are_right_after_any_sequence_of_actions(
    steps: list[tuple[str, int]], overlap: int
) -> None:
    project = a_project(records=4, overlap=overlap)
    actors = [Actor(project, taking_part(project)) for _ in range(PEOPLE)]
    most = overlap

    for action, who in steps:
        actors[who].do(action)
        project.refresh_from_db()
        most = max(most, project.overlap)
        assert_invariants(project, most=most)


@pytest.mark.django_db(transaction=True)
def test_people_who_answer_at_the_same_time_fill_each_record_exactly() -> None:
    project = a_project(records=12, overlap=3)
    users = [taking_part(project) for _ in range(8)]
    failures: list[BaseException] = []

    def annotate(user: User) -> None:
        try:
            assignment = responding.next_record(project, by=user)
            while assignment:
                submitted = responding.submit(
                    project, by=user, record_id=assignment.record_id, values={"quality": 1 + user.pk % 5}
                )
                assignment = responding.record_after(submitted)
        except BaseException as failure:  # noqa: BLE001  # reported by the main thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=annotate, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert set(project.records.values_list("submitted_count", "open_slots")) == {(3, 0)}
    assert Response.objects.filter(surplus=True).count() == 0
    assert Response.objects.count() == 36
    assert_invariants(project, most=3)


@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_tabs_answers_each_record_once() -> None:
    project = a_project(records=6, overlap=1)
    user = taking_part(project)
    failures: list[BaseException] = []

    def annotate() -> None:
        try:
            while assignment := responding.next_record(project, by=user):
                responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 2})
        except BaseException as failure:  # noqa: BLE001  # reported by the main thread
            failures.append(failure)
        finally:
            connection.close()

    tabs = [threading.Thread(target=annotate) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert failures == []
    assert Response.objects.count() == 6
    assert not Assignment.objects.exists()
    assert_invariants(project, most=1)


@pytest.mark.django_db
def test_mending_brings_wrong_totals_back_to_a_recount() -> None:
    project = a_project(records=2)
    totals.change(project.pk, responses=7)
    assert totals.of(project).responses == 7

    difference = totals.mend(project)

    assert difference == totals.Totals(records=0, complete=0, responses=-7, contributors=0)
    assert totals.of(project) == totals.recount(project)


@pytest.mark.django_db
def test_days_show_folded_and_waiting_answers_alike() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    yesterday = clock.now() - timedelta(days=1)
    with clock.at(yesterday):
        assignment = responding.next_record(project, by=user)
        assert assignment is not None
        responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 3})
    totals.fold()
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 3})

    shown = totals.days(project, since=yesterday.date())

    assert shown == [totals.Day(yesterday.date(), 1), totals.Day(clock.today(), 1)]
