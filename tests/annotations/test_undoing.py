"""Taking back a skip, a discard or a flag: the domain, the page with and without scripts, the API."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain import notices
from accounts.models import User
from annotations.domain import drafts, queue, responding, setting_aside, skipping, totals, undoing
from annotations.models import Discard, Draft, Flag, FlagReason, Record, Skip
from dibt.lib import clock
from dibt.lib.errors import InvalidError, NotAllowedError, NotVisibleError
from projects.models import Project, ProjectState
from tests.annotations.pages import on_screen
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}
KINDS = ["skip", "discard", "flag"]


def opened(project: Project, user: User) -> int:
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    return assignment.record_id


def let_go(project: Project, user: User, what: str, record_id: int) -> None:
    said = {"by": user, "record_id": record_id}
    if what == "skip":
        responding.skip(project, **said)
    elif what == "discard":
        setting_aside.discard(project, **said)
    else:
        setting_aside.flag(project, reason=FlagReason.TOXIC, **said)


def undo(project: Project, user: User, what: str, record_id: int) -> int | None:
    back = undoing.take_back(project, by=user, record_id=record_id, what=what)
    return back.assignment and back.assignment.record_id


def nothing_said() -> bool:
    return not any(kind.objects.exists() for kind in (Skip, Discard, Flag))


@pytest.mark.parametrize("what", KINDS)
def test_the_record_is_with_them_again_and_all_is_as_before(what: str) -> None:
    project = a_project(records=3)
    user = taking_part(project)
    before = totals.of(project)
    record = opened(project, user)
    let_go(project, user, what, record)

    back = undo(project, user, what, record)
    twice = undo(project, user, what, record)

    assert back == twice == record
    assert nothing_said()
    assert contributor(project, user).skipped_count == 0
    assert totals.of(project) == before
    assert_invariants(project, most=2)
    assert not responding.submit(project, by=user, record_id=record, values={"quality": 4}).response.surplus


def test_where_others_have_it_by_then_it_comes_again_once_it_has_room() -> None:
    project = a_project(records=2, overlap=1)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    let_go(project, user, "skip", record)
    next_one = opened(project, user)
    answer(project, user)
    assert opened(project, other) == record

    assert undo(project, user, "skip", record) is None
    assert responding.next_record(project, by=user) is None
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        assert opened(project, user) == record

    assert next_one != record
    assert nothing_said()
    assert_invariants(project, most=1)


def test_what_they_then_send_or_type_for_it_is_taken() -> None:
    project = a_project(records=1, overlap=1)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    let_go(project, user, "skip", record)
    answer(project, other)

    undo(project, user, "skip", record)
    drafts.save(project, by=user, record_id=record, data={"quality": ["2"]})
    given = responding.submit(project, by=user, record_id=record, values={"quality": 2})

    assert given.response.surplus


@pytest.mark.parametrize(("what", "told"), [("discard", []), ("flag", ["record-flagged"])])
def test_a_record_that_was_set_aside_only_because_of_it_is_in_the_queue_again(
    what: str, told: list[str]
) -> None:
    project = a_project(records=1, overlap=3)
    first, second = taking_part(project), taking_part(project)
    lead = project.leads.get()
    (record,) = {opened(project, user) for user in (first, second)}
    let_go(project, first, what, record)
    let_go(project, second, what, record)
    assert project.records.get().set_aside
    assert [one.kind for one in lead.notices.all()] == told

    assert undo(project, second, what, record) == record

    kept = project.records.get()
    assert (kept.set_aside, kept.set_aside_at) == ("", None)
    assert not lead.notices.exists()
    assert opened(project, taking_part(project)) == record


def test_what_a_lead_has_read_is_not_taken_from_them_and_other_records_stay() -> None:
    project = a_project(records=2, overlap=3)
    people, lead = [taking_part(project) for _person in range(2)], project.leads.get()
    for _record in range(2):
        for user in people:
            record = opened(project, user)
            let_go(project, user, "flag", record)
    about_other, _about_this = lead.notices.order_by("pk")

    undo(project, people[0], "flag", record)
    left = list(lead.notices.all())
    let_go(project, people[0], "flag", record)
    notices.mark_all_read(lead)
    undo(project, people[0], "flag", record)

    assert left == [about_other]
    assert lead.notices.count() == 2


def test_a_third_of_a_kind_leaves_it_set_aside_and_what_a_lead_decided_stands() -> None:
    project = a_project(records=1, overlap=4)
    people, lead = [taking_part(project) for _person in range(3)], project.leads.get()
    (record,) = {opened(project, user) for user in people}
    for user in people:
        let_go(project, user, "discard", record)

    third = undo(project, people[2], "discard", record)
    with_two = project.records.get().set_aside
    setting_aside.leave_out(project, by=lead, record_id=record)
    second = undo(project, people[1], "discard", record)

    assert (third, with_two) == (None, "discarded")
    assert (second, project.records.get().set_aside) == (None, "left_out")


def test_a_flagged_record_that_is_discarded_too_stays_set_aside_as_that() -> None:
    project = a_project(records=1, overlap=4)
    people = [taking_part(project) for _person in range(4)]
    (record,) = {opened(project, user) for user in people}
    for user, what in zip(people, ("discard", "discard", "flag", "flag"), strict=True):
        let_go(project, user, what, record)

    undo(project, people[3], "flag", record)

    assert project.records.get().set_aside == "discarded"
    assert not project.leads.get().notices.exists()


def test_a_flag_of_a_record_they_have_answered_goes_and_the_answer_stays() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = answer(project, user).response.record_id
    let_go(project, user, "flag", record)

    assert undo(project, user, "flag", record) is None
    assert nothing_said()
    assert_invariants(project, most=2)


def test_while_the_project_is_paused_it_is_taken_back_and_waits() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    let_go(project, user, "flag", record)
    Project.objects.update(state=ProjectState.PAUSED)
    project.refresh_from_db()

    back = undo(project, user, "flag", record)
    Project.objects.update(state=ProjectState.OPEN)
    project.refresh_from_db()

    assert back is None
    assert opened(project, user) == record


def test_only_ones_own_can_be_taken_back() -> None:
    project, elsewhere = a_project(records=1), a_project(records=1)
    user, other = taking_part(project), taking_part(project)
    record = opened(project, user)
    let_go(project, user, "skip", record)

    for person, where, about, what in (
        (other, project, record, "skip"),
        (user, project, record, "discard"),
        (user, project, elsewhere.records.get().pk, "skip"),
        (user, elsewhere, record, "skip"),
        (user, project, 9_999_999, "skip"),
    ):
        with pytest.raises(NotVisibleError):
            undo(where, person, what, about)
    with pytest.raises(InvalidError):
        undo(project, user, "answer", record)
    with pytest.raises(NotAllowedError):
        undoing.take_back(project, by=Client().get("/").wsgi_request.user, record_id=record, what="skip")

    assert Skip.objects.count() == 1


def test_it_may_be_done_again_and_skipped_ones_are_asked_for_as_before() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    record = opened(project, user)
    for _time in range(2):
        let_go(project, user, "skip", record)
        undo(project, user, "skip", record)
    let_go(project, user, "skip", record)

    assert skipping.reopen_skipped(project, by=user) == 1
    assert_invariants(project, most=2)


# --- The page


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(project: Project, name: str = "annotate") -> str:
    return reverse(f"projects:{name}", args=[project.slug])


def said(what: str, record: int) -> dict[str, object]:
    return {"record": record, **({"reason": "toxic"} if what == "flag" else {})}


@pytest.mark.parametrize("what", KINDS)
def test_without_scripts_a_form_undoes_it_and_the_record_is_on_the_page_again(what: str) -> None:
    project = a_project(records=5)
    client = as_user(taking_part(project))
    record = on_screen(client, url(project))

    sent_on = client.post(url(project, what), said(what, record))
    page = client.get(sent_on["Location"]).content.decode()
    form = re.search(r'<form method="post" action="([^"]+)" data-take-back>(.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    back = client.post(form[1], fields)

    assert "csrfmiddlewaretoken" in fields
    assert on_screen(client, back["Location"]) == record
    assert "Taken back." in client.get(back["Location"]).content.decode()
    assert nothing_said()


@pytest.mark.parametrize(
    "query", ["let_go=skip", "let_go=x&record=1", "again=x", f"again={'9' * 40}", "again=7"]
)
def test_an_address_that_names_nothing_opens_the_page_as_it_is(query: str) -> None:
    project = a_project(records=2)

    page = as_user(taking_part(project)).get(f"{url(project)}?{query}")

    assert page.status_code == 200
    assert "data-take-back" not in page.content.decode()


def test_the_script_is_told_how_to_undo_it_and_gets_the_record_with_what_was_typed() -> None:
    project = a_project(records=6)
    user = taking_part(project)
    client = as_user(user)
    record = on_screen(client, url(project))

    told = client.post(url(project, "skip"), {"record": record, "have": []}, **SCRIPT).json()
    typed = {"record": record, "what": "skip", "answer.quality": "3", "schema": "1"}
    back = client.post(url(project, "undo"), typed, **SCRIPT).json()

    assert f'action="{url(project, "undo")}" data-take-back' in told["status"]
    assert [one["record"] for one in back["records"]] == [record]
    assert list(back["until"]) == [str(record)]
    assert 'value="3" checked' in back["records"][0]["html"]
    assert "Taken back. Here is the record again." in back["status"]
    assert Draft.objects.get().data == {"quality": ["3"]}


def test_the_script_is_told_where_the_record_is_with_others_and_what_was_typed_is_kept() -> None:
    project = a_project(records=1, overlap=1)
    user = taking_part(project)
    client = as_user(user)
    record = on_screen(client, url(project))
    client.post(url(project, "skip"), {"record": record}, **SCRIPT)
    answer(project, taking_part(project))

    typed = {"record": record, "what": "skip", "answer.quality": "3"}
    back = client.post(url(project, "undo"), typed, **SCRIPT).json()

    assert back["records"] == []
    assert "The record is with others now" in back["status"]
    assert reverse("mine:begun_list") in back["status"]
    assert Draft.objects.get().record_id == record


def test_an_outsider_undoes_nothing() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    let_go(project, user, "skip", record)
    asked = {"record": record, "what": "skip"}

    assert Client().post(url(project, "undo"), asked).status_code == 302
    assert as_user(somebody()).post(url(project, "undo"), asked, **SCRIPT).status_code == 404
    assert as_user(user).post(url(project, "undo"), asked | {"account": "other"}, **SCRIPT).status_code == 409
    assert as_user(user).post(url(project, "undo"), {"record": record}, **SCRIPT).status_code == 422
    assert Skip.objects.count() == 1


# --- The API


@pytest.mark.parametrize("what", KINDS)
def test_a_program_takes_it_back_and_gets_the_record(what: str) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    record = opened(project, user)
    let_go(project, user, what, record)
    path = f"/api/v1/projects/{project.slug}/records/{record}/{what}/"

    assert as_user(taking_part(project)).delete(path).status_code == 404
    assert Client().delete(path).status_code == 401
    back = as_user(user).delete(path)

    assert back.status_code == 200
    assert [one["record"]["id"] for one in back.json()["held"]] == [record]
    assert nothing_said()


def test_a_program_that_names_an_impossible_record_is_told_that_there_is_none() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    opened(project, user)

    answered = as_user(user).delete(f"/api/v1/projects/{project.slug}/records/{'9' * 30}/skip/")

    assert answered.status_code == 404
    assert Record.objects.count() == 1
