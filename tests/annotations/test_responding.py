"""Answering one record after the other, and everything that can come between."""

import pytest
from django.contrib.auth.models import AnonymousUser

from annotations.domain import contributors, queue, records, responding, totals
from annotations.models import Assignment, Record, Response
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from projects.models import Access, ProjectState
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db


def places(project) -> list[tuple[int, int]]:
    """(open, submitted) of each record in order."""
    return list(project.records.values_list("open_slots", "submitted_count"))


def test_a_claimed_record_is_the_same_until_it_is_answered() -> None:
    project = a_project(records=3)
    user = taking_part(project)

    first = responding.next_record(project, by=user)
    again = responding.next_record(project, by=user)

    assert first is not None
    assert again == first
    assert places(project) == [(1, 0), (2, 0), (2, 0)]


def test_an_answer_turns_the_lease_into_a_submitted_place() -> None:
    project = a_project(records=2)
    user = taking_part(project)

    submitted = answer(project, user, quality=5)

    assert submitted.response.values == {"quality": 5}
    assert submitted.response.schema_version.number == 1
    assert places(project) == [(1, 1), (2, 0)]
    assert not Assignment.objects.exists()


def test_the_record_after_an_answer_is_another_one() -> None:
    project = a_project(records=2)
    user = taking_part(project)

    following = responding.record_after(answer(project, user))

    assert following is not None
    assert following.record.external_id == "prompt-1"


def test_when_everything_is_answered_there_is_no_next_record() -> None:
    project = a_project(records=1)
    user = taking_part(project)

    assert responding.record_after(answer(project, user)) is None
    assert responding.next_record(project, by=user) is None


def test_a_record_that_is_full_is_offered_to_nobody() -> None:
    project = a_project(records=1, overlap=1)
    answer(project, taking_part(project))

    assert responding.next_record(project, by=taking_part(project)) is None


def test_the_same_answer_sent_twice_is_one_answer() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    first = answer(project, user)

    record_id = first.response.record_id
    second = responding.submit(project, by=user, record_id=record_id, values=first.response.values)

    assert second.repeated
    assert second.response == first.response
    assert totals.of(project).responses == 1


def test_another_answer_to_the_same_record_is_refused_and_the_first_stands() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    first = answer(project, user, quality=4)

    with pytest.raises(ConflictError, match="first answer stands"):
        responding.submit(project, by=user, record_id=first.response.record_id, values={"quality": 1})

    assert Response.objects.get().values == {"quality": 4}


def test_an_answer_that_does_not_fit_the_task_changes_nothing() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    assignment = responding.next_record(project, by=user)
    assert assignment is not None

    for values in ({}, {"quality": 9}, {"quality": True}, {"quality": "4"}, {"other": 1}, [], None):
        with pytest.raises(InvalidError):
            responding.submit(project, by=user, record_id=assignment.record_id, values=values)

    assert places(project) == [(1, 0)]
    assert Assignment.objects.get() == assignment


def test_a_record_that_was_given_to_somebody_else_cannot_be_answered_or_skipped() -> None:
    project = a_project(records=2)
    owner, stranger = taking_part(project), taking_part(project)
    assignment = responding.next_record(project, by=owner)
    assert assignment is not None

    with pytest.raises(NotVisibleError, match="not given to you"):
        responding.submit(project, by=stranger, record_id=assignment.record_id, values={"quality": 3})
    with pytest.raises(NotVisibleError, match="not given to you"):
        responding.skip(project, by=stranger, record_id=assignment.record_id)


def test_a_record_of_another_project_cannot_be_answered() -> None:
    project, other = a_project(records=1), a_project(records=1)
    user = taking_part(project, taking_part(other))
    elsewhere = responding.next_record(other, by=user)
    assert elsewhere is not None

    with pytest.raises(NotVisibleError):
        responding.submit(project, by=user, record_id=elsewhere.record_id, values={"quality": 3})


def test_skipping_frees_the_place_and_the_record_does_not_come_back() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    assignment = responding.next_record(project, by=user)
    assert assignment is not None

    responding.skip(project, by=user, record_id=assignment.record_id)
    responding.skip(project, by=user, record_id=assignment.record_id)  # the button pressed twice

    assert places(project) == [(2, 0)]
    assert contributor(project, user).skipped_count == 1
    assert responding.next_record(project, by=user) is None


def test_nothing_is_saved_before_the_licence_is_accepted() -> None:
    project = a_project(records=1)
    user = somebody()
    assignment = responding.next_record(project, by=user)
    assert assignment is not None

    with pytest.raises(ConflictError, match="accept the licence"):
        responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 3})

    contributors.accept_licence(contributor(project, user))
    responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 3})
    assert contributor(project, user).licence == "cc-by-4.0"


def test_an_expired_place_goes_to_the_next_person_when_nothing_else_is_left() -> None:
    project = a_project(records=1, overlap=1)
    sleeper, waker = taking_part(project), taking_part(project)
    responding.next_record(project, by=sleeper)
    assert responding.next_record(project, by=waker) is None

    with clock.at(clock.now() + AFTER_THE_LEASE):
        assignment = responding.next_record(project, by=waker)

    assert assignment is not None
    assert assignment.contributor == contributor(project, waker)


def test_a_late_answer_takes_its_place_again_while_there_is_room() -> None:
    project = a_project(records=1, overlap=1)
    user = taking_part(project)
    assignment = responding.next_record(project, by=user)
    assert assignment is not None

    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        submitted = responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 2})

    assert not submitted.response.surplus
    assert places(project) == [(0, 1)]


def test_a_late_answer_to_a_full_record_is_kept_as_surplus_and_credited() -> None:
    project = a_project(records=1, overlap=1)
    sleeper, waker = taking_part(project), taking_part(project)
    assignment = responding.next_record(project, by=sleeper)
    assert assignment is not None

    with clock.at(clock.now() + AFTER_THE_LEASE):
        answer(project, waker)
        late = responding.submit(project, by=sleeper, record_id=assignment.record_id, values={"quality": 2})

    assert late.response.surplus
    assert places(project) == [(0, 1)]
    assert contributor(project, sleeper).submitted_count == 1
    assert totals.of(project) == totals.Totals(records=1, complete=1, responses=2, contributors=2)


def test_taking_an_answer_back_opens_its_place_and_uncounts_it() -> None:
    project = a_project(records=1, overlap=1)
    user = taking_part(project)
    submitted = answer(project, user)
    assert totals.of(project).complete == 1

    responding.take_back(submitted.response, by=user)
    responding.take_back(submitted.response, by=user)  # from another tab

    assert places(project) == [(1, 0)]
    assert totals.of(project) == totals.Totals(records=1)
    assert contributor(project, user).submitted_count == 0


def test_nobody_takes_back_the_answer_of_somebody_else() -> None:
    project = a_project(records=1)
    submitted = answer(project, taking_part(project))

    with pytest.raises(NotVisibleError):
        responding.take_back(submitted.response, by=somebody())

    assert Response.objects.exists()


def test_who_has_not_signed_in_is_told_to() -> None:
    with pytest.raises(NotAllowedError, match="Sign in"):
        responding.next_record(a_project(records=1), by=AnonymousUser())


@pytest.mark.parametrize("state", [ProjectState.PAUSED, ProjectState.COMPLETED, ProjectState.ARCHIVED])
def test_a_project_that_is_not_open_takes_no_answers(state: ProjectState) -> None:
    with pytest.raises(ConflictError, match="takes no answers"):
        responding.next_record(a_project(records=1, state=state), by=somebody())


def test_a_project_in_setup_is_not_there_for_others() -> None:
    with pytest.raises(NotVisibleError):
        responding.next_record(a_project(records=1, state=ProjectState.SETUP), by=somebody())


def test_a_members_project_refuses_others_with_a_reason() -> None:
    project = a_project(records=1)
    project.access = Access.ORGANISATION
    project.save()

    with pytest.raises(NotAllowedError, match="members of"):
        responding.next_record(project, by=somebody())


def test_records_are_handed_out_in_order_and_completed_soon() -> None:
    project = a_project(records=3, overlap=2)
    first, second = taking_part(project), taking_part(project)

    answer(project, first)
    answer(project, second)

    assert list(Record.objects.values_list("submitted_count", flat=True)) == [2, 0, 0]


# --- The overlap changes while people answer --------------------------------------------------------------


def test_a_raised_overlap_opens_places_of_complete_records_again() -> None:
    project = a_project(records=1, overlap=1)
    answer(project, taking_part(project))

    records.set_overlap(project, by=project.leads.get(), overlap=2)

    assert totals.of(project).complete == 0
    answer(project, taking_part(project))
    assert totals.of(project).complete == 1


def test_a_lowered_overlap_keeps_every_answer_and_asks_for_no_further_one() -> None:
    project = a_project(records=1, overlap=3)
    answer(project, taking_part(project))
    answer(project, taking_part(project))

    records.set_overlap(project, by=project.leads.get(), overlap=1)

    assert totals.of(project).complete == 1
    assert Response.objects.counted().count() == 2
    assert responding.next_record(project, by=taking_part(project)) is None


def test_an_answer_to_a_record_that_is_full_since_the_overlap_was_lowered_is_surplus() -> None:
    project = a_project(records=1, overlap=2)
    slow, quick = taking_part(project), taking_part(project)
    held = responding.next_record(project, by=slow)
    assert held is not None
    answer(project, quick)
    records.set_overlap(project, by=project.leads.get(), overlap=1)

    submitted = responding.submit(project, by=slow, record_id=held.record_id, values={"quality": 1})

    assert submitted.response.surplus
    record = Record.objects.get()
    assert (record.submitted_count, record.open_slots) == (1, 0)
    assert totals.of(project) == totals.recount(project)


def test_many_records_follow_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 2)
    monkeypatch.setattr(records, "FOLLOW_AT_ONCE", 4)
    project = a_project(records=7, overlap=1)

    records.set_overlap(project, by=project.leads.get(), overlap=3)

    assert project.records.filter(overlap=3).count() == 4
    assert list(records.following()) == [project.pk]
    records.follow_overlap(project.pk)
    assert set(project.records.values_list("overlap", "open_slots")) == {(3, 3)}
    assert list(records.following()) == []
