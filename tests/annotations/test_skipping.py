"""Skipped records again, when the person asks for them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from annotations.domain import leasing, queue, records, responding, setting_aside, skipping
from annotations.models import FlagReason
from dibt.lib import clock
from dibt.lib.errors import ConflictError, NotAllowedError
from projects.models import Project, ProjectState
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db


def open_and_skip(project: Project, user: User, *, times: int = 1) -> list[int]:
    skipped = []
    for _ in range(times):
        assignment = responding.next_record(project, by=user)
        assert assignment is not None
        responding.skip(project, by=user, record_id=assignment.record_id)
        skipped.append(assignment.record_id)
    return skipped


def name_of_next(project: Project, user: User) -> str | None:
    assignment = responding.next_record(project, by=user)
    return assignment and assignment.record.external_id


def test_skipped_records_come_again_in_their_order_and_before_what_is_new() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    open_and_skip(project, user, times=2)
    answer(project, user)

    waiting = skipping.skipped_waiting(project, by=user)
    reopened = skipping.reopen_skipped(project, by=user)
    offered = [one.record.external_id for one in responding.held(project, by=user)]

    assert waiting == reopened == 2
    assert offered == ["prompt-0", "prompt-1", "prompt-3"]
    assert contributor(project, user).skipped_count == 0
    assert skipping.skipped_waiting(project, by=user) == 0
    assert_invariants(project, most=2)


def test_they_come_next_also_after_the_record_that_was_open_meanwhile() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    open_and_skip(project, user)
    responding.next_record(project, by=user)

    skipping.reopen_skipped(project, by=user)
    answer(project, user)

    assert name_of_next(project, user) == "prompt-0"


def test_a_record_skipped_twice_comes_a_third_time_if_wanted() -> None:
    project = a_project(records=1)
    user = taking_part(project)

    for _ in range(2):
        open_and_skip(project, user)
        assert name_of_next(project, user) is None
        assert skipping.reopen_skipped(project, by=user) == 1

    assert name_of_next(project, user) == "prompt-0"


def test_full_objected_and_set_aside_records_do_not_come_again() -> None:
    project = a_project(records=5, overlap=1)
    user, other, third = (taking_part(project) for _ in range(3))
    full, flagged, discarded, aside, _free = open_and_skip(project, user, times=5)
    answer(project, other)
    setting_aside.flag(project, by=user, record_id=flagged, reason=FlagReason.BROKEN)
    setting_aside.discard(project, by=user, record_id=discarded)
    for person in (other, third):
        for assignment in responding.held(project, by=person, most=5):
            if assignment.record_id == aside:
                setting_aside.discard(project, by=person, record_id=aside)
        leasing.leave_everything(by=person)

    waiting = skipping.skipped_waiting(project, by=user)
    reopened = skipping.reopen_skipped(project, by=user)

    assert waiting == reopened == 1
    assert project.records.get(pk=full).submitted_count == 1
    assert name_of_next(project, user) == "prompt-4"
    assert name_of_next(project, user) == "prompt-4"
    assert contributor(project, user).skipped_count == 4
    assert_invariants(project, most=1)


def test_a_full_record_comes_again_once_it_wants_more_answers() -> None:
    project = a_project(records=1, overlap=1)
    user = taking_part(project)
    open_and_skip(project, user)
    answer(project, taking_part(project))
    assert skipping.reopen_skipped(project, by=user) == 0

    records.set_overlap(project, by=project.leads.get(), overlap=2)
    project.refresh_from_db()

    assert skipping.reopen_skipped(project, by=user) == 1
    assert name_of_next(project, user) == "prompt-0"


def test_a_skip_that_comes_late_is_one_all_the_same() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    first = responding.next_record(project, by=user)
    assert first is not None
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()

        responding.skip(project, by=user, record_id=first.record_id)

        assert name_of_next(project, user) == "prompt-1"
    assert_invariants(project, most=2)


def test_a_skip_that_is_told_again_after_that_is_one_more_skip() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    (skipped,) = open_and_skip(project, user)
    skipping.reopen_skipped(project, by=user)

    responding.skip(project, by=user, record_id=skipped)

    assert name_of_next(project, user) == "prompt-1"
    assert_invariants(project, most=2)


def test_only_ones_own_come_again() -> None:
    project = a_project(records=2)
    user, other = taking_part(project), taking_part(project)
    open_and_skip(project, other)

    assert skipping.skipped_waiting(project, by=user) == 0
    assert skipping.reopen_skipped(project, by=user) == 0
    assert contributor(project, other).skipped_count == 1


def test_who_may_not_annotate_has_none() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    open_and_skip(project, user)

    assert skipping.skipped_waiting(project, by=AnonymousUser()) == 0
    assert skipping.reopen_skipped(project, by=somebody()) == 0
    with pytest.raises(NotAllowedError):
        skipping.reopen_skipped(project, by=AnonymousUser())
    Project.objects.update(state=ProjectState.PAUSED)
    project.refresh_from_db()
    with pytest.raises(ConflictError):
        skipping.reopen_skipped(project, by=user)
    assert contributor(project, user).skipped_count == 1
