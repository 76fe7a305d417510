"""What is begun and not sent: kept for its author, wherever they go on, until it is sent or given up."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from annotations.domain import drafts, leasing, queue, responding, setting_aside
from annotations.domain.responding import OutdatedError
from annotations.models import Assignment, Contributor, Draft, FlagReason, Record, Response
from annotations.tasks.drafts import sweep
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError, TooLargeError
from projects.models import Project, ProjectState
from tests.annotations.tasks import BREAKING, SAFE, a_project_asking, ask, opened
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, answer, contributor, taking_part

pytestmark = pytest.mark.django_db
TYPED = {"quality": ["4"], "comment": ["ẹ kú iṣẹ́ o, half a sent"]}


def save(
    project: Project,
    user: User,
    record: int,
    data: Mapping[str, Sequence[str]] = TYPED,
    *,
    sender: str = "",
    at: int = 0,
) -> drafts.Kept:
    return drafts.save(project, by=user, record_id=record, data=data, sender=sender, at=at)


def restored(project: Project, user: User, record: int) -> object:
    begun = drafts.restore(contributor(project, user), [record]).get(record)
    return begun and begun.data


def test_what_was_typed_is_there_again_as_a_form_has_it() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    record = opened(project, user)

    save(project, user, record)

    assert restored(project, user, record) == {
        "answer.quality": ["4"],
        "answer.comment": ["ẹ kú iṣẹ́ o, half a sent"],
    }


def test_what_is_no_answer_yet_is_kept_and_what_is_for_no_question_is_not() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)

    save(project, user, record, {"comment": ["x" * 1_000], "topic": [], "record": ["7"], "odd": ["1"]})

    assert Draft.objects.get().data == {"comment": ["x" * 1_000], "topic": []}


def test_all_drafts_are_restored_by_one_statement(django_assert_num_queries) -> None:
    project = a_project_asking(records=3)
    user = taking_part(project)
    held = [each.record_id for each in queue.hold(contributor(project, user), most=3)]
    for record in held:
        save(project, user, record)
    me = Contributor.objects.select_related("project").get(user=user)
    project_known = me.project
    ask(project, SAFE)

    with django_assert_num_queries(2):  # the other is for the task, which the workspace knows
        found = drafts.restore(me, held)

    assert sorted(found) == sorted(held)
    assert project_known == project


def test_what_was_typed_last_stands_on_whatever_device_and_however_late_the_older_arrives() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    now = clock.milliseconds(clock.now())

    save(project, user, record, {"comment": ["first"]}, sender="phone", at=now - 3_000)
    save(project, user, record, {"comment": ["third"]}, sender="phone", at=now - 1_000)
    late = save(project, user, record, {"comment": ["second"]}, sender="phone", at=now - 2_000)
    later = save(project, user, record, {"comment": ["in a tunnel"]}, sender="other", at=now - 60_000)
    assert Draft.objects.get().data == {"comment": ["third"]}
    assert [kept.newer and kept.newer.data for kept in (late, later)] == [{"comment": ["third"]}] * 2
    assert later.held is not None

    assert save(project, user, record, {"comment": ["fourth"]}, sender="desk", at=now).newer is None
    assert Draft.objects.get().data == {"comment": ["fourth"]}


def test_a_clock_that_is_ahead_does_not_win_for_ever() -> None:
    project, now = a_project_asking(), clock.now()
    user = taking_part(project)
    record = opened(project, user)
    ahead = clock.milliseconds(now + timedelta(days=400))

    save(project, user, record, {"comment": ["far ahead"]}, sender="phone", at=ahead)
    with clock.at(now + timedelta(seconds=2)):
        save(
            project, user, record, {"comment": ["in time"]}, sender="desk", at=clock.milliseconds(clock.now())
        )
        assert Draft.objects.get().data == {"comment": ["in time"]}
        save(project, user, record, {"comment": ["says no time"]})
        assert Draft.objects.get().data == {"comment": ["says no time"]}


def test_cleared_is_nothing_begun_and_an_older_save_does_not_bring_it_back() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    save(project, user, record, sender="phone", at=1)

    save(project, user, record, {"quality": [], "comment": ["  "]}, sender="phone", at=3)
    save(project, user, record, sender="phone", at=2)

    assert not drafts.of(user).exists()
    assert restored(project, user, record) == {}


def test_who_types_keeps_the_record_and_a_longer_lease_is_not_shortened() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    later = clock.now() + timedelta(minutes=9)

    with clock.at(later):
        save(project, user, record)
    assert Assignment.objects.get().expires_at == later + queue.LEASE

    tomorrow = clock.now() + timedelta(days=1)
    Assignment.objects.update(expires_at=tomorrow)
    save(project, user, record)
    assert Assignment.objects.get().expires_at == tomorrow


def test_a_record_whose_time_is_over_comes_back_to_who_types_while_it_has_room() -> None:
    project = a_project_asking(overlap=1)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        save(project, user, record)

        assert Assignment.objects.get().contributor.user == user
        assert responding.next_record(project, by=other) is None
    assert_invariants(project, most=1)


def test_what_was_begun_last_is_taken_up_where_it_has_room() -> None:
    project = a_project_asking(records=5, overlap=1)
    user, other = taking_part(project), taking_part(project)
    mine = contributor(project, user)
    taken, first, second, left_out, idle = (
        one.record_id for one in responding.held(project, by=user, most=5)
    )
    for record in (taken, first, second, left_out):
        save(project, user, record)
    leasing.leave(project, by=user, record_ids=[taken, first, left_out])
    assert responding.held(project, by=other, most=1)[0].record_id == taken
    setting_aside.leave_out(project, by=project.leads.get(), record_id=left_out)

    def taken_up(most: int) -> list[int]:
        return [one.record_id for one in drafts.take_up(mine, most=most)]

    assert taken_up(1) == [second]
    assert taken_up(3) == [second, first]
    assert sorted(one.record_id for one in responding.held(project, by=user)) == [first, second, idle]
    assert_invariants(project, most=1)


def test_what_was_begun_among_many_that_were_taken_along_is_taken_up() -> None:
    project = a_project_asking(records=20)
    user = taking_part(project)
    along = leasing.take_along(project, by=user)
    save(project, user, along[10].record_id)

    (first,) = drafts.take_up(contributor(project, user), most=3)

    assert (first.record_id, first.expires_at) == (along[10].record_id, along[10].expires_at)


def test_a_full_record_is_not_taken_again_and_the_draft_is_kept() -> None:
    project = a_project_asking(overlap=1)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        answer(project, other)

        save(project, user, record)
        held = drafts.go_on(project, by=user, record_id=record)
        given = responding.submit(project, by=user, record_id=record, values={"quality": 4})

    assert not held
    assert given.response.surplus
    assert not Draft.objects.exists()
    assert_invariants(project, most=1)


def test_a_record_that_is_set_aside_is_not_taken_again() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        setting_aside.leave_out(project, by=project.leads.get(), record_id=record)

        save(project, user, record)
        assert not drafts.go_on(project, by=user, record_id=record)

    assert not Assignment.objects.exists()
    assert Draft.objects.exists()
    assert_invariants(project, most=2)


def test_a_draft_ends_with_the_answer_a_skip_a_discard_and_a_flag() -> None:
    project = a_project_asking(records=4)
    user = taking_part(project)
    held = [each.record_id for each in queue.hold(contributor(project, user), most=4)]
    for record in held:
        save(project, user, record)

    responding.submit(project, by=user, record_id=held[0], values={"quality": 4})
    assert Draft.objects.count() == 3
    responding.skip(project, by=user, record_id=held[1])
    assert Draft.objects.count() == 2
    setting_aside.discard(project, by=user, record_id=held[2])
    assert Draft.objects.count() == 1
    setting_aside.flag(project, by=user, record_id=held[3], reason=FlagReason.BROKEN)

    assert not Draft.objects.exists()
    for record in held:
        with pytest.raises(ConflictError):
            save(project, user, record)
    assert not Draft.objects.exists()


def test_only_the_draft_of_who_answers_ends() -> None:
    project = a_project_asking(records=2)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    assert opened(project, other) == record
    save(project, user, record)
    save(project, other, record)

    responding.submit(project, by=user, record_id=record, values={"quality": 4})

    assert Draft.objects.get().contributor.user == other


def test_a_record_that_was_never_theirs_takes_no_draft() -> None:
    project = a_project_asking(records=2)
    user, stranger = taking_part(project), taking_part(project)
    record = opened(project, user)

    for somebody, wanted in ((stranger, record), (user, record + 1), (user, 10**15)):
        with pytest.raises(NotVisibleError, match="not given to you"):
            save(project, somebody, wanted)

    assert not Draft.objects.exists()


def test_a_paused_project_still_keeps_what_was_typed() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        Project.objects.update(state=ProjectState.PAUSED)
        project.refresh_from_db()

        save(project, user, record)
        with pytest.raises(ConflictError, match="takes no answers now"):
            drafts.go_on(project, by=user, record_id=record)

    assert Draft.objects.get().data == TYPED
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"comment": ["x" * 70_000]}, TooLargeError),
        ({"comment": [""] * 70_000 + ["x"]}, TooLargeError),
        ({"comment": ["\x00"]}, InvalidError),
        ({"comment": ["\ud800"]}, InvalidError),
        ({"comment": "text"}, InvalidError),
        ({"comment": [1]}, InvalidError),
        ([], InvalidError),
        (None, InvalidError),
    ],
)
def test_what_cannot_be_kept_is_refused_and_what_was_kept_stands(data, error) -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    save(project, user, record)

    with pytest.raises(error):
        save(project, user, record, data)

    assert Draft.objects.get().data == TYPED


@pytest.mark.parametrize(("sender", "at"), [("x" * 41, 0), ("\x00", 0), ("", -1), ("", 2**60)])
def test_a_page_or_moment_that_is_none_is_refused(sender: str, at: int) -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)

    with pytest.raises(InvalidError):
        save(project, user, record, sender=sender, at=at)

    assert not Draft.objects.exists()


def test_an_answer_that_may_not_fit_any_more_takes_the_place_of_what_was_typed_before() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    save(project, user, record, {"comment": ["half"]}, at=clock.milliseconds(clock.now()))
    ask(project, BREAKING)

    with pytest.raises(OutdatedError):
        responding.submit(
            project, by=user, record_id=record, values={"quality": 3, "comment": "whole"}, schema_version=1
        )

    assert Draft.objects.get().data["comment"] == ["whole"]


def test_old_drafts_and_those_of_given_answers_are_swept() -> None:
    project = a_project_asking(records=3)
    user = taking_part(project)
    old, kept, crossed = (each.record_id for each in queue.hold(contributor(project, user), most=3))
    with clock.at(clock.now() - drafts.KEPT_FOR - timedelta(minutes=1)):
        save(project, user, old)
    for record in (kept, crossed):
        save(project, user, record)
    left_behind = Draft.objects.get(record=crossed)
    responding.submit(project, by=user, record_id=crossed, values={"quality": 4})
    left_behind.save(force_insert=True)  # as a save that crosses the answer does
    assert list(drafts.of(user).values_list("record", flat=True)) == [kept, old]

    assert sweep() == 2

    assert Draft.objects.get().record_id == kept


def test_what_still_fits_a_changed_task_is_filled_in() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    save(project, user, record, {"quality": ["4"], "topic": ["math"], "comment": ["so"]})

    ask(project, SAFE)
    assert restored(project, user, record) == {
        "answer.quality": ["4"],
        "answer.topic": ["math"],
        "answer.comment": ["so"],
    }
    ask(project, BREAKING)  # 4 of 5 is not 4 of 7, and “math” is no option any more

    assert restored(project, user, record) == {"answer.comment": ["so"]}


def test_nobody_elses_draft_can_be_found_or_deleted() -> None:
    project = a_project_asking()
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    opened(project, other)
    save(project, user, record)

    assert not drafts.of(other).exists()
    assert restored(project, other, record) is None
    with pytest.raises(NotVisibleError):
        drafts.find(project, by=other, record_id=record)
    with pytest.raises(NotVisibleError):
        drafts.delete(Draft.objects.get(), by=other)
    drafts.delete(drafts.find(project, by=user, record_id=record), by=user)
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_saves_and_the_answer_at_once_leave_one_answer_and_nothing_begun() -> None:
    project = a_project_asking(records=1)
    user = taking_part(project)
    record = opened(project, user)

    def at_once(number: int) -> None:
        try:
            if number == 10:
                responding.submit(project, by=user, record_id=record, values={"quality": 4}, key="one")
            else:
                save(project, user, record, sender="page", at=number)
        except ConflictError:
            pass  # the answer was there first
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(at_once, range(20)))

    assert Response.objects.count() == 1
    assert not drafts.of(user).exists()
    assert Draft.objects.count() == sweep()
    assert_invariants(project, most=2)


@pytest.mark.django_db(transaction=True)
def test_taking_a_record_again_while_others_take_the_last_places_takes_no_place_twice() -> None:
    project = a_project_asking(records=1, overlap=2)
    people = [taking_part(project) for _ in range(6)]
    record = Record.objects.get().pk
    for user in people:
        with clock.at(clock.now() - AFTER_THE_LEASE):
            opened(project, user)
        queue.return_expired()

    def type_again(user: User) -> bool:
        try:
            save(project, user, record)
            return drafts.go_on(project, by=user, record_id=record)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        held = list(threads.map(type_again, people))

    assert sum(held) == 2
    assert Draft.objects.count() == 6
    assert_invariants(project, most=2)
