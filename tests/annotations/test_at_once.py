"""What people, sweeps and second tabs do at the same time: nobody waits in a circle, nobody holds two records."""

import contextlib
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from accounts.models import User
from annotations.domain import leasing, queue, records, responding, setting_aside, skipping, surplus, undoing
from annotations.models import Assignment, Priority, Response
from dibt.lib import clock
from dibt.lib.errors import DomainError
from projects.models import Project
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.test_workspace import as_user
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, import_records, taking_part
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


@needs_row_locks
@pytest.mark.parametrize("say", [responding.submit, setting_aside.discard])
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_just_being_answered_late_or_objected_to_is_not_handed_out_again(say) -> None:
    project = a_project(records=3)
    user = taking_part(project)
    (opened,) = responding.held(project, by=user, most=1)
    leasing.leave(project, by=user, record_ids=[opened.record_id])
    values = {"values": {"quality": 2}} if say is responding.submit else {}

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            say(project, by=user, record_id=opened.record_id, **values)
            waiting = other.submit(without_patience, lambda: responding.held(project, by=user, most=2))
            while not waiting.done() and not somebody_waits():
                pass
        held = waiting.result()

    assert [one.record.external_id for one in held] == ["prompt-1", "prompt-2"]
    assert_invariants(project, most=2)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_what_is_over_is_not_kept_beside_fifty_others_that_another_tab_is_just_taking() -> None:
    project, later = a_project(records=110), clock.now() + AFTER_THE_LEASE
    user = taking_part(project)
    over = [one.record_id for one in responding.held(project, by=user, most=50)]

    def take() -> int:
        with clock.at(later):
            return len(responding.held(project, by=user, most=50))

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic(), clock.at(later):
            leasing.keep(project, by=user, record_ids=over)
            waiting = other.submit(without_patience, take)
            while not waiting.done() and not somebody_waits():
                pass
        assert waiting.result() == 50

    with clock.at(later):
        assert Assignment.objects.live().count() == 50
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


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_an_answer_that_a_lead_is_just_taking_in_frees_its_place_when_it_is_deleted() -> None:
    project = a_project(records=1, overlap=1)
    late, quick = taking_part(project), taking_part(project)
    with clock.at(clock.now() - AFTER_THE_LEASE):
        held = responding.next_record(project, by=late)
    assert held is not None
    queue.return_expired()
    answer(project, quick)
    given = responding.submit(project, by=late, record_id=held.record_id, values={"quality": 1}).response
    records.set_overlap(project, by=project.leads.get(), overlap=2)
    client, delete = as_user(late), reverse("mine:take_back", args=[given.public_id])

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert surplus.take_in(project, by=project.leads.get()) == 1
            deleting = other.submit(in_a_connection_of_its_own, partial(client.post, delete))
            while not deleting.done() and not somebody_waits():
                pass
        deleting.result()

    assert list(project.records.values_list("submitted_count", "open_slots")) == [(1, 1)]
    assert_invariants(project, most=2)


def in_a_connection_of_its_own(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_whatever_people_in_two_tabs_sweeps_and_leads_do_at_once_nobody_waits_in_a_circle() -> None:
    project = a_project(records=30, overlap=2)
    users = [taking_part(project) for _ in range(3)]
    tabs = [
        partial(use_a_tab, project, user, random.Random(seed)) for seed, user in enumerate([*users, *users])
    ]
    others = [partial(sweep, project), partial(lead, project)]

    with ThreadPoolExecutor(len(tabs) + len(others)) as pool:
        for doing in [pool.submit(work) for work in [*tabs, *others]]:
            doing.result()

    assert_invariants(project, most=3)
    for user in users:
        leasing.give_back(project, by=user)
        leasing.leave_everything(by=user)
    assert not Assignment.objects.exists()
    assert_invariants(project, most=3)


def use_a_tab(project: Project, user: User, chance: random.Random) -> None:
    """Hold several records and do this and that; what the other tab was faster with is refused."""
    seen: list[int] = []
    try:
        for _turn in range(25):
            with contextlib.suppress(DomainError):
                held = [one.record_id for one in responding.held(project, by=user, most=chance.randint(1, 4))]
                seen = held or seen
                do_something(project, user, seen, chance)
    finally:
        connection.close()


def do_something(project: Project, user: User, seen: list[int], chance: random.Random) -> None:
    match chance.randrange(12):
        case 0:
            responding.skip(project, by=user, record_id=seen[0])
        case 1:
            leasing.keep(project, by=user, record_ids=seen)
        case 2:
            leasing.leave(project, by=user, record_ids=seen, seen=seen[-1])
        case 3:
            leasing.take_along(project, by=user, most=6)
        case 4:
            leasing.give_back(project, by=user)
        case 5:
            skipping.reopen_skipped(project, by=user)
        case 6:
            own = Response.objects.filter(project=project, contributor__user=user).first()
            if own:
                responding.take_back(own, by=user)
        case 7:
            setting_aside.discard(project, by=user, record_id=seen[0])
            undoing.take_back(project, by=user, record_id=seen[0], what="discard")
        case 8:
            undoing.take_back(project, by=user, record_id=chance.choice(seen), what="skip")
        case _:
            responding.submit(project, by=user, record_id=chance.choice(seen), values={"quality": 3})


def sweep(project: Project) -> None:
    """As if everybody's time ran out again and again."""
    try:
        for _turn in range(15):
            with clock.at(clock.now() + AFTER_THE_LEASE):
                queue.return_expired(project_id=project.pk)
    finally:
        connection.close()


def lead(project: Project) -> None:
    """Raise and lower the overlap, let surplus answers count, and bring in records that come first."""
    try:
        for turn in range(6):
            records.set_overlap(project, by=project.leads.get(), overlap=2 + turn % 2)
            surplus.take_in(project, by=project.leads.get())
            import_records(project, [f"first-{turn}"], priority=Priority.FIRST)
    finally:
        connection.close()
