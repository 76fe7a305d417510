"""Drafts through their doors: the page's script, “Your answers”, the page to go on, and the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import HubOrganisation, User
from annotations.domain import drafts, queue, responding
from annotations.models import Assignment, Draft, Response
from dibt.lib import clock
from projects.models import Access, Project, ProjectState
from tests.annotations.tasks import BREAKING, a_project_asking, ask, opened
from tests.annotations.test_api import Api
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.test_workspace import as_user, shown, url
from tests.annotations.worlds import AFTER_THE_LEASE, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
LIST, ALL = "/me/answers/", "/me/answers/begun/"


def begin(project: Project, user: User, *, comment: str = "Half a sent") -> int:
    record = opened(project, user)
    typed = {"quality": ["4"], "comment": [comment]}
    drafts.save(project, by=user, record_id=record, data=typed)
    return record


def page_of(record: int) -> str:
    return reverse("mine:begun", args=[record])


# --- The page's script ------------------------------------------------------------------------------


def test_a_script_keeps_what_is_typed_and_the_page_shows_it_again() -> None:
    project = a_project_asking()
    user = taking_part(project)
    client, record = as_user(user), opened(project, user)
    form = {
        "record": record,
        "schema": "1",
        "page": "a1",
        "answer.quality": "4",
        "answer.comment": "Half a sent",
    }

    kept = client.post(url(project, "draft"), {**form, "at": "1764000000000"}, headers=SCRIPT)
    older = client.post(
        url(project, "draft"), {**form, "answer.quality": "1", "at": "1763999999999"}, headers=SCRIPT
    )
    page = as_user(user).get(url(project)).content.decode()  # on another device

    assert (kept.status_code, older.status_code) == (200, 200)
    assert list(kept.json()["until"]) == [str(record)]
    assert 'value="4" checked' in page
    assert "Half a sent" in page
    assert '<input type="hidden" name="schema" value="1">' in page
    assert not Response.objects.exists()


def test_a_page_that_was_typed_at_before_is_told_what_was_typed_since() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    client, record = as_user(user), opened(project, user)
    now = clock.milliseconds(clock.now())

    def keep(comment: str, at: int) -> object:
        typed = {"record": record, "answer.comment": comment, "at": at, "page": comment}
        return client.post(f"/projects/{project.slug}/draft/", typed).json().get("newer")

    assert keep("on the desk", now - 1_000) is None
    told = keep("in a tunnel", now - 60_000)

    assert told == {"form": [["answer.comment", "on the desk"]], "at": now - 1_000}
    assert f'data-begun-at="{now - 1_000}"' in client.get(url(project)).content.decode()
    assert f'data-begun-at="{now - 1_000}"' in client.get(page_of(record)).content.decode()


def test_what_follows_an_answer_is_filled_in_too() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    first, second = (each.record_id for each in queue.hold(contributor(project, user), most=2))
    drafts.save(project, by=user, record_id=second, data={"comment": ["Half a sent"]})

    page = as_user(user).post(url(project), {"record": first, "answer.quality": "4"}, headers=SCRIPT)

    assert "Half a sent" in shown(page)


def test_what_was_taken_out_does_not_come_back_as_a_suggestion() -> None:
    project = a_project_asking()
    user = taking_part(project)
    project.records.update(suggestions={"quality": {"value": 4, "agent": "judge"}})
    record, client = opened(project, user), as_user(user)
    begun = client.get(url(project)).content.decode()

    client.post(url(project, "draft"), {"record": record, "page": "phone", "at": "1"})
    emptied = client.get(url(project)).content.decode().split("<template data-ready")[0]

    assert 'value="4" checked' in begun
    assert "checked" not in emptied.split('id="answer-form"')[1].split("</form>")[0]
    assert "Begun, not sent" not in client.get(reverse("mine:list")).content.decode()


def test_who_is_signed_out_is_told_so_and_nothing_is_kept() -> None:
    project = a_project_asking()
    record = opened(project, taking_part(project))
    form = {"record": record, "answer.quality": "4"}

    refused = Client().post(url(project, "draft"), form, headers=SCRIPT)

    assert (refused.status_code, refused.json()["type"]) == (401, "signed-out")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"record": ""}, 422),
        ({"record": "-1"}, 422),
        ({"record": "9" * 40}, 422),
        ({"record": "٣"}, 422),
        ({"record": "999999999"}, 404),
        ({"at": "soon"}, 422),
        ({"schema": "2"}, 422),
        ({"schema": "0"}, 422),
        ({"schema": "9" * 18}, 422),
        ({"page": "x" * 41}, 422),
        ({"answer.comment": "x" * 70_000}, 413),
    ],
)
def test_a_draft_that_cannot_be_kept_is_a_problem_for_the_script(
    changed: dict[str, str], status: int
) -> None:
    project = a_project_asking()
    user = taking_part(project)
    form = {"record": str(opened(project, user)), "answer.quality": "4"}

    refused = as_user(user).post(url(project, "draft"), form | changed, headers=SCRIPT)

    assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json")
    assert refused.json()["detail"]
    assert not Draft.objects.exists()


def test_a_project_that_one_may_not_see_keeps_no_draft() -> None:
    project = a_project_asking()
    record = opened(project, taking_part(project))
    Project.objects.update(state=ProjectState.SETUP)

    refused = as_user(somebody()).post(url(project, "draft"), {"record": record}, headers=SCRIPT)

    assert refused.status_code == 404


# --- “Your answers” and going on --------------------------------------------------------------------


def test_what_is_begun_stands_under_own_answers_and_can_be_sent_from_there() -> None:
    project = a_project_asking(records=2)
    user = taking_part(project)
    record = begin(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
    client = as_user(user)

    listed = client.get(LIST).content.decode()
    page = client.get(page_of(record))

    assert "Begun, not sent" in listed
    assert page_of(record) in listed
    assert "Half a sent" in listed
    assert "Half a sent" in page.content.decode()
    assert "not kept for you now" not in page.content.decode()
    assert Assignment.objects.get().record_id == record
    form = {"answer.quality": "5", "answer.comment": "Whole.", "key": page.context["key"], "schema": "1"}
    for _twice in range(2):
        sent = client.post(page_of(record), form)
        assert (sent.status_code, sent["Location"]) == (302, LIST)
    assert Response.objects.get().values == {"quality": 5, "comment": "Whole."}
    assert "Begun, not sent" not in client.get(LIST).content.decode()


def test_what_was_begun_is_the_first_that_the_workspace_shows_later_on() -> None:
    project = a_project_asking(records=9)
    user = taking_part(project)
    other = responding.held(project, by=user)[0].record_id
    record = responding.held(project, by=user)[1].record_id
    drafts.save(project, by=user, record_id=record, data={"quality": ["4"], "comment": ["Half a sent"]})
    first = f'name="record" value="{record}"'

    at_once = as_user(user).get(url(project)).content.decode()
    with clock.at(clock.now() + timedelta(days=1)):
        not_swept = as_user(user).get(url(project)).content.decode()
    with clock.at(clock.now() + timedelta(days=2)):
        queue.return_expired()
        swept = as_user(user).get(url(project)).content.decode()

    for page in (at_once, not_swept, swept):
        assert first in page.split("<template data-ready")[0]
        assert page.count("data-ready=") == 2
    assert f'data-ready="{other}"' in at_once
    assert_invariants(project, most=2)


def test_the_workspace_tells_of_what_is_begun_where_the_record_is_with_others_by_now() -> None:
    project = a_project_asking(records=2, overlap=1)
    user = taking_part(project)
    client, hint = as_user(user), "You have begun 1 answer here that is not sent yet"
    begin(project, user)
    assert hint not in client.get(url(project)).content.decode()
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        answer(project, taking_part(project))

        page = client.get(url(project)).content.decode()

    assert hint in page
    assert ALL in page


def test_an_answer_that_lacks_something_is_shown_again_with_what_was_typed() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = begin(project, user)

    page = as_user(user).post(page_of(record), {"answer.comment": "x" * 41})

    assert page.status_code == 422
    assert "x" * 41 in page.content.decode()
    assert 'role="alert"' in page.content.decode()
    assert not Response.objects.exists()
    assert Draft.objects.exists()


def test_a_full_record_says_what_becomes_of_the_answer() -> None:
    project = a_project_asking(overlap=1)
    user = taking_part(project)
    record = begin(project, user)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
        answer(project, taking_part(project))
        client = as_user(user)

        page = client.get(page_of(record))
        client.post(page_of(record), {"answer.quality": "4"})

    assert "This record is not kept for you now" in page.content.decode()
    assert Response.objects.get(contributor__user=user).surplus


def test_who_has_not_agreed_yet_goes_on_in_the_workspace_where_that_is_asked() -> None:
    project = a_project_asking()
    user = somebody()
    record = begin(project, user)
    client = as_user(user)

    led = client.get(page_of(record), follow=True)

    assert led.redirect_chain == [(url(project), 302)]
    assert "look at what is asked below the questions" in led.content.decode()
    assert "Half a sent" in led.content.decode()


def test_a_closed_project_keeps_the_draft_and_says_when_one_can_go_on() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = begin(project, user)
    Project.objects.update(state=ProjectState.PAUSED)
    client = as_user(user)

    listed = client.get(LIST).content.decode()
    page = client.get(page_of(record))

    assert "you can go on once it is open again" in listed
    assert page_of(record) + "?" not in listed
    assert page.status_code == 409


def test_the_record_of_a_members_project_is_no_longer_shown_to_who_left() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = begin(project, user)
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access=Access.ORGANISATION, organisation=organisation)
    client = as_user(user)

    listed = client.get(LIST).content.decode()

    assert "Half a sent" in listed
    assert "Prompt number 0" not in listed
    assert client.get(page_of(record)).status_code == 403
    assert client.post(page_of(record), {"answer.quality": "4"}).status_code == 403
    assert client.post(reverse("mine:delete_begun", args=[record])).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = begin(project, user)
    client = as_user(user)

    gone = client.post(reverse("mine:delete_begun", args=[record]), {"next": ALL}, follow=True)

    assert gone.redirect_chain == [(ALL, 302)]
    assert "You have begun nothing that is not sent" in gone.content.decode()
    assert client.get(page_of(record)).status_code == 404


def test_the_lists_cost_the_same_however_much_is_begun() -> None:
    project = a_project_asking(records=30)
    user = taking_part(project)
    client = as_user(user)
    held = queue.hold(contributor(project, user), most=30)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    drafts.save(project, by=user, record_id=held[0].record_id, data={"comment": ["one"]})
    few = [cost(LIST), cost(ALL)]
    for each in held[1:]:
        drafts.save(project, by=user, record_id=each.record_id, data={"comment": ["more"]})

    assert [cost(LIST), cost(ALL)] == few
    assert ALL in client.get(LIST).content.decode()
    assert client.get(f"{ALL}?page=2").content.decode().count("<article") == 10


def test_nobody_else_finds_a_draft() -> None:
    project = a_project_asking(records=2)
    user, other = taking_part(project), taking_part(project)
    record = begin(project, user)
    opened(project, other)
    lead = project.leads.get()

    for person in (other, lead, somebody()):
        client, api = as_user(person), Api(person)
        assert client.get(page_of(record)).status_code == 404
        assert client.post(reverse("mine:delete_begun", args=[record])).status_code == 404
        assert "Half a sent" not in client.get(LIST).content.decode() + client.get(ALL).content.decode()
        assert api.get("me/drafts/").json()["results"] == []
        assert api.client.get(draft_path(project, record)).status_code == 404
        assert api.client.delete(draft_path(project, record)).status_code == 404
    assert "Half a sent" not in as_user(other).get(url(project)).content.decode()
    for address in (page_of(record), ALL):
        assert "/sign-in/" in Client().get(address)["Location"]
    assert Draft.objects.exists()


def test_a_record_number_beyond_all_is_not_there() -> None:
    project = a_project_asking()
    user = taking_part(project)
    begin(project, user)
    api = Api(user)

    for record in (2**63 - 1, 2**63, 10**30):
        assert as_user(user).get(f"{ALL}{record}/").status_code == 404
        assert as_user(user).post(f"{ALL}{record}/delete/").status_code == 404
        put = api.client.put(draft_path(project, record), {"typed": {}}, "application/json")
        assert put.status_code == 404
        assert api.client.get(draft_path(project, record)).status_code == 404


def test_an_answer_to_a_task_that_changed_meanwhile_is_a_draft_of_what_still_fits() -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = begin(project, user)
    ask(project, BREAKING)

    page = as_user(user).get(page_of(record)).content.decode()

    assert "Half a sent" in page
    assert "checked" not in page


# --- The API ----------------------------------------------------------------------------------------


def draft_path(project: Project, record: int) -> str:
    return f"/api/v1/projects/{project.slug}/records/{record}/draft/"


def test_a_program_keeps_reads_lists_and_deletes_a_draft() -> None:
    project = a_project_asking()
    user = taking_part(project)
    api, record = Api(user), opened(project, user)
    path = draft_path(project, record)
    assert api.client.get(path).status_code == 404

    put = api.client.put(path, {"typed": {"comment": ["Half "], "odd": ["x"]}, "at": 5}, "application/json")
    read = api.client.get(path).json()
    listed = api.get("me/drafts/").json()["results"]

    assert put.status_code == 204
    assert read == {
        "project": project.slug,
        "record": record,
        "typed": {"comment": ["Half "]},
        "schema_version": 1,
        "updated_at": read["updated_at"],
    }
    assert listed == [read]
    assert api.client.delete(path).status_code == 204
    assert api.client.delete(path).status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"typed": None},
        {"typed": {"comment": "x"}},
        {"typed": {"comment": [[]]}},
        {"typed": {"comment": ["\x00"]}},
        {"typed": {"comment": ["x" * 70_000]}},
        {"typed": {}, "at": -1},
        {"typed": {}, "at": 2**70},
        {"typed": {}, "at": "soon"},
        {"typed": {}, "page": "x" * 41},
        {"typed": {}, "page": 2 * [1]},
        {"typed": {}, "schema_version": 9},
        {"typed": {}, "schema_version": 2**70},
        {"typed": {}, "schema_version": "first"},
    ],
)
def test_an_odd_draft_by_api_is_a_problem_and_nothing_is_kept(body: object) -> None:
    project = a_project_asking()
    user = taking_part(project)
    record = opened(project, user)

    refused = Api(user).client.put(draft_path(project, record), body, "application/json")

    assert refused.status_code in {400, 413, 422}
    assert refused["Content-Type"] == "application/problem+json"
    assert not Draft.objects.exists()


def test_without_a_token_there_is_nothing_to_see() -> None:
    project = a_project_asking()
    record = begin(project, taking_part(project))

    for path in (draft_path(project, record), "/api/v1/me/drafts/"):
        assert Client().get(path).status_code in {401, 403}
