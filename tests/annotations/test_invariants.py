"""What must hold whatever people do, in any order and at the same time."""

import contextlib
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from annotations.domain import (
    adopting,
    drafts,
    editing,
    leasing,
    queue,
    records,
    responding,
    setting_aside,
    skipping,
    surplus,
    totals,
    trials,
    undoing,
)
from annotations.domain.given import OutdatedError
from annotations.models import (
    Assignment,
    Discard,
    Draft,
    Flag,
    FlagReason,
    Lapse,
    Priority,
    Record,
    Response,
    SetAside,
    Skip,
)
from dibt.lib import clock
from dibt.lib.errors import DomainError, GoneError
from projects.domain import tasks
from projects.models import Project
from projects.schema.answers import validate_answer
from projects.schema.questions import RatingQuestion
from tests.annotations.tasks import ask
from tests.annotations.trying import a_visitor, try_record
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, import_records, taking_part

PEOPLE = 4
ACTIONS = st.sampled_from(
    [
        "claim",
        "claim_several",
        "keep",
        "leave",
        "sign_out",
        "take_along",
        "give_back",
        "reopen_skipped",
        "import_first",
        "submit",
        "skip",
        "discard",
        "flag",
        "undo",
        "put_back",
        "leave_out",
        "expire",
        "next_day",
        "take_back",
        "edit",
        "fold",
        "late",
        "submit_with_key",
        "replay",
        "type",
        "go_on",
        "ask_otherwise",
        "outdated",
        "raise_overlap",
        "lower_overlap",
        "try_without_signing_in",
        "sign_in",
        "sign_in_and_adopt",
        "take_in",
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
        assert contributor.skipped_count == contributor.skips.count()
        assert contributor.assignments.count() <= queue.MOST
    for response in Response.objects.filter(project=project).select_related("schema_version"):
        assert validate_answer(response.schema_version.schema, response.values).to_json() == response.values
    pairs = Counter(Response.objects.values_list("record", "contributor"))
    assert not pairs or max(pairs.values()) == 1


def assert_set_aside_for_a_reason() -> None:
    """Who takes an objection back takes its weight with it."""
    for record in Record.objects.exclude(set_aside__in=("", SetAside.LEFT_OUT)):
        (told,) = setting_aside.with_objections([record])
        grave = sum(flag.reason in setting_aside.GRAVE for flag in told.flags)
        weight = grave if record.set_aside == SetAside.FLAGGED else told.discards
        assert weight >= setting_aside.ENOUGH


def assert_drafts_have_an_end() -> None:
    """Nobody has one for a record that they are through with."""
    for draft in Draft.objects.all():
        mine = {"record": draft.record_id, "contributor": draft.contributor_id}
        assert not any(model.objects.filter(**mine).exists() for model in (Response, Skip, Discard, Flag))


class Actor:
    """One person who does as told, and remembers the record they last saw on their screen."""

    def __init__(self, project: Project, user: User) -> None:
        self.project, self.user, self.on_screen = project, user, 0
        self.taken: list[tuple[str, int, int, int]] = []  # key, record, version, answer
        self.browser = a_visitor()

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

    def claim_several(self) -> None:
        before = self._held()
        held = responding.held(self.project, by=self.user)
        if held:
            self.on_screen = held[-1].record_id
        for assignment in held:
            if assignment.record_id not in before:
                self._assert_offered(assignment)

    def keep(self) -> None:
        before = self._held()
        everything = list(self.project.records.values_list("pk", flat=True))
        mine = {"contributor__user": self.user}
        had = {*Lapse.objects.filter(**mine).values_list("record", flat=True)}
        had |= {*Assignment.objects.filter(**mine).values_list("record", flat=True)}
        kept = set(leasing.keep(self.project, by=self.user, record_ids=everything))
        assert before <= kept <= had
        assert kept == self._held()

    def leave(self) -> None:
        along = self._held(taken_along=True)
        leasing.leave(self.project, by=self.user, record_ids=self._held(), seen=self.on_screen)
        assert self._held() - {self.on_screen} == along - {self.on_screen}

    def sign_out(self) -> None:
        along = self._held(taken_along=True)
        leasing.leave_everything(by=self.user)
        assert self._held() == along

    def take_along(self) -> None:
        before = self._held()
        along = leasing.take_along(self.project, by=self.user, most=3)
        for assignment in along:
            if assignment.record_id not in before:
                self._assert_offered(assignment)

    def give_back(self) -> None:
        leasing.give_back(self.project, by=self.user)
        assert not self._held(taken_along=True)

    def _held(self, **which: bool) -> set[int]:
        live = Assignment.objects.live().filter(contributor__user=self.user, **which)
        return set(live.values_list("record", flat=True))

    def reopen_skipped(self) -> None:
        waiting = skipping.skipped_waiting(self.project, by=self.user)
        assert skipping.reopen_skipped(self.project, by=self.user) == waiting
        assert skipping.skipped_waiting(self.project, by=self.user) == 0

    def import_first(self) -> None:
        """One more record that comes before all others: nobody's search is beyond it."""
        number = self.project.records.count()
        import_records(self.project, [f"first-{number}"], priority=Priority.FIRST)
        newest = self.project.records.get(external_id=f"first-{number}").queue_key
        assert not self.project.contributors.filter(last_queue_key__gte=newest).exists()

    def _assert_offered(self, assignment: Assignment) -> None:
        """Nobody is offered a record that is set aside, or one they were through with."""
        record, mine = assignment.record, {"contributor": assignment.contributor_id}
        through = (record.responses, record.skips, record.discards, record.flags)
        assert record.set_aside == ""
        assert not any(rows.filter(**mine).exists() for rows in through)
        assert not adopting.waiting(self.user).filter(record=record).exists()

    def submit(self) -> None:
        responding.submit(self.project, by=self.user, record_id=self.on_screen, values={"quality": 3})

    late = submit

    def submit_with_key(self) -> None:
        """Also one that they gave before under another key, or none."""
        key, version = f"key-{len(self.taken)}", tasks.current_schema(self.project).number
        said = {"record_id": self.on_screen, "values": {"quality": 3}}
        given = responding.submit(self.project, by=self.user, key=key, **said)
        self.taken.append((key, self.on_screen, version, given.response.pk))

    def replay(self) -> None:
        """What was taken is the one that is there, or was deleted for good, whatever happened since."""
        for key, record, version, answer in self.taken:
            said = {"values": {"quality": 3}, "key": key, "schema_version": version}
            try:
                again = responding.submit(self.project, by=self.user, record_id=record, **said)
            except GoneError:
                assert not Response.objects.filter(pk=answer).exists()
            else:
                assert (again.repeated, again.response.pk) == (True, answer)

    def type(self) -> None:
        drafts.save(self.project, by=self.user, record_id=self.on_screen, data={"quality": ["2"]})

    def go_on(self) -> None:
        for draft in drafts.of(self.user):
            drafts.go_on(self.project, by=self.user, record_id=draft.record_id)
            self.on_screen = draft.record_id

    def ask_otherwise(self) -> None:
        """A rating of another range, which no answer is taken over to."""
        schema = tasks.current_schema(self.project).schema
        rating, *others = schema.questions
        assert isinstance(rating, RatingQuestion)
        other = replace(rating, max=5 if rating.max == 7 else 7)
        ask(self.project, replace(schema, questions=(other, *others)))

    def outdated(self) -> None:
        said = {"record_id": self.on_screen, "values": {"quality": 4}, "schema_version": 1}
        try:
            responding.submit(self.project, by=self.user, **said)
        except OutdatedError:
            mine = {"contributor__user": self.user, "record": self.on_screen}
            assert Draft.objects.get(**mine).data == {"quality": ["4"]}
            assert not Response.objects.filter(**mine).exists()

    def skip(self) -> None:
        responding.skip(self.project, by=self.user, record_id=self.on_screen)

    def discard(self) -> None:
        setting_aside.discard(self.project, by=self.user, record_id=self.on_screen)

    def flag(self) -> None:
        setting_aside.flag(self.project, by=self.user, record_id=self.on_screen, reason=FlagReason.TOXIC)

    def undo(self) -> None:
        """Of what was done with the record that they last saw; it is with them again, or can be offered to them."""
        mine = {"record": self.on_screen, "contributor__user": self.user}
        done = [what for what, kind in undoing.KINDS.items() if kind.objects.filter(**mine).exists()]
        for what in done:
            back = undoing.take_back(self.project, by=self.user, record_id=self.on_screen, what=what)
        if done:
            answered = Response.objects.filter(**mine).exists()
            record = Record.objects.get(pk=self.on_screen)
            had_room = record.open_slots + bool(back.assignment) > 0 and not record.set_aside
            assert bool(back.assignment) == (had_room and not answered)

    def leave_out(self) -> None:
        setting_aside.leave_out(self.project, by=self.project.leads.get(), record_id=self.on_screen)

    def put_back(self) -> None:
        setting_aside.put_back(self.project, by=self.project.leads.get(), record_id=self.on_screen)

    def expire(self) -> None:
        with clock.at(clock.now() + AFTER_THE_LEASE):
            queue.return_expired()

    def next_day(self) -> None:
        with clock.at(clock.now() + leasing.A_DAY + AFTER_THE_LEASE):
            queue.return_expired()
        assert not Assignment.objects.exists()

    def take_back(self) -> None:
        response = Response.objects.filter(contributor__user=self.user).order_by("-pk").first()
        if response:
            responding.take_back(response, by=self.user)

    def edit(self) -> None:
        response = Response.objects.filter(contributor__user=self.user).order_by("-pk").first()
        if response:
            editing.edit(response, by=self.user, values={"quality": 1 + response.values["quality"] % 5})

    def try_without_signing_in(self) -> None:
        """Also a record that they hold, skipped or answered as the person they are."""
        if record := trials.next_record(self.project, visitor=self.browser):
            try_record(self.project, self.browser, record)

    def sign_in(self) -> None:
        """What was tried waits, as in a project that is paused at that moment, and is not offered."""
        adopting.claim(self.browser.secret, by=self.user)
        self.browser = a_visitor()

    def take_in(self) -> None:
        surplus.take_in(self.project, by=self.project.leads.get())

    def sign_in_and_adopt(self) -> None:
        """What was tried is theirs afterwards, but for records that they had answered already."""
        adopting.claim(self.browser.secret, by=self.user)
        tried = set(adopting.waiting(self.user).values_list("record", flat=True))
        mine = Response.objects.filter(contributor__user=self.user)
        before = set(mine.values_list("record", flat=True))
        adopting.adopt_where_possible(self.user)
        assert set(mine.values_list("record", flat=True)) == before | tried
        assert not adopting.waiting(self.user).exists()
        self.browser = a_visitor()

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
        assert_drafts_have_an_end()
        assert_set_aside_for_a_reason()


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
