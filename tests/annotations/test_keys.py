"""Answers with idempotency keys: sent again, they are one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import HubOrganisation, User
from annotations.domain import editing, keys, queue, responding, totals
from annotations.domain.keys import KeyUsedError
from annotations.domain.responding import Submitted
from annotations.models import Assignment, Response
from dibt.lib import clock
from dibt.lib.errors import ConflictError, GoneError, InvalidError, NotAllowedError
from projects.models import Access, Project, ProjectState
from tests.annotations.test_api import Api
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.test_workspace import SCRIPT, as_user, shown, url
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, somebody, taking_part

pytestmark = pytest.mark.django_db
KEY = "3f9a5dc2-7f3e-4f0e-9d5a-0d6b6a2b7c11"


def opened(project: Project, user: User) -> int:
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    return assignment.record_id


def send(project: Project, user: User, record_id: int, *, quality: int = 4, key: str = KEY) -> Submitted:
    return responding.submit(project, by=user, record_id=record_id, values={"quality": quality}, key=key)


def test_an_answer_sent_again_under_its_key_is_the_one_that_was_taken() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    record = opened(project, user)

    first, again = send(project, user, record), send(project, user, record)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.response == first.response
    assert again.response.public_id == first.response.public_id
    assert_invariants(project, most=2)


def test_a_replay_finds_the_answer_as_its_author_has_changed_it_since() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    record = opened(project, user)
    given = send(project, user, record, quality=4).response
    editing.edit(given, by=user, values={"quality": 2})
    editing.edit(given, by=user, values={"quality": 5})

    again = send(project, user, record, quality=4)

    assert again.repeated
    assert again.response.values == {"quality": 5}
    for other in (2, 5):  # what it became is not what was sent
        with pytest.raises(KeyUsedError):
            send(project, user, record, quality=other)


def test_a_key_is_refused_for_another_record_or_other_values_and_nothing_changes() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    first = opened(project, user)
    send(project, user, first)
    second = opened(project, user)

    with pytest.raises(KeyUsedError, match="used for another answer"):
        send(project, user, second)
    with pytest.raises(KeyUsedError, match="used for another answer"):
        send(project, user, first, quality=1)

    assert list(Response.objects.values_list("record", "values")) == [(first, {"quality": 4})]
    assert Assignment.objects.get().record_id == second
    assert_invariants(project, most=2)
    assert not send(project, user, second, key="another").repeated


def test_a_key_is_its_owners_alone_and_each_projects_alone() -> None:
    one, other = a_project(records=1), a_project(records=1)
    user, stranger = taking_part(one), taking_part(one)
    taking_part(other, user)

    given = [
        send(project, person, opened(project, person))
        for project, person in ((one, user), (one, stranger), (other, user))
    ]

    assert not any(submitted.repeated for submitted in given)
    assert len({submitted.response.public_id for submitted in given}) == 3


def test_another_key_for_the_same_answer_is_still_one_answer() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    send(project, user, record)

    assert send(project, user, record, key="another").repeated
    assert send(project, user, record, key="").repeated
    with pytest.raises(KeyUsedError, match="used for another answer"):
        send(project, user, record, quality=1, key="another")
    with pytest.raises(ConflictError, match="first answer stands"):
        send(project, user, record, quality=1, key="a third")


def test_an_answer_that_was_deleted_does_not_come_back_by_its_key() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    responding.take_back(send(project, user, record).response, by=user)

    with pytest.raises(GoneError, match="stays deleted"):
        send(project, user, record)
    assert opened(project, user) == record  # handed out to them again
    with pytest.raises(GoneError, match="stays deleted"):
        send(project, user, record)

    assert not Response.objects.exists()
    assert_invariants(project, most=2)
    assert not send(project, user, record, key="another").repeated


def test_a_late_answer_that_was_deleted_does_not_come_back_either() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
    late = send(project, user, record)
    assert send(project, user, record).repeated
    responding.take_back(late.response, by=user)

    with pytest.raises(GoneError):
        send(project, user, record)

    assert not Response.objects.exists()


def test_an_answer_that_was_deleted_does_not_come_back_by_another_key_it_was_sent_under() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    given = send(project, user, record).response
    assert send(project, user, record, key="another").repeated
    responding.take_back(given, by=user)

    for key in ("another", KEY):
        with pytest.raises(GoneError, match="stays deleted"):
            send(project, user, record, key=key)

    assert not Response.objects.exists()
    assert not send(project, user, record, key="a third").repeated
    assert_invariants(project, most=2)


def test_another_key_stands_for_the_answer_whatever_becomes_of_it() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    record = opened(project, user)
    given = send(project, user, record, quality=4).response
    editing.edit(given, by=user, values={"quality": 2})
    assert send(project, user, record, quality=2, key="another").repeated
    editing.edit(given, by=user, values={"quality": 5})
    second = opened(project, user)

    again = send(project, user, record, quality=2, key="another")

    assert again.repeated
    assert again.response.values == {"quality": 5}
    for other_record, quality in ((second, 2), (record, 1)):
        with pytest.raises(KeyUsedError, match="used for another answer"):
            send(project, user, other_record, quality=quality, key="another")


@pytest.mark.parametrize("state", [ProjectState.PAUSED, ProjectState.COMPLETED])
def test_a_closed_project_still_says_which_answer_it_has_taken(state: ProjectState) -> None:
    project = a_project(records=2)
    user = taking_part(project)
    first = opened(project, user)
    send(project, user, first)
    second = opened(project, user)
    Project.objects.update(state=state)
    project.refresh_from_db()

    again = send(project, user, first)

    assert again.repeated
    assert responding.record_after(again) is None
    for record, quality, key in ((second, 4, "new"), (second, 4, KEY), (first, 1, KEY), (first, 4, "")):
        with pytest.raises(ConflictError, match="takes no answers now"):
            send(project, user, record, quality=quality, key=key)
    assert Response.objects.count() == 1


def test_who_may_no_longer_take_part_is_told_nothing_by_a_key() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    send(project, user, record)
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access=Access.ORGANISATION, organisation=organisation)
    project.refresh_from_db()

    with pytest.raises(NotAllowedError):
        send(project, user, record)


@pytest.mark.parametrize("key", ["x" * 201, "nul\x00", "half\ud800"])
def test_a_key_that_is_none_is_refused_and_nothing_changes(key: str) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)

    with pytest.raises(InvalidError, match="1 to 200 characters"):
        send(project, user, record, key=key)

    assert not Response.objects.exists()
    assert Assignment.objects.get().record_id == record


@pytest.mark.parametrize("key", ["1", "ключ", "🐝" * 200, "'; --", "x" * 200])
def test_any_text_is_a_key(key: str) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)

    send(project, user, record, key=key)

    assert send(project, user, record, key=key).repeated


def test_ids_made_of_keys_cannot_be_worked_out_without_the_secret(settings) -> None:
    project = a_project()
    user = somebody()
    here = keys.answer_id(project, user, KEY)
    settings.SECRET_KEY = "another secret"

    assert keys.answer_id(project, user, KEY) != here


@pytest.mark.parametrize("header", [KEY, f'"{KEY}"'])
def test_programs_send_the_key_in_a_header(header: str) -> None:
    project = a_project(records=2)
    user = taking_part(project)
    api, record = Api(user), opened(project, user)
    path = f"/api/v1/projects/{project.slug}/responses/"

    def post(sent: object, key: str = header):
        body = {"record": record, "values": {"quality": sent}}
        return api.client.post(path, body, "application/json", headers={"Idempotency-Key": key})

    first, again, other = post(4), post(4), post(1)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert again.json()["repeated"] is True
    assert again.json()["response"] == first.json()["response"]
    assert other["Content-Type"] == "application/problem+json"
    assert other.json()["type"] == "key-used"
    for nonsense in ("", '""', "x" * 201):
        assert post(4, nonsense).status_code == 422
    api.client.delete(f"/api/v1/me/responses/{first.json()['response']['id']}/")
    gone = post(4)
    assert (gone.status_code, gone.json()["type"]) == (410, "gone")
    assert not Response.objects.exists()


def test_the_page_sends_the_key_with_the_form() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    client, record = as_user(user), opened(project, user)
    form = {"record": record, "answer.quality": "4", "key": KEY}

    for _ in range(2):
        page = client.post(url(project), form, **SCRIPT)
        assert page.status_code == 200
        assert "Prompt number 1" in shown(page)
    refused = client.post(url(project), {**form, "answer.quality": "1"}, **SCRIPT)

    assert refused.status_code == 422
    assert "used for another answer" in refused.json()["detail"]
    assert client.post(url(project), {**form, "key": "x" * 201}, **SCRIPT).status_code == 422
    assert Response.objects.get().values == {"quality": 4}


@pytest.mark.django_db(transaction=True)
def test_a_key_replayed_by_many_at_once_makes_one_answer() -> None:
    project = a_project(records=3, overlap=2)
    user = taking_part(project)
    answer(project, user)
    record = opened(project, user)

    def replay(_number: int) -> Submitted:
        try:
            return send(project, user, record)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        taken = list(threads.map(replay, range(20)))

    assert sorted(submitted.repeated for submitted in taken) == [False] + [True] * 19
    assert len({submitted.response.pk for submitted in taken}) == 1
    assert totals.of(project).responses == 2
    assert_invariants(project, most=2)


@pytest.mark.django_db(transaction=True)
def test_a_key_used_for_two_records_at_once_answers_one_of_them() -> None:
    project = a_project(records=4, overlap=1)
    user = taking_part(project)
    records = [held.record_id for held in queue.hold(project.contributors.get(user=user), most=4)]

    def reply(record: int) -> bool:
        try:
            send(project, user, record)
        except KeyUsedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(reply, records))

    assert sorted(taken) == [False, False, False, True]
    assert Response.objects.count() == 1
    assert Assignment.objects.count() == 3
    assert_invariants(project, most=1)
