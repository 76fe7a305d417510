"""What people, sweeps and second tabs do at the same time: nobody waits in a circle, nobody holds two records."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from annotations.domain import queue, responding
from annotations.models import Assignment
from dibt.lib import clock
from projects.models import Project
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, taking_part
from tests.at_once import needs_row_locks, somebody_waits, without_patience


def someone_whose_time_ran_out(project: Project) -> Assignment:
    """The assignment of a person who opened a record and went away; it still holds its place."""
    with clock.at(clock.now() - AFTER_THE_LEASE):
        assignment = responding.next_record(project, by=taking_part(project))
    assert assignment is not None
    return assignment


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_a_sweep_does_not_wait_for_a_person_who_is_just_being_served() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    with clock.at(clock.now() - AFTER_THE_LEASE):
        responding.next_record(project, by=user)

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        opened = responding.next_record(project, by=user)
        returned = other.submit(without_patience, queue.return_expired).result()

    assert opened is not None
    assert returned == 1
    assert_invariants(project, most=2)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_expired_places_are_returned_one_by_one_and_not_within_a_claim() -> None:
    project = a_project(records=2, overlap=1)
    first, second = (someone_whose_time_ran_out(project) for _ in range(2))
    user = taking_part(project)

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        Assignment.objects.select_for_update().get(pk=second.pk)
        waiting = other.submit(without_patience, lambda: responding.next_record(project, by=user))
        assert isinstance(waiting.exception(), OperationalError)

    assert not Assignment.objects.filter(pk=first.pk).exists()
    assert_invariants(project, most=1)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_the_last_place_of_a_record_is_found_while_another_one_is_being_taken() -> None:
    project = a_project(records=1, overlap=2)
    first, second = taking_part(project), taking_part(project)

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            responding.next_record(project, by=first)
            waiting = other.submit(without_patience, lambda: responding.next_record(project, by=second))
            while not waiting.done() and not somebody_waits():
                pass
        opened = waiting.result()

    assert opened is not None
    assert_invariants(project, most=2)


@pytest.mark.django_db
def test_a_late_answer_is_followed_by_the_record_that_is_open_already() -> None:
    project = a_project(records=3, overlap=1)
    user, other = taking_part(project), taking_part(project)
    first = responding.next_record(project, by=user)
    assert first is not None
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        answer(project, other)
        opened = responding.next_record(project, by=user)

        late = responding.submit(project, by=user, record_id=first.record_id, values={"quality": 2})
        following = responding.record_after(late)

    assert opened is not None
    assert following == opened
    assert Assignment.objects.get() == opened


@pytest.mark.django_db
def test_a_second_tab_does_not_take_a_second_record() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    submitted = answer(project, user)  # in the first tab, whose next record is still to be fetched

    in_second_tab = responding.next_record(project, by=user)
    in_first_tab = responding.record_after(submitted)

    assert in_second_tab is not None
    assert in_first_tab == in_second_tab
    assert Assignment.objects.get().expires_at > clock.now() + queue.LEASE - timedelta(minutes=1)
