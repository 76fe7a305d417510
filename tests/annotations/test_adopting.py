"""What was tried becomes its author's: once, exactly within the overlap, and never silently lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.domain import people
from accounts.models import HubOrganisation, ShownAs, User
from annotations.domain import adopting, contributors, queue, responding, surplus, totals, trials
from annotations.domain.adopting import Adopted
from annotations.models import Assignment, Response, SetAside, TrialAnswer
from annotations.tasks.trials import settle
from dibt.lib import clock
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from projects.domain import tasks
from projects.models import Access, Project, ProjectState
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.trying import a_visitor, try_next
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db


def someone_who_tried(project: Project, *, times: int = 1, user: User | None = None) -> User:
    """A person who answered before signing in, and has just signed in."""
    visitor, user = a_visitor(), user or somebody()
    for _ in range(times):
        try_next(project, visitor)
    assert adopting.claim(visitor.secret, by=user) == times
    return user


def test_answers_wait_for_the_licence_and_count_once_it_is_accepted() -> None:
    project = a_project(records=9, overlap=2)
    user = someone_who_tried(project, times=3)
    with pytest.raises(ConflictError, match="licence"):
        adopting.adopt(project, by=user)
    assert adopting.waiting(user).count() == 3
    assert totals.of(project).responses == 0

    taking_part(project, user)
    adopted = adopting.adopt(project, by=user)

    assert adopted == Adopted(answers=3)
    assert set(Response.objects.values_list("contributor__user", "surplus", "trial")) == {
        (user.pk, False, True)
    }
    assert not TrialAnswer.objects.exists()
    assert totals.of(project) == totals.Totals(records=9, complete=0, responses=3, contributors=1)
    assert contributor(project, user).submitted_count == 3
    assert_invariants(project, most=2)


def test_answers_given_in_the_usual_way_are_not_marked() -> None:
    project = a_project(records=1)

    answer(project, taking_part(project))

    assert Response.objects.get().trial is False


def test_an_answer_names_the_versions_it_was_given_under_and_counts_from_now_on() -> None:
    project = a_project(records=3)
    given_under = tasks.current_guidelines(project)
    user = someone_who_tried(project)
    tasks.save_guidelines(project, by=project.leads.get(), text="Other guidelines.")
    taking_part(project, user)
    before = clock.now()

    adopting.adopt(project, by=user)

    response = Response.objects.get()
    assert response.guidelines_version == given_under
    assert response.submitted_at >= before


def test_the_search_for_records_starts_where_it_did() -> None:
    project = a_project(records=30, overlap=1)
    user = taking_part(project, someone_who_tried(project, times=3))
    adopting.adopt(project, by=user)
    tried = set(Response.objects.values_list("record__queue_key", flat=True))

    following = responding.next_record(project, by=user)

    assert following is not None
    assert following.record.queue_key == min(set(range(4)) - tried)


def test_an_answer_to_a_record_that_is_full_meanwhile_is_surplus() -> None:
    project = a_project(records=1, overlap=1)
    user = someone_who_tried(project)
    answer(project, taking_part(project))
    taking_part(project, user)

    adopted = adopting.adopt(project, by=user)

    assert adopted == Adopted(answers=1, surplus=1)
    assert list(surplus.with_room(project)) == []
    assert totals.of(project).complete == 1
    assert_invariants(project, most=1)


def test_a_record_that_is_with_somebody_else_has_no_room_for_it() -> None:
    project = a_project(records=1, overlap=1)
    user, other = someone_who_tried(project), taking_part(project)
    responding.next_record(project, by=other)
    taking_part(project, user)

    assert adopting.adopt(project, by=user) == Adopted(answers=1, surplus=1)
    assert answer(project, other).response.surplus is False
    assert_invariants(project, most=1)


def test_the_place_that_somebody_holds_of_the_very_record_is_turned_in() -> None:
    project, visitor = a_project(records=1, overlap=1), a_visitor()
    user = taking_part(project)
    try_next(project, visitor)
    held = responding.next_record(project, by=user)
    assert held is not None
    adopting.claim(visitor.secret, by=user)

    assert adopting.adopt(project, by=user) == Adopted(answers=1)

    assert not Assignment.objects.exists()
    assert totals.of(project).complete == 1
    assert_invariants(project, most=1)


def test_who_answered_the_record_since_keeps_that_answer() -> None:
    project = a_project(records=1, overlap=2)
    user = taking_part(project)
    held = responding.next_record(project, by=user)
    assert held is not None
    someone_who_tried(project, user=user)
    own = responding.submit(project, by=user, record_id=held.record_id, values={"quality": 1}).response

    assert adopting.adopt(project, by=user) == Adopted()

    assert Response.objects.get() == own
    assert not adopting.waiting(user).exists()
    assert_invariants(project, most=2)


def test_an_answer_to_a_record_that_was_set_aside_is_surplus_until_a_lead_takes_it_in() -> None:
    project = a_project(records=1, overlap=2)
    user = taking_part(project, someone_who_tried(project))
    project.records.update(set_aside=SetAside.FLAGGED, set_aside_at=clock.now())

    assert adopting.adopt(project, by=user) == Adopted(answers=1, surplus=1)
    project.records.update(set_aside="", set_aside_at=None)
    assert surplus.take_in(project, by=project.leads.get()) == 1

    assert_invariants(project, most=2)


def test_whoever_signs_in_first_has_them_and_the_next_one_nothing() -> None:
    project, visitor = a_project(records=5), a_visitor()
    first, second = somebody(), somebody()
    try_next(project, visitor)

    assert adopting.claim(visitor.secret, by=first) == 1
    assert adopting.claim(visitor.secret, by=second) == 0

    assert adopting.waiting(first).count() == 1
    assert not adopting.waiting(second).exists()
    assert trials.given(project, visitor=visitor) == 0
    assert adopting.claim("somebody's guess", by=second) == 0


def test_of_two_answers_from_two_browsers_to_one_record_the_one_that_waits_is_kept() -> None:
    project = a_project(records=1)
    user = someone_who_tried(project)
    other_browser = a_visitor()
    try_next(project, other_browser, quality=1)

    assert adopting.claim(other_browser.secret, by=user) == 0

    assert [row.values for row in TrialAnswer.objects.all()] == [{"quality": 4}]


def test_where_all_was_asked_before_answers_count_at_once_in_every_project() -> None:
    known, unknown = a_project(records=5), a_project(records=5)
    user, visitor = taking_part(known), a_visitor()
    try_next(known, visitor)
    try_next(unknown, visitor)
    adopting.claim(visitor.secret, by=user)

    assert adopting.adopt_where_possible(user) == Adopted(answers=1)

    assert Response.objects.get().project == known
    assert adopting.waiting(user).get().project == unknown


def test_who_has_not_said_how_they_are_shown_is_waited_for() -> None:
    project = a_project(records=5)
    user = taking_part(project, someone_who_tried(project))
    User.objects.filter(pk=user.pk).update(shown_as="")
    user.refresh_from_db()

    assert adopting.adopt_where_possible(user) == Adopted()
    assert adopting.waiting(user).count() == 1
    people.choose_shown_as(user, shown_as=ShownAs.HIDDEN)
    settle()

    assert not adopting.waiting(user).exists()
    assert Response.objects.count() == 1


@pytest.mark.parametrize("state", [ProjectState.PAUSED, ProjectState.COMPLETED])
def test_answers_wait_while_their_project_takes_none_and_count_when_it_is_open_again(
    state: ProjectState,
) -> None:
    project = a_project(records=5)
    user = taking_part(project, someone_who_tried(project))
    Project.objects.update(state=state)
    project.refresh_from_db()
    with pytest.raises(ConflictError):
        adopting.adopt(project, by=user)
    settle()
    assert adopting.waiting(user).count() == 1
    assert not Response.objects.exists()

    Project.objects.update(state=ProjectState.OPEN)
    settle()

    assert Response.objects.get().surplus is False
    assert_invariants(project, most=2)


def offered_to(project: Project, user: User) -> set[int]:
    """All that the queue has for them."""
    project.refresh_from_db()
    return {held.record_id for held in responding.held(project, by=user, most=queue.MOST)}


def test_what_waited_for_a_project_to_open_again_is_not_offered_before_it_counts() -> None:
    project, visitor = a_project(records=5), a_visitor()
    user = taking_part(project)
    tried = {try_next(project, visitor).record_id for _ in range(2)}
    Project.objects.update(state=ProjectState.PAUSED)
    adopting.claim(visitor.secret, by=user)
    Project.objects.update(state=ProjectState.OPEN)

    offered = offered_to(project, user)

    assert len(offered) == 3
    assert not offered & tried
    assert contributor(project, user).has_tried
    settle()
    assert not contributor(project, user).has_tried
    assert_invariants(project, most=2)


def test_who_has_not_agreed_to_anything_yet_is_not_offered_what_they_answered() -> None:
    project = a_project(records=5)
    user = someone_who_tried(project, times=2)
    tried = set(adopting.waiting(user).values_list("record", flat=True))

    offered = offered_to(project, user)

    assert len(offered) == 3
    assert not offered & tried


def test_who_deletes_what_they_tried_is_offered_it_like_any_other_record() -> None:
    project = a_project(records=5)
    user = someone_who_tried(project, times=2)

    adopting.drop_all(project, by=user)

    assert len(offered_to(project, user)) == 5


def test_what_others_tried_is_offered_all_the_same() -> None:
    project = a_project(records=5)
    someone_who_tried(project, times=3)
    other = someone_who_tried(a_project(records=1))

    assert len(offered_to(project, other)) == 5
    assert not contributor(project, other).has_tried


def test_answers_in_a_project_that_became_one_for_members_wait() -> None:
    project = a_project(records=5)
    user = taking_part(project, someone_who_tried(project))
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access=Access.ORGANISATION, organisation=organisation)
    project.refresh_from_db()

    settle()
    with pytest.raises(NotAllowedError):
        adopting.adopt(project, by=user)

    assert adopting.waiting(user).count() == 1


def test_what_waits_is_deleted_by_its_author_alone() -> None:
    project = a_project(records=5)
    user, other = someone_who_tried(project, times=2), somebody()
    first = adopting.waiting(user).first()
    assert first is not None

    with pytest.raises(NotVisibleError):
        adopting.drop(first.pk, by=other)
    assert adopting.drop_all(project, by=other) == 0
    adopting.drop(first.pk, by=user)
    assert adopting.waiting(user).count() == 1
    adopting.drop_all(project, by=user)

    assert not TrialAnswer.objects.exists()


def test_an_adopted_answer_can_be_taken_back_like_any_other() -> None:
    project = a_project(records=1, overlap=1)
    user = taking_part(project, someone_who_tried(project))
    adopting.adopt(project, by=user)

    responding.take_back(Response.objects.get(), by=user)

    assert totals.of(project) == totals.Totals(records=1)
    assert_invariants(project, most=1)


def at_once(*deeds: Callable[[], object]) -> list[BaseException]:
    """Do them at the same time, each in a connection of its own; what went wrong."""
    failures: list[BaseException] = []

    def do(deed: Callable[[], object]) -> None:
        try:
            deed()
        except BaseException as failure:  # noqa: BLE001  # reported by the test
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_adopting_several_times_at_once_counts_each_answer_once() -> None:
    project = a_project(records=9, overlap=2)
    user = taking_part(project, someone_who_tried(project, times=3))

    failures = at_once(*[lambda: adopting.adopt(project, by=user)] * 4)

    assert failures == []
    assert Response.objects.count() == 3
    assert contributor(project, user).submitted_count == 3
    assert_invariants(project, most=2)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_sign_in_with_one_cookie_at_once_share_nothing() -> None:
    project, visitor = a_project(records=9), a_visitor()
    users = [taking_part(project) for _ in range(3)]
    for _ in range(3):
        try_next(project, visitor)

    def sign_in(user: User) -> None:
        adopting.claim(visitor.secret, by=user)
        adopting.adopt_where_possible(user)

    failures = at_once(*[lambda user=user: sign_in(user) for user in users])  # type: ignore[misc]

    assert failures == []
    assert Response.objects.count() == 3
    assert Response.objects.values("record").distinct().count() == 3
    assert_invariants(project, most=2)


@pytest.mark.django_db(transaction=True)
def test_records_are_filled_exactly_while_people_answer_and_others_adopt_them() -> None:
    project = a_project(records=6, overlap=2)
    tried = [taking_part(project, someone_who_tried(project, times=3)) for _ in range(4)]
    answering = [taking_part(project) for _ in range(3)]

    def annotate(user: User) -> None:
        while responding.next_record(project, by=user):
            answer(project, user)

    failures = at_once(
        *[lambda user=user: adopting.adopt(project, by=user) for user in tried],  # type: ignore[misc]
        *[lambda user=user: annotate(user) for user in answering],  # type: ignore[misc]
    )

    assert failures == []
    assert Response.objects.filter(trial=True).count() == 12
    assert set(project.records.values_list("submitted_count", "open_slots")) == {(2, 0)}
    assert_invariants(project, most=2)


@pytest.mark.django_db
def test_adopting_after_a_lease_ran_out_takes_the_place_that_was_not_swept_yet() -> None:
    project, visitor = a_project(records=1, overlap=1), a_visitor()
    user = taking_part(project)
    try_next(project, visitor)
    with clock.at(clock.now() - AFTER_THE_LEASE):
        assert responding.next_record(project, by=user)
    adopting.claim(visitor.secret, by=user)

    assert adopting.adopt(project, by=user) == Adopted(answers=1)

    assert queue.return_expired() == 0
    assert contributors.find(project, user) is not None
    assert_invariants(project, most=1)
