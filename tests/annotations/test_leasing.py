"""Records that somebody holds: several at once, kept while they work, returned when they leave, taken along."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import User
from annotations.domain import drafts, leasing, queue, responding
from annotations.domain.leasing import A_DAY, A_RELOAD
from annotations.models import Assignment, Draft, Lapse, Response
from dibt.lib import clock
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from projects.models import Project, ProjectState
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db


def names(assignments: list[Assignment]) -> list[str]:
    return [assignment.record.external_id for assignment in assignments]


def ids(assignments: list[Assignment]) -> list[int]:
    return [assignment.record_id for assignment in assignments]


def submit(project: Project, user: User, record_id: int) -> responding.Submitted:
    return responding.submit(project, by=user, record_id=record_id, values={"quality": 3})


def remaining(project: Project, user: User) -> dict[str, timedelta]:
    """How long each record that they hold will still be theirs."""
    now = clock.now()
    rows = Assignment.objects.filter(contributor=contributor(project, user), expires_at__gt=now)
    return {one.record.external_id: one.expires_at - now for one in rows.select_related("record")}


def test_a_person_holds_three_records_and_gets_a_fourth_for_the_first() -> None:
    project = a_project(records=5)
    user = taking_part(project)

    opened = responding.held(project, by=user)
    after = responding.held_after(submit(project, user, opened[0].record_id))

    assert names(opened) == ["prompt-0", "prompt-1", "prompt-2"]
    assert names(after) == ["prompt-1", "prompt-2", "prompt-3"]
    assert_invariants(project, most=2)


def test_answers_in_another_order_leave_out_no_record() -> None:
    project = a_project(records=5, overlap=1)
    user = taking_part(project)
    opened = responding.held(project, by=user)

    for place in (2, 0, 1):
        after = responding.held_after(submit(project, user, opened[place].record_id))

    assert names(after) == ["prompt-3", "prompt-4"]


def test_at_the_end_a_person_gets_what_is_left_also_before_their_last_record() -> None:
    project = a_project(records=3, overlap=1)
    user, other = taking_part(project), taking_part(project)
    (theirs,) = responding.held(project, by=other, most=1)
    answer(project, user)
    queue.leave(theirs)

    opened = responding.held(project, by=user)

    assert names(opened) == ["prompt-2", "prompt-0"]


def test_who_asks_for_one_after_holding_three_keeps_the_first() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    responding.held(project, by=user)

    one = responding.next_record(project, by=user)

    assert one is not None
    assert one.record.external_id == "prompt-0"
    assert Assignment.objects.count() == 3


def test_nobody_holds_more_than_fifty() -> None:
    project = a_project(records=60)
    user = taking_part(project)

    opened = responding.held(project, by=user, most=1_000)

    assert len(opened) == 50 == Assignment.objects.count()


def test_a_person_at_work_keeps_what_is_still_theirs() -> None:
    project, now = a_project(records=4), clock.now()
    user, other = taking_part(project), taking_part(project)
    with clock.at(now):
        opened = ids(responding.held(project, by=user))
        (strange,) = responding.held(project, by=other, most=4)[3:]
    with clock.at(now + timedelta(minutes=9)):
        kept = leasing.keep(project, by=user, record_ids=[*opened[:2], strange.record_id])
        left = remaining(project, user)

    assert list(kept) == opened[:2]
    assert left == {"prompt-0": queue.LEASE, "prompt-1": queue.LEASE, "prompt-2": timedelta(minutes=1)}


def test_what_ran_out_is_kept_as_long_as_its_place_is_there() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    opened = ids(responding.held(project, by=user))

    with clock.at(clock.now() + AFTER_THE_LEASE):
        assert list(leasing.keep(project, by=user, record_ids=opened)) == opened
        assert queue.return_expired() == 0
    assert_invariants(project, most=2)


def test_what_was_returned_by_the_page_before_is_theirs_again_where_there_is_room() -> None:
    project = a_project(records=3, overlap=1)
    user, other = taking_part(project), taking_part(project)
    opened = ids(responding.held(project, by=user))
    leasing.leave(project, by=user, record_ids=opened)
    taken = ids(responding.held(project, by=other, most=1))

    kept = leasing.keep(project, by=user, record_ids=opened)

    assert list(kept) == [record for record in opened if record not in taken]
    assert_invariants(project, most=1)


@pytest.mark.parametrize(
    ("ago", "counted"), [(20, 20), (-20, 0), (3_600, 60)], ids=["on its way", "clock ahead", "clock behind"]
)
def test_what_is_kept_is_kept_from_when_the_page_asked(ago: int, counted: int) -> None:
    project, now = a_project(records=1), clock.now()
    user = taking_part(project)
    opened = ids(responding.held(project, by=user))

    with clock.at(now + timedelta(minutes=5)):
        asked_at = clock.now() - timedelta(seconds=ago)
        kept = leasing.keep(project, by=user, record_ids=opened, asked_at=asked_at)

    expected = now + timedelta(minutes=5) + queue.LEASE - timedelta(seconds=counted)
    assert kept == {opened[0]: expected}


def test_what_was_returned_after_the_page_asked_stays_returned() -> None:
    project, now = a_project(records=3), clock.now()
    user = taking_part(project)
    opened = ids(responding.held(project, by=user))
    for left in (now, now + timedelta(minutes=2)):  # the second time counts
        with clock.at(left):
            leasing.leave(project, by=user, record_ids=opened)
            before = leasing.keep(project, by=user, record_ids=opened, asked_at=left - timedelta(seconds=1))
            after = leasing.keep(project, by=user, record_ids=opened, asked_at=left + timedelta(seconds=1))
        assert (list(before), list(after)) == ([], opened)
    assert_invariants(project, most=2)


def test_a_page_that_asks_after_its_time_was_over_goes_on_though_the_sweep_came_before_its_question() -> None:
    project, now = a_project(records=3), clock.now()
    user = taking_part(project)
    with clock.at(now):
        opened = ids(responding.held(project, by=user))
    with clock.at(now + queue.LEASE + timedelta(seconds=2)):
        queue.return_expired()

    with clock.at(now + queue.LEASE + timedelta(seconds=4)):
        asked_at = now + queue.LEASE + timedelta(seconds=1)
        kept = leasing.keep(project, by=user, record_ids=opened, asked_at=asked_at)

    assert list(kept) == opened
    assert_invariants(project, most=2)


@pytest.mark.parametrize("swept", [False, True])
def test_nobody_keeps_more_than_fifty_of_what_is_over_and_what_they_hold_since(swept: bool) -> None:
    project, later = a_project(records=110), clock.now() + timedelta(hours=25)
    user = taking_part(project)
    over = ids(leasing.take_along(project, by=user))
    with clock.at(later):
        queue.hold(contributor(project, user), most=48, lasting=A_DAY, along=True)
        if swept:
            queue.return_expired()

        kept = leasing.keep(project, by=user, record_ids=over[::-1])

        assert list(kept) == over[:-3:-1]
        assert len(remaining(project, user)) == 50
        queue.return_expired()
        assert_invariants(project, most=2)


def test_what_is_typed_for_a_record_whose_time_is_over_is_kept_by_who_holds_fifty_others() -> None:
    project, later = a_project(records=60), clock.now() + AFTER_THE_LEASE
    user = taking_part(project)
    (over,) = ids(responding.held(project, by=user, most=1))
    with clock.at(later):
        queue.hold(contributor(project, user), most=50, lasting=A_DAY, along=True)

        held = drafts.save(project, by=user, record_id=over, data={"quality": ["3"]}).held

        assert held is not None
        assert held.expires_at < later
        assert Draft.objects.get().record_id == over
        assert len(remaining(project, user)) == 50


def test_what_they_are_through_with_is_not_theirs_again() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    first, second = ids(responding.held(project, by=user))
    responding.skip(project, by=user, record_id=first)
    responding.submit(project, by=user, record_id=second, values={"quality": 3})

    assert leasing.keep(project, by=user, record_ids=[first, second]) == {}
    assert sorted(leasing.answered(project, by=user, record_ids=[first, second])) == sorted([first, second])
    assert_invariants(project, most=2)


def test_what_is_taken_along_lasts_no_longer_for_being_taken_again() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    leasing.take_along(project, by=user)

    with clock.at(clock.now() + timedelta(hours=23)):
        leasing.take_along(project, by=user)
        left = remaining(project, user)

    assert all(time <= timedelta(hours=1) for time in left.values())


def test_leaving_returns_what_was_not_on_the_screen_at_once_and_that_soon() -> None:
    project = a_project(records=3, overlap=1)
    user, other = taking_part(project), taking_part(project)
    opened = ids(responding.held(project, by=user))

    assert leasing.leave(project, by=user, record_ids=opened, seen=opened[0]) == 2

    assert remaining(project, user) == {"prompt-0": pytest.approx(A_RELOAD, abs=timedelta(seconds=5))}
    assert names(responding.held(project, by=other)) == ["prompt-1", "prompt-2"]
    with clock.at(clock.now() + A_RELOAD):
        queue.return_expired()
        assert names(responding.held(project, by=other)) == ["prompt-1", "prompt-2", "prompt-0"]
    assert_invariants(project, most=1)


def test_a_reload_finds_the_record_that_was_on_the_screen() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    opened = ids(responding.held(project, by=user))
    leasing.leave(project, by=user, record_ids=opened, seen=opened[0])

    again = responding.held(project, by=user)

    assert ids(again) == opened
    assert min(remaining(project, user).values()) > A_RELOAD


def test_a_page_that_was_left_gives_back_nothing_that_another_was_given_since() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    opened = responding.held(project, by=user)
    known = {one.record_id: one.expires_at for one in opened}
    responding.held(project, by=user, most=2)  # by a page that was opened since

    returned = leasing.leave(project, by=user, record_ids=ids(opened), seen=opened[0].record_id, until=known)

    assert returned == 1
    assert set(remaining(project, user)) == {"prompt-0", "prompt-1"}
    assert min(remaining(project, user).values()) > A_RELOAD
    assert leasing.leave(project, by=user, record_ids=ids(opened), until={}) == 0


def test_leaving_twice_is_leaving_once() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    opened = ids(responding.held(project, by=user))

    returned = [leasing.leave(project, by=user, record_ids=opened) for _ in range(2)]

    assert returned == [3, 0]
    assert_invariants(project, most=2)


@pytest.mark.parametrize("full", [False, True])
def test_an_answer_that_comes_after_leaving_is_taken_in(full: bool) -> None:
    project = a_project(records=1, overlap=1)
    user, other = taking_part(project), taking_part(project)
    (opened,) = responding.held(project, by=user)
    leasing.leave(project, by=user, record_ids=[opened.record_id])
    if full:
        answer(project, other)

    late = submit(project, user, opened.record_id)

    assert late.response.surplus is full
    assert_invariants(project, most=1)


def test_fifty_are_taken_along_for_a_day_with_those_that_were_open() -> None:
    project = a_project(records=60)
    user = taking_part(project)
    responding.held(project, by=user)

    along = leasing.take_along(project, by=user)
    again = leasing.take_along(project, by=user)

    assert len(along) == 50
    assert along == again == leasing.taken_along(project, by=user)
    assert names(along)[:3] == ["prompt-0", "prompt-1", "prompt-2"]
    assert all(one.taken_along for one in along)
    assert min(remaining(project, user).values()) > A_DAY - timedelta(minutes=1)


def test_what_was_taken_along_lasts_its_day_whatever_else_is_done() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    along = ids(leasing.take_along(project, by=user, most=2))

    responding.held(project, by=user)
    leasing.keep(project, by=user, record_ids=along)
    leasing.leave(project, by=user, record_ids=along, seen=along[0])
    leasing.leave_everything(by=user)

    assert set(remaining(project, user)) == {"prompt-0", "prompt-1"}
    assert min(remaining(project, user).values()) > A_DAY - timedelta(minutes=1)


def test_what_was_taken_along_can_be_answered_offline_and_is_followed_by_the_rest_of_it() -> None:
    project = a_project(records=9)
    user = taking_part(project)
    along = leasing.take_along(project, by=user, most=5)

    with clock.at(clock.now() + timedelta(hours=23)):
        queue.return_expired()
        after = responding.held_after(submit(project, user, along[0].record_id))

    assert names(after) == ["prompt-1", "prompt-2", "prompt-3"]
    assert Assignment.objects.count() == 4


def test_giving_back_returns_what_was_taken_along_and_nothing_else() -> None:
    project = a_project(records=9, overlap=1)
    user = taking_part(project)
    leasing.take_along(project, by=user, most=4)
    responding.held(project, by=user, most=6)

    assert leasing.give_back(project, by=user) == 4

    assert set(remaining(project, user)) == {"prompt-4", "prompt-5"}
    assert project.records.filter(open_slots=1).count() == 7
    assert Lapse.objects.count() == 4
    assert_invariants(project, most=1)


def test_returned_records_are_offered_to_the_same_person_again() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    opened = responding.held(project, by=user)
    leasing.leave_everything(by=user)

    assert names(responding.held(project, by=user)) == names(opened)


def test_places_are_returned_also_where_no_answers_are_taken_any_more() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    opened = ids(responding.held(project, by=user))
    Project.objects.update(state=ProjectState.PAUSED)
    project.refresh_from_db()

    with pytest.raises(ConflictError):
        leasing.keep(project, by=user, record_ids=opened)
    with pytest.raises(ConflictError):
        leasing.take_along(project, by=user)
    assert leasing.leave(project, by=user, record_ids=opened) == 3
    assert leasing.give_back(project, by=user) == 0


def test_who_may_not_annotate_holds_nothing_and_returns_nothing() -> None:
    project = a_project(records=3)
    opened = ids(responding.held(project, by=taking_part(project)))
    stranger = somebody()

    assert leasing.keep(project, by=stranger, record_ids=opened) == {}
    assert leasing.leave(project, by=stranger, record_ids=opened) == 0
    assert leasing.leave(project, by=AnonymousUser(), record_ids=opened) == 0
    assert leasing.give_back(project, by=stranger) == 0
    assert leasing.taken_along(project, by=AnonymousUser()) == []
    with pytest.raises(NotAllowedError):
        leasing.keep(project, by=AnonymousUser(), record_ids=opened)
    Project.objects.update(state=ProjectState.SETUP)
    project.refresh_from_db()
    with pytest.raises(NotVisibleError):
        leasing.take_along(project, by=stranger)
    assert Assignment.objects.count() == 3
    assert not Response.objects.exists()


def test_who_signs_out_returns_everything_but_what_they_took_along(client: Client) -> None:
    first, second = a_project(records=5), a_project(records=5)
    user, other = taking_part(first), taking_part(first)
    taking_part(second, user)
    client.force_login(user)
    leasing.take_along(first, by=user, most=2)
    for project in (first, second):
        responding.held(project, by=user, most=4)
    responding.held(first, by=other, most=4)

    client.post("/sign-out/")

    assert set(remaining(first, user)) == {"prompt-0", "prompt-1"}
    assert remaining(second, user) == {}
    assert len(remaining(first, other)) == 4
    assert_invariants(first, most=2)
    assert_invariants(second, most=2)
