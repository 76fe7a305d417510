"""Own answers as pages and by API: found again, changed, deleted, and by whom."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.domain import tokens
from accounts.models import HubOrganisation, User
from annotations.domain import editing, responding, searching
from annotations.models import Assignment, Response, ResponseEdit
from projects.domain import tasks
from projects.models import Project, ProjectState
from projects.schema.definition import TaskSchema
from tests.annotations.worlds import a_project, add_records, answer, somebody, taking_part

pytestmark = pytest.mark.django_db
LIST = "/me/answers/"
JSON = "application/json"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def edit_url(response: Response) -> str:
    return reverse("mine:edit", args=[response.public_id])


def asking_more(project: Project) -> None:
    """The project also asks for a label, for several, and for words."""
    definition = tasks.current_schema(project).schema.to_json()
    options = [{"value": "a", "text": "Clear"}, {"value": "b", "text": "Écrit mal"}]
    more = [
        {"kind": "label", "name": "kind", "title": "Kind", "options": options, "required": False},
        {"kind": "multi_label", "name": "all", "title": "All", "options": options, "required": False},
        {"kind": "text", "name": "why", "title": "Why?", "required": False},
    ]
    definition["questions"] = [*definition["questions"], *more]  # type: ignore[misc]
    tasks.save_schema(project, by=project.leads.get(), schema=TaskSchema.from_json(definition))


# --- Changing -------------------------------------------------------------------------------------


def test_the_page_shows_the_record_with_the_answer_filled_in() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response

    page = as_user(user).get(edit_url(given)).content.decode()

    assert "Prompt number 0" in page
    assert 'value="2" checked' in page
    assert page.count(" checked") == 1


def test_saving_leads_back_and_the_record_that_was_open_still_is() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    held = responding.next_record(project, by=user)
    back = reverse("projects:annotate", args=[project.slug])

    saved = as_user(user).post(edit_url(given), {"answer.quality": "5", "next": back})

    assert saved.status_code == 302
    assert saved["Location"] == back
    assert Response.objects.get().values == {"quality": 5}
    assert Assignment.objects.get() == held


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_way_back_never_leaves_the_site(back: str) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response

    saved = as_user(user).post(edit_url(given), {"answer.quality": "5", "next": back})

    assert saved["Location"] == LIST


def test_a_change_that_does_not_fit_is_shown_again_and_nothing_is_saved() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response

    page = as_user(user).post(edit_url(given), {"next": LIST})

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert Response.objects.get().values == {"quality": 2}


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_finds_an_answer_to_change(method: str) -> None:
    project = a_project(records=1)
    given = answer(project, taking_part(project), quality=2).response

    for other in (somebody(), taking_part(project), project.leads.get()):
        page = getattr(as_user(other), method)(edit_url(given), {"answer.quality": "5"})
        assert page.status_code == 404
    assert getattr(Client(), method)(edit_url(given)).status_code == 302

    assert Response.objects.get().values == {"quality": 2}


def test_where_it_is_too_late_the_page_says_why() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    Project.objects.update(state=ProjectState.ARCHIVED)
    client = as_user(user)

    for page in (client.get(edit_url(given)), client.post(edit_url(given), {"answer.quality": "5"})):
        assert page.status_code in {302, 409}
    listed = client.get(LIST).content.decode()

    assert "its answers stay as they are" in listed
    assert edit_url(given) not in listed
    assert reverse("mine:take_back", args=[given.public_id]) in listed
    assert Response.objects.get().values == {"quality": 2}


def test_the_list_shows_what_an_answer_was_before_to_its_author_alone() -> None:
    project = a_project(records=1)
    user, other = taking_part(project), taking_part(project)
    given = answer(project, user, quality=2).response
    answer(project, other)

    editing.edit(given, by=user, values={"quality": 5})

    assert "edited, 1 earlier version" in as_user(user).get(LIST).content.decode()
    assert "earlier version" not in as_user(other).get(LIST).content.decode()


# --- Searching ------------------------------------------------------------------------------------


def found(user: User, **wanted: str) -> list[str]:
    return [response.record.external_id for response in searching.own_answers(user, **wanted)]


def test_answers_are_found_by_the_text_of_their_record_in_any_case() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    for _ in range(3):
        answer(project, user)

    assert found(user, text="NUMBER 1") == ["prompt-1"]
    assert found(user, text="number") == ["prompt-2", "prompt-1", "prompt-0"]
    assert found(user, text="prompt_") == []
    assert found(user, text="100%") == []


@pytest.mark.parametrize("text", ["ọmọ náà", "مرحبا", "สวัสดี", "👩🏽‍🌾", 'said "no"', "C:\\new"])
def test_text_in_any_script_is_found(text: str) -> None:
    project = a_project(records=2)
    project.records.filter(external_id="prompt-1").update(fields={"prompt": f"Before {text} after"})
    user = taking_part(project)
    answer(project, user)
    answer(project, user)

    assert found(user, text=text) == ["prompt-1"]


# What is looked for, and what stands there.
IN_ANY_CASE = [
    ("ümläut", "Ümläut"),
    ("ÜMLÄUT", "ümläut"),
    ("STRASSE", "Straße"),
    ("straße", "STRASSE"),
    ("straße", "STRAẞE"),
    ("istanbul", "İSTANBUL"),
    ("İstanbul", "ISTANBUL"),
    ("ISPARTA", "ısparta"),
    ("i\u0307stanbul", "İstanbul"),
    ("οδυσσευσ", "ΟΔΥΣΣΕΥΣ"),
    ("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"),
    ("привет", "ПРИВЕТ"),
    ("caf\u00e9", "CAFE\u0301"),
    ("Cafe\u0301", "caf\u00e9"),
    ("ọmọ́ náà", "ỌMO\u0301\u0323 NA\u0301A\u0300"),
    ("مرحبا", "قال مرحبا"),
    ("\u0622ن", "\u0627\u0653ن"),
    ("สวัสดี", "สวัสดี"),
]


@pytest.mark.parametrize(("text", "stands"), IN_ANY_CASE)
def test_letters_of_all_scripts_are_found_in_either_case_and_however_their_marks_are_written(
    text: str, stands: str
) -> None:
    project = a_project(records=2)
    project.records.filter(external_id="prompt-1").update(fields={"prompt": f"Before {stands} after"})
    asking_more(project)
    user = taking_part(project)
    for why in ("", f"Because {stands}."):
        assignment = responding.next_record(project, by=user)
        assert assignment is not None
        values = {"quality": 3, "why": why} if why else {"quality": 3}
        responding.submit(project, by=user, record_id=assignment.record_id, values=values)
    by_record = found(user, text=text)
    project.records.update(fields={"prompt": "Something else"})

    assert by_record == found(user, text=text) == ["prompt-1"]
    assert found(user, text=f"{text}{text}") == []


@pytest.mark.parametrize("text", ["e", "cafe", "osta"])
def test_a_letter_does_not_stand_for_one_with_a_mark(text: str) -> None:
    project = a_project(records=1)
    project.records.update(fields={"prompt": "caf\u00e9 łöst\u00e4"})
    user = taking_part(project)
    answer(project, user)

    assert found(user, text=text) == []


@pytest.mark.parametrize("text", ["สวัสดี", 'said "no"', "C:\\new", "Ümläut", "Ọmọ náà", "a\nb"])
def test_a_chat_is_searched_as_well(text: str) -> None:
    project = a_project(records=1)
    version = tasks.current_schema(project)
    definition = version.schema.to_json()
    definition["fields"] = [{"kind": "chat", "name": "prompt", "title": "Chat", "required": True}]
    type(version).objects.filter(pk=version.pk).update(definition=definition)
    project.records.update(fields={"prompt": [{"role": "user", "content": f"Before {text} after"}]})
    user = taking_part(project)
    answer(project, user)

    assert found(user, text=text) == found(user, text=text.swapcase()) == ["prompt-0"]
    assert found(user, text="something else") == []


@pytest.mark.parametrize(
    ("text", "record"), [("clea", "prompt-0"), ("écrit", "prompt-1"), ("Hmm", "prompt-2")]
)
def test_answers_are_found_by_their_words_and_by_the_labels_people_read(text: str, record: str) -> None:
    project = a_project(records=3)
    asking_more(project)
    user = taking_part(project)
    given = [{"kind": "a"}, {"all": ["b"]}, {"why": "Hmm, no."}]
    for values in given:
        assignment = responding.next_record(project, by=user)
        assert assignment is not None
        both = {"quality": 4, **values}
        responding.submit(project, by=user, record_id=assignment.record_id, values=both)

    assert found(user, text=text) == [record]


def test_only_own_answers_are_found_and_only_in_the_project_that_is_wanted() -> None:
    one, other = a_project(records=1), a_project(records=1)
    user = taking_part(one)
    taking_part(other, user)
    answer(one, user)
    answer(other, user)
    answer(one, taking_part(one))

    assert len(found(user, text="prompt")) == 2
    assert [each.project for each in searching.own_answers(user, project=one.slug)] == [one]
    assert [each.project for each in searching.own_answers(user, text="prompt", project=other.slug)] == [
        other
    ]


def test_a_record_that_somebody_may_no_longer_see_is_not_found_by_its_text() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    answer(project, user)
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access="organisation", organisation=organisation)

    assert found(user, text="prompt") == []
    assert found(user) == ["prompt-0"]


def test_the_search_is_in_the_address_and_paged() -> None:
    project = a_project(records=25)
    user = taking_part(project)
    for _ in range(25):
        answer(project, user)
    client = as_user(user)

    page = client.get(LIST, {"q": "number", "project": project.slug, "page": "2"}).content.decode()

    assert "25 answers found." in page
    assert page.count('<article class="card">') == 5
    assert 'value="number"' in page
    assert f"q=number&amp;project={project.slug}&amp;page=1" in page


@pytest.mark.parametrize("query", [{"q": "\0"}, {"q": "x" * 201}, {"project": "no-such"}, {"page": "x"}])
def test_a_search_that_makes_no_sense_is_answered_with_the_page(query: dict[str, str]) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    answer(project, user)

    assert as_user(user).get(LIST, query).status_code == 200


def test_a_search_costs_the_same_number_of_queries_with_one_answer_and_with_twenty() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    client = as_user(user)
    editing.edit(answer(project, user).response, by=user, values={"quality": 1})
    client.get(LIST, {"q": "number"})
    with CaptureQueriesContext(connection) as one:
        client.get(LIST, {"q": "number"})
    add_records(project, 19)
    for _ in range(19):
        editing.edit(answer(project, user).response, by=user, values={"quality": 1})

    with CaptureQueriesContext(connection) as twenty:
        client.get(LIST, {"q": "number"})

    assert len(twenty) == len(one)


# --- By API ---------------------------------------------------------------------------------------


def api(user: User | None) -> Client:
    return Client(headers={"authorization": f"Bearer {tokens.make(user, name='script')[1]}"} if user else {})


def path(public_id: uuid.UUID) -> str:
    return f"/api/v1/me/responses/{public_id}/"


def test_by_api_an_answer_is_changed_and_read_with_its_history() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    program = api(user)

    changed = program.put(path(given.public_id), {"values": {"quality": 5}}, content_type=JSON)
    read = program.get(path(given.public_id))

    assert changed.status_code == read.status_code == 200
    assert changed.json() == read.json()
    assert read.json()["values"] == {"quality": 5}
    assert [(was["values"], was["schema_version"]) for was in read.json()["earlier"]] == [({"quality": 2}, 1)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 400),
        ({"values": {"quality": 99}}, 422),
        ({"values": {"nothing": 1}}, 422),
        ({"values": []}, 422),
        ({"values": None}, 400),
    ],
)
def test_by_api_a_bad_change_is_a_problem_and_nothing_is_saved(body: object, status: int) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response

    refused = api(user).put(path(given.public_id), body, content_type=JSON)

    assert refused.status_code == status
    assert refused["Content-Type"] == "application/problem+json"
    assert not ResponseEdit.objects.exists()


def test_by_api_nobody_else_reads_or_changes_an_answer() -> None:
    project = a_project(records=1)
    given = answer(project, taking_part(project), quality=2).response
    body = {"values": {"quality": 5}}

    for other, status in ((taking_part(project), 404), (project.leads.get(), 404), (None, 401)):
        program = api(other)
        assert program.get(path(given.public_id)).status_code == status
        assert program.put(path(given.public_id), body, content_type=JSON).status_code == status

    assert Response.objects.get().values == {"quality": 2}


def test_by_api_a_change_that_comes_too_late_is_a_conflict() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    Project.objects.update(state=ProjectState.ARCHIVED)

    refused = api(user).put(path(given.public_id), {"values": {"quality": 5}}, content_type=JSON)

    assert refused.status_code == 409
    assert "stay as they are" in refused.json()["detail"]
