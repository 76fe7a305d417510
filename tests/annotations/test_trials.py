"""Answering before signing in: what is offered, what is kept, and what it must not change."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import HubOrganisation
from annotations.domain import records, totals, trials
from annotations.domain.trials import KEPT_FOR, MOST_PASSED, Visitor
from annotations.models import Assignment, Contributor, Response, SetAside, TrialAnswer
from annotations.models.trial import MOST_TRIED
from annotations.tasks.trials import settle
from dibt.lib import clock
from dibt.lib.errors import ConflictError, DomainError, NotAllowedError, NotVisibleError
from projects.domain import tasks
from projects.models import Access, Project, ProjectState
from projects.schema.answers import AnswerError
from tests.annotations.trying import a_visitor, try_next, try_record
from tests.annotations.worlds import a_project, answer, taking_part

pytestmark = pytest.mark.django_db


def test_a_trial_answer_is_kept_with_its_versions_and_changes_nothing_else() -> None:
    project = a_project(records=5)
    before = totals.of(project), list(project.records.values_list("open_slots", "submitted_count"))

    given = try_next(project, a_visitor(), quality=3)

    kept = TrialAnswer.objects.get()
    assert kept == given
    assert kept.values == {"quality": 3}
    assert kept.schema_version == tasks.current_schema(project)
    assert kept.guidelines_version == tasks.current_guidelines(project)
    assert kept.user is None
    assert (totals.of(project), list(project.records.values_list("open_slots", "submitted_count"))) == before
    assert not Response.objects.exists()
    assert not Assignment.objects.exists()
    assert not Contributor.objects.exists()


def test_only_a_digest_of_the_browsers_secret_is_stored() -> None:
    project, visitor = a_project(records=1), a_visitor()

    try_next(project, visitor)

    stored = TrialAnswer.objects.get().visitor
    assert len(stored) == 64
    assert visitor.secret not in stored


def test_the_same_record_is_offered_until_it_is_answered_and_then_never_again() -> None:
    project, visitor = a_project(records=5), a_visitor()

    offered = []
    for _ in range(MOST_TRIED):
        first, again = (trials.next_record(project, visitor=visitor) for _ in range(2))
        assert first is not None
        assert first == again
        offered.append(first.pk)
        try_record(project, visitor, first)

    assert len(set(offered)) == MOST_TRIED
    assert trials.next_record(project, visitor=visitor) is None


def test_an_offer_stays_the_same_while_others_answer_other_records() -> None:
    project, visitor = a_project(records=30, overlap=1), a_visitor()
    offered = trials.next_record(project, visitor=visitor)
    assert offered is not None
    user = taking_part(project)

    while (held := answer(project, user)).response.record_id != offered.pk:
        assert trials.next_record(project, visitor=visitor) == offered

    following = trials.next_record(project, visitor=visitor)
    assert held.response.surplus is False
    assert following is None or following != offered


def test_visitors_are_spread_over_the_records_that_come_next() -> None:
    project = a_project(records=100)

    offered = [trials.next_record(project, visitor=a_visitor()) for _ in range(100)]

    heaps = Counter(record.pk for record in offered if record)
    assert len(heaps) > 40
    assert max(heaps.values()) < 10


def test_offered_are_the_next_records_with_room_only(monkeypatch: pytest.MonkeyPatch) -> None:
    project = a_project(records=8)
    monkeypatch.setattr(trials, "WINDOW", 4)
    rows = list(project.records.order_by("queue_key"))
    project.records.filter(pk=rows[0].pk).update(open_slots=0)
    project.records.filter(pk=rows[1].pk).update(set_aside=SetAside.FLAGGED, set_aside_at=clock.now())

    offered = {trials.next_record(project, visitor=a_visitor()) for _ in range(60)}

    assert offered == set(rows[2:6])


def test_passing_over_leads_on_a_few_times_and_keeps_no_row() -> None:
    project, visitor = a_project(records=20), a_visitor()

    passed: list[int] = []
    for _ in range(MOST_PASSED + 3):
        record = trials.next_record(project, visitor=visitor, passed=passed)
        assert record is not None
        passed.append(record.pk)

    assert len(set(passed)) == MOST_PASSED + 1
    assert not TrialAnswer.objects.exists()


def test_a_fourth_answer_is_refused() -> None:
    project, visitor = a_project(records=9), a_visitor()
    for _ in range(MOST_TRIED):
        try_next(project, visitor)
    left = project.records.exclude(trial_answers__isnull=False).first()
    assert left is not None

    with pytest.raises(ConflictError, match="answered 3 records"):
        try_record(project, visitor, left)

    assert TrialAnswer.objects.count() == MOST_TRIED


def test_three_may_be_tried_in_each_project() -> None:
    first, second, visitor = a_project(records=5), a_project(records=5), a_visitor()
    for _ in range(MOST_TRIED):
        try_next(first, visitor)

    try_next(second, visitor)

    assert trials.given(first, visitor=visitor) == MOST_TRIED
    assert trials.given(second, visitor=visitor) == 1


def test_another_answer_to_the_same_record_takes_the_place_of_the_first() -> None:
    project, visitor = a_project(records=5), a_visitor()
    record = trials.next_record(project, visitor=visitor)
    assert record is not None

    try_record(project, visitor, record, quality=1)
    try_record(project, visitor, record, quality=5)

    assert [row.values for row in TrialAnswer.objects.all()] == [{"quality": 5}]


@pytest.mark.parametrize("values", [{}, {"quality": 9}, {"quality": float("nan")}, {"other": 1}, "4", None])
def test_what_does_not_fit_the_task_is_refused(values: object) -> None:
    project, visitor = a_project(records=1), a_visitor()
    offer = trials.offer(project.records.get(), visitor=visitor)

    with pytest.raises(AnswerError):
        trials.answer(project, visitor=visitor, offer=offer, values=values)

    assert not TrialAnswer.objects.exists()


def test_a_record_that_was_not_offered_to_this_visitor_is_refused() -> None:
    project, other_project = a_project(records=2), a_project(records=1)
    visitor, other = a_visitor(), a_visitor()
    record = project.records.first()
    assert record is not None
    wrong = [
        trials.offer(record, visitor=other),
        trials.offer(other_project.records.get(), visitor=visitor),
        trials.offer(record, visitor=visitor).replace(str(record.pk), str(record.pk + 1), 1),
        str(record.pk),
        "",
        "x" * 5_000,
    ]

    for offer in wrong:
        with pytest.raises(NotVisibleError):
            trials.answer(project, visitor=visitor, offer=offer, values={"quality": 4})

    assert not TrialAnswer.objects.exists()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"state": ProjectState.SETUP}, NotVisibleError),
        ({"state": ProjectState.PAUSED}, ConflictError),
        ({"state": ProjectState.COMPLETED}, ConflictError),
        ({"access": Access.ORGANISATION}, NotAllowedError),
    ],
)
def test_only_open_projects_for_everybody_may_be_tried(
    changed: dict[str, object], refusal: type[DomainError]
) -> None:
    project, visitor = a_project(records=1), a_visitor()
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.filter(pk=project.pk).update(organisation=organisation, **changed)
    project.refresh_from_db()

    with pytest.raises(refusal):
        try_record(project, visitor, project.records.get())
    with pytest.raises(refusal):
        trials.next_record(project, visitor=visitor)

    assert not TrialAnswer.objects.exists()


def test_a_project_takes_so_many_a_day_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    project = a_project(records=5)
    monkeypatch.setattr(trials, "MOST_A_DAY", 2)
    with clock.at(clock.now() - timedelta(days=2)):
        try_next(project, a_visitor())
    try_next(project, a_visitor())
    late = a_visitor()
    offered = trials.next_record(project, visitor=late)
    assert offered is not None
    try_next(project, a_visitor())

    with pytest.raises(ConflictError, match="Too many people"):
        try_record(project, late, offered)

    assert trials.next_record(project, visitor=late) is None


def test_forgetting_deletes_what_this_visitor_gave_and_nothing_of_others() -> None:
    project, visitor, other = a_project(records=5), a_visitor(), a_visitor()
    try_next(project, visitor)
    kept = try_next(project, other)

    assert trials.forget(visitor) == 1
    assert trials.forget(Visitor(seed="somebody without a cookie")) == 0

    assert list(TrialAnswer.objects.all()) == [kept]


def test_what_nobody_signed_in_for_goes_after_thirty_days() -> None:
    project, visitor = a_project(records=5), a_visitor()
    with clock.at(clock.now() - KEPT_FOR - timedelta(hours=1)):
        try_next(project, visitor)
    young = try_next(project, visitor)

    settle()

    assert list(TrialAnswer.objects.all()) == [young]


def test_raising_the_overlap_does_not_meet_trial_answers() -> None:
    project = a_project(records=2, overlap=1)
    try_next(project, a_visitor())

    records.set_overlap(project, by=project.leads.get(), overlap=2)

    assert set(project.records.values_list("open_slots", flat=True)) == {2}


@pytest.mark.django_db(transaction=True)
def test_several_tabs_at_once_give_three_answers_and_not_more() -> None:
    project, visitor = a_project(records=8), a_visitor()
    offered = list(project.records.all())
    results: list[object] = []

    def send(place: int) -> None:
        try:
            results.append(try_record(project, visitor, offered[place]))
        except ConflictError as refusal:
            results.append(refusal)
        finally:
            connection.close()

    tabs = [threading.Thread(target=send, args=[place]) for place in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert len(results) == 8
    assert sorted(TrialAnswer.objects.values_list("number", flat=True)) == [1, 2, 3]
