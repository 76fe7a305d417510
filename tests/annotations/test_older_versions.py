"""Answers to a version of the task that is no longer asked: given without the network, or slowly."""

import pytest

from accounts.models import User
from annotations.domain import drafts, editing, queue, responding
from annotations.domain.given import OutdatedError
from annotations.models import Assignment, Contributor, Draft, Response, TotalsDelta
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError
from projects.models import Project
from projects.schema.answers import AnswerError
from tests.annotations.tasks import BREAKING, SAFE, a_project_asking, ask, opened
from tests.annotations.test_api import Api
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.test_workspace import SCRIPT, as_user, url
from tests.annotations.worlds import AFTER_THE_LEASE, answer, contributor, taking_part

pytestmark = pytest.mark.django_db
VALUES = {"quality": 4, "topic": "math", "comment": "So it is."}


def give(
    project: Project, user: User, record: int, *, version: int | None = 1, key: str = "", **values: object
) -> responding.Submitted:
    return responding.submit(
        project, by=user, record_id=record, values=values or VALUES, key=key, schema_version=version
    )


def test_an_answer_to_an_older_version_is_taken_where_the_change_was_safe() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    record = opened(project, user)
    newer = ask(project, SAFE)

    given = give(project, user, record).response
    given.refresh_from_db()

    assert (given.values, given.schema_version.number) == (VALUES, 1)
    changed = editing.edit(given, by=user, values={**VALUES, "topic": "art"})
    assert changed.schema_version == newer
    assert [edit.schema_version.number for edit in changed.edits.all()] == [1]
    assert "Mathematics" in as_user(user).get("/me/answers/").content.decode()
    assert_invariants(project, most=2)


def test_an_answer_is_held_to_the_version_that_it_names() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    record = opened(project, user)
    ask(project, SAFE)

    with pytest.raises(AnswerError):
        give(project, user, record, version=1, quality=4, topic="art")

    assert not Response.objects.exists()
    assert give(project, user, record, version=2, quality=4, topic="art").response.schema_version.number == 2


def test_an_answer_that_names_no_version_is_one_to_the_present_task() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    ask(project, BREAKING)

    with pytest.raises(AnswerError):
        give(project, user, record, version=None)

    assert give(project, user, record, version=None, quality=7).response.schema_version.number == 2


def test_several_safe_changes_are_safe() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    ask(project, SAFE)
    ask(project, SAFE)

    assert give(project, user, record).response.schema_version.number == 1


def test_an_answer_that_may_no_longer_fit_is_kept_as_a_draft_and_the_record_stays_theirs() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    record = opened(project, user)
    ask(project, BREAKING)

    with pytest.raises(OutdatedError, match="kept for you under “Your answers”"):
        give(project, user, record)

    draft = Draft.objects.get()
    assert draft.data == {"quality": ["4"], "topic": ["math"], "comment": ["So it is."]}
    assert draft.schema_version.number == 1
    assert not Response.objects.exists()
    assert not TotalsDelta.objects.exclude(responses=0).exists()
    assert opened(project, user) == record
    restored = drafts.restore(contributor(project, user), [record])[record]
    assert restored.data == {"answer.comment": ["So it is."]}
    give(project, user, record, version=2, quality=7, comment="So it is.")
    assert not Draft.objects.exists()
    assert_invariants(project, most=2)


def test_without_the_network_for_long_the_draft_brings_the_record_back() -> None:
    project = a_project_asking(overlap=1)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    ask(project, BREAKING)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        with pytest.raises(OutdatedError):
            give(project, user, record)

        assert Assignment.objects.get().contributor.user == user
        assert responding.next_record(project, by=other) is None


def test_before_the_first_answer_the_draft_is_kept_too() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    Contributor.objects.update(licence_accepted_at=None)
    ask(project, BREAKING)

    with pytest.raises(OutdatedError):
        give(project, user, record)

    assert Draft.objects.exists()


def test_what_was_answered_before_stands_also_when_the_task_has_changed() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    first = give(project, user, record, key="one").response
    ask(project, BREAKING)

    assert give(project, user, record, key="one").response == first
    assert give(project, user, record, key="").repeated
    with pytest.raises(ConflictError, match="first answer stands"):
        give(project, user, record, key="", quality=1)
    with pytest.raises(InvalidError, match="used for another answer"):
        give(project, user, record, key="one", quality=1)

    assert Response.objects.get().values == VALUES
    assert not Draft.objects.exists()


def test_nobody_gets_a_draft_of_a_record_that_was_never_theirs() -> None:
    project = a_project_asking(records=2)
    user, stranger = taking_part(project), taking_part(project)
    record = opened(project, user)
    ask(project, BREAKING)

    for person, wanted in ((stranger, record), (user, record + 1), (user, 10**15)):
        with pytest.raises(NotVisibleError, match="not given to you"):
            give(project, person, wanted)

    assert not Draft.objects.exists()


@pytest.mark.parametrize("version", [0, -1, 3, 2**31, 2**70])
def test_a_version_that_never_was_or_is_yet_to_come_is_refused(version: int) -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    ask(project, SAFE)

    with pytest.raises(InvalidError, match="The task has no version"):
        give(project, user, record, version=version)

    assert not Response.objects.exists()
    assert Assignment.objects.get().record_id == record


def test_what_was_no_answer_to_its_own_version_is_refused_and_not_kept() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)
    ask(project, BREAKING)

    with pytest.raises(AnswerError):
        give(project, user, record, quality=6)

    assert not Draft.objects.exists()


def test_programs_name_the_version_and_are_told_what_became_of_the_answer() -> None:
    project = a_project_asking(records=3)
    user = taking_part(project)
    api, path = Api(user), f"projects/{project.slug}/responses/"
    ask(project, SAFE)

    taken = api.post(path, {"record": opened(project, user), "values": VALUES, "schema_version": 1})
    record = opened(project, user)
    ask(project, BREAKING)
    kept = api.post(path, {"record": record, "values": VALUES, "schema_version": 2})
    unknown = api.post(path, {"record": record, "values": VALUES, "schema_version": 4})
    nonsense = api.post(path, {"record": record, "values": VALUES, "schema_version": "first"})
    unsaid = api.post(path, {"record": record, "values": {"quality": 7}, "schema_version": None})

    assert (taken.status_code, taken.json()["response"]["schema_version"]) == (201, 1)
    assert (kept.status_code, kept.json()["type"]) == (409, "outdated")
    assert kept["Content-Type"] == "application/problem+json"
    assert (unknown.status_code, list(unknown.json()["errors"])) == (422, ["schema_version"])
    assert nonsense.status_code == 400
    assert (unsaid.status_code, unsaid.json()["response"]["schema_version"]) == (201, 3)


def test_the_page_names_the_version_that_its_form_shows() -> None:
    project = a_project_asking(records=3)
    user = taking_part(project)
    client, record = as_user(user), opened(project, user)
    form = {"record": record, "schema": "1", "answer.quality": "4", "answer.topic": "math"}
    ask(project, BREAKING)

    by_browser = client.post(url(project), form)
    by_script = client.post(url(project), form, **SCRIPT)
    again = client.get(url(project)).content.decode()

    assert by_browser.status_code == by_script.status_code == 409
    assert "kept for you under" in by_browser.content.decode()
    assert by_script.json()["type"] == "outdated"
    assert '<input type="hidden" name="schema" value="2">' in again
    for odd in ("x", "-1", "9" * 19, "3"):
        assert client.post(url(project), form | {"schema": odd}, **SCRIPT).status_code == 422
    assert not Response.objects.exists()
    assert Draft.objects.count() == 1


def test_the_queue_goes_on_with_answers_to_several_versions() -> None:
    project = a_project_asking(records=1, overlap=2)
    first, second = taking_part(project), taking_part(project)
    record = opened(project, first)
    ask(project, SAFE)

    give(project, first, record, version=1)
    answer(project, second)

    assert sorted(Response.objects.values_list("schema_version__number", flat=True)) == [1, 2]
    assert_invariants(project, most=2)
