"""Discarding and flagging records, and what leads make of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.domain import notices
from accounts.models import User
from annotations.domain import queue, responding, setting_aside, totals
from annotations.models import Contributor, Discard, Flag, FlagReason, Record
from dibt.lib import clock
from dibt.lib.errors import InvalidError, NotAllowedError, NotVisibleError
from projects.models import Project, ProjectState
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, somebody, taking_part

pytestmark = pytest.mark.django_db


def opened(project: Project, user: User) -> int:
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    return assignment.record_id


def all_opened(project: Project, people: list[User]) -> int:
    """The one record that all of them have open."""
    (record_id,) = {opened(project, user) for user in people}
    return record_id


def discard(project: Project, user: User) -> int:
    record_id = opened(project, user)
    setting_aside.discard(project, by=user, record_id=record_id)
    return record_id


def flag(project: Project, user: User, reason: str = FlagReason.TOXIC, note: str = "") -> int:
    record_id = opened(project, user)
    setting_aside.flag(project, by=user, record_id=record_id, reason=reason, note=note)
    return record_id


def only(project: Project) -> Record:
    return project.records.get()


def told(project: Project) -> list[str]:
    return [one.kind for one in project.leads.get().notices.all()]


def test_discarding_frees_the_place_and_the_record_does_not_come_back() -> None:
    project = a_project(records=1, overlap=1)
    user, other = taking_part(project), taking_part(project)

    record_id = discard(project, user)
    setting_aside.discard(project, by=user, record_id=record_id)  # the button pressed twice

    assert Discard.objects.get().record_id == record_id
    assert responding.next_record(project, by=user) is None
    assert opened(project, other) == record_id


def test_flagging_frees_the_place_and_the_first_reason_stands() -> None:
    project = a_project(records=1, overlap=1)
    user, other = taking_part(project), taking_part(project)

    record_id = flag(project, user, FlagReason.BROKEN, "  Half a sentence. ")
    setting_aside.flag(project, by=user, record_id=record_id, reason=FlagReason.UNCLEAR)

    given = Flag.objects.get()
    assert (given.record_id, given.reason, given.note) == (record_id, "broken", "Half a sentence.")
    assert responding.next_record(project, by=user) is None
    assert opened(project, other) == record_id


def test_two_discards_take_the_record_out_of_the_queue_and_change_no_total() -> None:
    project = a_project(records=1, overlap=3)
    before = totals.of(project)

    for _person in range(2):
        discard(project, taking_part(project))

    record = only(project)
    assert (record.set_aside, record.open_slots) == ("discarded", 3)
    assert responding.next_record(project, by=taking_part(project)) is None
    assert totals.of(project) == totals.recount(project) == before
    assert told(project) == []


def test_two_grave_flags_take_the_record_out_and_tell_the_lead_once() -> None:
    project = a_project(records=1, overlap=3)
    people = [taking_part(project) for _person in range(3)]
    record_id = all_opened(project, people)

    for user, reason in zip(people, ("toxic", "personal_data", "toxic"), strict=True):
        setting_aside.flag(project, by=user, record_id=record_id, reason=reason)

    assert only(project).set_aside == "flagged"
    assert told(project) == ["record-flagged"]
    subject, body = notices.text_of(project.leads.get().notices.get())
    assert subject == f"A record of “{project.title}” is flagged"
    assert "“prompt-0”" in body


@pytest.mark.django_db(transaction=True)
def test_people_who_flag_at_the_same_moment_take_the_record_out_once_and_the_lead_is_told_once() -> None:
    project = a_project(records=1, overlap=4)
    people = [taking_part(project) for _person in range(4)]
    record_id = all_opened(project, people)
    together = Barrier(len(people))

    def flag_it(user: User) -> None:
        together.wait()
        try:
            setting_aside.flag(project, by=user, record_id=record_id, reason="toxic")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(flag_it, people))

    assert (only(project).set_aside, only(project).open_slots) == ("flagged", 4)
    assert told(project) == ["record-flagged"]


@pytest.mark.parametrize("reason", ["wrong_language", "broken", "unclear"])
def test_other_flags_leave_the_record_in_the_queue(reason: str) -> None:
    project = a_project(records=1, overlap=3)

    for _person in range(2):
        flag(project, taking_part(project), reason)

    assert only(project).set_aside == ""
    assert told(project) == []


def test_a_discarded_record_that_is_flagged_too_is_one_the_lead_is_told_of() -> None:
    project = a_project(records=1, overlap=4)
    people = [taking_part(project) for _person in range(4)]
    record_id = all_opened(project, people)

    for user in people[:2]:
        setting_aside.discard(project, by=user, record_id=record_id)
    for user in people[2:]:
        setting_aside.flag(project, by=user, record_id=record_id, reason="toxic")

    assert only(project).set_aside == "flagged"
    assert told(project) == ["record-flagged"]


def test_who_has_the_record_open_when_it_is_set_aside_can_still_answer_it() -> None:
    project = a_project(records=1, overlap=3)
    people = [taking_part(project) for _person in range(3)]
    record_id = all_opened(project, people)
    for user in people[:2]:
        setting_aside.discard(project, by=user, record_id=record_id)

    submitted = responding.submit(project, by=people[2], record_id=record_id, values={"quality": 4})

    assert not submitted.response.surplus
    assert (only(project).submitted_count, only(project).open_slots) == (1, 2)


def test_an_answer_stands_against_a_later_discard_of_its_author_but_not_against_a_flag() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record_id = answer(project, user).response.record_id

    setting_aside.discard(project, by=user, record_id=record_id)
    setting_aside.flag(project, by=user, record_id=record_id, reason="toxic")

    assert not Discard.objects.exists()
    assert Flag.objects.get().record_id == record_id
    assert only(project).submitted_count == 1


def test_a_flag_that_comes_after_the_time_has_run_out_is_kept() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record_id = opened(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()

    setting_aside.flag(project, by=user, record_id=record_id, reason="personal_data")

    assert Flag.objects.get().record_id == record_id
    assert only(project).open_slots == 2


def test_what_was_never_handed_to_somebody_they_can_neither_discard_nor_flag() -> None:
    project, elsewhere = a_project(records=1), a_project(records=1)
    stranger, theirs = taking_part(project), only(elsewhere).pk

    for record_id in (only(project).pk, theirs, 9_999_999):
        with pytest.raises(NotVisibleError):
            setting_aside.discard(project, by=stranger, record_id=record_id)
        with pytest.raises(NotVisibleError):
            setting_aside.flag(project, by=stranger, record_id=record_id, reason="toxic")
    assert not Discard.objects.exists()
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    ("reason", "note"),
    [("", ""), ("boring", ""), ("toxic", "x" * 501), ("toxic", "a\0"), ("toxic", "\ud83d")],
)
def test_a_flag_wants_a_reason_and_a_short_note_that_can_be_stored(reason: str, note: str) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record_id = opened(project, user)

    with pytest.raises(InvalidError):
        setting_aside.flag(project, by=user, record_id=record_id, reason=reason, note=note)

    assert opened(project, user) == record_id


def test_a_record_that_is_put_back_takes_two_new_discards() -> None:
    project = a_project(records=1, overlap=3)
    lead = project.leads.get()
    for _person in range(2):
        discard(project, taking_part(project))

    setting_aside.put_back(project, by=lead, record_id=only(project).pk)
    discard(project, taking_part(project))
    after_one = only(project).set_aside
    discard(project, taking_part(project))

    assert (after_one, only(project).set_aside) == ("", "discarded")


def test_a_record_that_was_left_out_stays_out_until_it_is_put_back() -> None:
    project = a_project(records=1, overlap=3)
    lead, record = project.leads.get(), only(project)
    flag(project, taking_part(project), "unclear")

    setting_aside.leave_out(project, by=lead, record_id=record.pk)
    out = responding.next_record(project, by=taking_part(project))
    setting_aside.put_back(project, by=lead, record_id=record.pk)

    assert out is None
    assert opened(project, taking_part(project)) == record.pk


def test_only_who_runs_the_project_decides_about_its_records() -> None:
    project, hidden, elsewhere = (
        a_project(records=1),
        a_project(state=ProjectState.SETUP),
        a_project(records=1),
    )
    record, outsider = only(project), somebody()

    for decide in (setting_aside.put_back, setting_aside.leave_out):
        with pytest.raises(NotAllowedError):
            decide(project, by=outsider, record_id=record.pk)
        with pytest.raises(NotVisibleError):
            decide(hidden, by=outsider, record_id=record.pk)
        with pytest.raises(NotVisibleError):
            decide(elsewhere, by=elsewhere.leads.get(), record_id=record.pk)
    assert only(project).set_aside == ""


def test_the_list_says_who_holds_what_against_a_record_since_it_was_put_back() -> None:
    project = a_project(records=2, overlap=9)
    lead = project.leads.get()
    first = discard(project, taking_part(project))
    setting_aside.put_back(project, by=lead, record_id=first)
    empty = list(setting_aside.objected(project))
    discard(project, taking_part(project))
    flag(project, taking_part(project), "broken", "Cut off.")

    (listed,) = setting_aside.with_objections(list(setting_aside.objected(project)))

    assert empty == []
    assert (listed.record.pk, listed.discards) == (first, 1)
    assert [(one.reason, one.note) for one in listed.flags] == [("broken", "Cut off.")]
    assert Contributor.objects.filter(project=project).count() == 3
