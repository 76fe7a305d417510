"""One person at two devices, of which one knows nothing of what the other has done."""

import pytest

from accounts.models import User
from annotations.domain import leasing, queue, responding, setting_aside, skipping, totals
from annotations.domain.given import OutdatedError
from annotations.models import Draft, FlagReason, Response, Skip
from dibt.lib import clock
from dibt.lib.errors import ConflictError, GoneError, NotVisibleError
from projects.models import Project
from tests.annotations.tasks import BREAKING, a_project_asking, ask
from tests.annotations.test_api import Api
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.test_workspace import SCRIPT, as_user, url
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, contributor, taking_part

pytestmark = pytest.mark.django_db


def on_both(project: Project, user: User) -> int:
    """The record that is on the screens of both."""
    first, second = (responding.held(project, by=user)[0].record_id for _ in range(2))
    assert first == second
    return first


def send(project: Project, user: User, record_id: int, *, key: str = "A") -> responding.Submitted:
    return responding.submit(project, by=user, record_id=record_id, values={"quality": 5}, key=key)


@pytest.mark.parametrize("lapsed", [False, True])
def test_an_answer_to_a_record_that_its_author_has_skipped_elsewhere_counts_and_undoes_the_skip(
    lapsed: bool,
) -> None:
    project = a_project(records=5)
    user = taking_part(project)
    record = on_both(project, user)
    if lapsed:
        leasing.leave(project, by=user, record_ids=[record])
        leasing.keep(project, by=user, record_ids=[record])
    responding.skip(project, by=user, record_id=record)

    taken = send(project, user, record)

    assert (taken.repeated, taken.response.surplus) == (False, False)
    assert not Skip.objects.exists()
    assert contributor(project, user).skipped_count == 0
    assert skipping.skipped_waiting(project, by=user) == 0
    assert send(project, user, record).repeated
    assert_invariants(project, most=2)


def test_where_the_record_is_full_by_then_the_answer_is_surplus() -> None:
    project = a_project(records=1, overlap=1)
    user = taking_part(project)
    record = on_both(project, user)
    responding.skip(project, by=user, record_id=record)
    answer(project, taking_part(project))

    taken = send(project, user, record)

    assert taken.response.surplus
    assert not Skip.objects.exists()
    assert totals.of(project) == totals.Totals(records=1, complete=1, responses=2, contributors=2)
    assert_invariants(project, most=1)


def test_the_skip_of_somebody_else_lets_nobody_answer() -> None:
    project = a_project(records=5)
    user, stranger = taking_part(project), taking_part(project)
    record = on_both(project, user)
    responding.skip(project, by=user, record_id=record)

    with pytest.raises(NotVisibleError, match="not given to you"):
        send(project, stranger, record)

    assert Skip.objects.count() == 1
    assert_invariants(project, most=2)


def test_an_outdated_answer_to_a_record_skipped_elsewhere_is_kept_as_a_draft() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    record = on_both(project, user)
    responding.skip(project, by=user, record_id=record)
    ask(project, BREAKING)

    with pytest.raises(OutdatedError, match="kept for you"):
        responding.submit(project, by=user, record_id=record, values={"quality": 3}, schema_version=1)

    assert Draft.objects.get().data == {"quality": ["3"]}
    assert not Skip.objects.exists()
    assert contributor(project, user).skipped_count == 0


@pytest.mark.parametrize("lapsed", [False, True])
@pytest.mark.parametrize(
    ("object_to", "sentence"),
    [("discard", "called this record “not answerable”"), ("flag", "flagged this record")],
)
def test_what_they_held_against_a_record_elsewhere_stands_and_they_are_told_so(
    object_to: str, sentence: str, *, lapsed: bool
) -> None:
    project = a_project(records=5)
    user = taking_part(project)
    record = on_both(project, user)
    if lapsed:
        with clock.at(clock.now() + AFTER_THE_LEASE):
            queue.return_expired()
    if object_to == "discard":
        setting_aside.discard(project, by=user, record_id=record)
    else:
        setting_aside.flag(project, by=user, record_id=record, reason=FlagReason.BROKEN)

    with pytest.raises(ConflictError, match=sentence):
        send(project, user, record)

    assert not Response.objects.exists()
    assert_invariants(project, most=2)


def test_what_is_refused_reaches_the_page_and_programs_with_its_reason() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    record = on_both(project, user)
    setting_aside.discard(project, by=user, record_id=record)

    page = as_user(user).post(url(project), {"record": record, "answer.quality": "4", "key": "A"}, **SCRIPT)
    path = f"/api/v1/projects/{project.slug}/responses/"
    program = Api(user).client.post(path, {"record": record, "values": {"quality": 4}}, "application/json")

    for told in (page, program):
        assert (told.status_code, told.json()["type"]) == (409, "conflict")
        assert "Go on with the next one" in told.json()["detail"]


def test_who_deleted_their_answer_can_give_another_one_at_once() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    record = on_both(project, user)
    responding.take_back(send(project, user, record, key="B").response, by=user)

    with pytest.raises(GoneError):
        send(project, user, record, key="B")
    taken = send(project, user, record, key="A")

    assert (taken.repeated, taken.response.surplus) == (False, False)
    assert_invariants(project, most=2)


def test_who_deleted_their_answer_can_also_pass_the_record_over() -> None:
    project = a_project(records=5)
    user = taking_part(project)
    record = on_both(project, user)
    responding.take_back(send(project, user, record).response, by=user)

    responding.skip(project, by=user, record_id=record)

    assert Skip.objects.get().record_id == record
    assert_invariants(project, most=2)
