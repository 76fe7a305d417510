"""Which guidelines an answer was given under: those that its author had before them, whatever holds by then."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from annotations.domain import adopting, editing, guidelines, leasing, responding, trials
from annotations.models import Response, ResponseEdit, TrialAnswer
from dibt.lib import clock
from dibt.lib.errors import InvalidError
from projects.domain import tasks
from projects.models import GuidelinesVersion, Project
from tests.annotations.tasks import opened
from tests.annotations.test_api import Api
from tests.annotations.test_guidelines_changed import TOLD, as_user, page_of, rewrite
from tests.annotations.trying import a_visitor
from tests.annotations.worlds import a_project, answer, contributor, taking_part

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}


def give(project: Project, user: User, number: int | None) -> Response:
    record = opened(project, user)
    given = responding.submit(
        project, by=user, record_id=record, values={"quality": 4}, guidelines_version=number
    )
    return given.response


def under(given: Response | ResponseEdit | TrialAnswer) -> int | None:
    return given.guidelines_version.number if given.guidelines_version else None


def stamps() -> list[int]:
    """The numbers of the guidelines that answers were given under, in the order in which they came."""
    numbers = Response.objects.order_by("pk").values_list("guidelines_version__number", flat=True)
    return [number for number in numbers if number is not None]


# --- What is stored ------------------------------------------------------------------------------------------------


def test_an_answer_is_stamped_with_the_guidelines_that_its_author_had() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    rewrite(project, "All is new.")

    told = [give(project, user, number) for number in (1, 2, None)]

    assert stamps() == [1, 2, 2]
    assert [under(each) for each in told] == [1, 2, 2]


@pytest.mark.parametrize("number", [0, -1, 3, 2**31, 2**70])
def test_guidelines_that_never_were_or_are_yet_to_come_are_refused(number: int) -> None:
    project, visitor = a_project(records=2), a_visitor()
    user = taking_part(project)
    given = answer(project, user).response
    rewrite(project, "All is new.")
    record = trials.next_record(project, visitor=visitor)
    assert record is not None
    offer = trials.offer(record, visitor=visitor)

    with pytest.raises(InvalidError, match="The guidelines have no version"):
        give(project, user, number)
    with pytest.raises(InvalidError, match="The guidelines have no version"):
        trials.answer(project, visitor=visitor, offer=offer, values={"quality": 1}, guidelines_version=number)
    with pytest.raises(InvalidError, match="The guidelines have no version"):
        editing.edit(given, by=user, values={"quality": 1}, guidelines_version=number)

    assert stamps() == [1]
    assert not TrialAnswer.objects.exists()
    assert not ResponseEdit.objects.exists()


def test_those_of_another_project_are_none_of_this_one() -> None:
    project, other = a_project(records=1), a_project()
    rewrite(other, "Of another project.")

    with pytest.raises(InvalidError, match="The guidelines have no version 2; the present one is 1"):
        give(project, taking_part(project), 2)


def test_where_there_are_none_yet_no_number_is_one() -> None:
    project = a_project(records=2)
    GuidelinesVersion.objects.all().delete()
    user = taking_part(project)

    with pytest.raises(InvalidError, match="There are no guidelines yet"):
        give(project, user, 1)

    assert give(project, user, None).guidelines_version is None


def test_what_was_taken_along_and_is_sent_hours_later_was_given_under_what_was_taken_along() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    record = leasing.take_along(project, by=user)[0].record_id
    rewrite(project, "All is new.")

    with clock.at(clock.now() + timedelta(hours=5)):
        responding.submit(
            project, by=user, record_id=record, values={"quality": 2}, key="k", guidelines_version=1
        )

    assert stamps() == [1]


def test_a_trial_answer_keeps_those_that_it_was_tried_under() -> None:
    project, visitor = a_project(records=3), a_visitor()
    record = trials.next_record(project, visitor=visitor)
    assert record is not None
    offer = trials.offer(record, visitor=visitor)
    rewrite(project, "All is new.")
    user = taking_part(project)

    trials.answer(project, visitor=visitor, offer=offer, values={"quality": 1}, guidelines_version=1)
    adopting.claim(visitor.secret, by=user)
    adopting.adopt(project, by=user)

    assert stamps() == [1]


def test_a_changed_answer_stays_under_its_guidelines_unless_others_were_shown() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    given = answer(project, user).response
    rewrite(project, "All is new.")

    unsaid = editing.edit(given, by=user, values={"quality": 1})
    said = editing.edit(given, by=user, values={"quality": 2}, guidelines_version=2)

    assert (under(unsaid), under(said)) == (1, 2)
    assert stamps() == [2]
    assert [under(edit) for edit in given.edits.all()] == [
        1,
        1,
    ]


# --- What has to be told -------------------------------------------------------------------------------------------


def test_the_newest_guidelines_that_somebody_has_answered_under_are_what_they_know() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    rewrite(project, "The second.")
    give(project, user, 2)
    give(project, user, 1)  # was taken along, and sent late
    mine = contributor(project, user)

    assert guidelines.changes_for(mine) == ()
    rewrite(project, "The third.")

    assert [(each.kind, each.words) for each in guidelines.changes_for(mine)] == [
        ("removed", "The second."),
        ("added", "The third."),
    ]


def test_who_has_answered_nothing_knows_what_they_have_before_them() -> None:
    project = a_project(records=1)
    mine = contributor(project, taking_part(project))
    rewrite(project, "All is new.")

    assert [each.words for each in guidelines.changes_for(mine, shown=1)][-1] == "All is new."
    assert guidelines.changes_for(mine, shown=2) == ()
    assert guidelines.changes_for(mine, shown=7) == ()


# --- Pages ---------------------------------------------------------------------------------------------------------


def test_every_form_says_which_guidelines_stand_beside_it() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    given = answer(project, user).response
    record = opened(project, user)
    client = as_user(user)
    client.post(
        reverse("projects:draft", args=[project.slug]),
        {"record": record, "answer.quality": "3", "page": "a", "at": "1"},
    )
    rewrite(project, "All is new.")
    hidden = '<input type="hidden" name="guidelines" value="2">'

    workspace = client.get(page_of(project)).content.decode()
    change = client.get(reverse("mine:edit", args=[given.public_id])).content.decode()
    begun = client.get(reverse("mine:begun", args=[record])).content.decode()
    trial = Client().get(page_of(project)).content.decode()

    assert workspace.count(hidden) == 3  # the record, and those at hand
    assert 'id="guidelines" data-number="2"' in workspace
    for page in (change, begun, trial):
        assert page.count(hidden) == 1
    assert TOLD in change
    assert TOLD in begun
    assert TOLD not in trial


def test_who_answers_on_a_page_that_was_open_is_told_in_the_same_reply() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    answer(project, user)
    client = as_user(user)
    form = {"record": opened(project, user), "guidelines": "1", "answer.quality": "4"}
    rewrite(project, "All **is** new.")

    told = client.post(page_of(project), form, **SCRIPT).json()
    page = client.get(page_of(project)).content.decode()

    assert stamps() == [1, 1]
    assert told["guidelines"]["number"] == 2
    assert "<strong>is</strong>" in told["guidelines"]["html"]
    assert '<ins dir="auto">All **is** new.</ins>' in told["guidelines"]["changes"]
    assert TOLD in told["guidelines"]["changes"]
    assert TOLD in page


def test_it_is_told_until_they_have_answered_under_the_new_ones() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    answer(project, user)
    rewrite(project, "All is new.")
    client = as_user(user)
    pages = [client.get(page_of(project)).content.decode() for _ in range(2)]

    late = {"record": opened(project, user), "guidelines": "1", "answer.quality": "4"}
    client.post(page_of(project), late)
    pages.append(client.get(page_of(project)).content.decode())
    form = {"record": opened(project, user), "guidelines": "2", "answer.quality": "4"}
    told = client.post(page_of(project), form, **SCRIPT).json()

    assert all(TOLD in page for page in pages)
    assert stamps() == [1, 1, 2]
    assert told["guidelines"] is None
    assert TOLD not in client.get(page_of(project)).content.decode()


@pytest.mark.parametrize("act", ["skip", "discard", "flag", "refresh"])
def test_whatever_the_open_page_asks_it_is_told(act: str) -> None:
    project = a_project(records=4)
    user = taking_part(project)
    client = as_user(user)
    form = {"record": opened(project, user), "guidelines": "1", "reason": "broken"}
    rewrite(project, "All is new.")

    if act == "refresh":
        told = client.get(page_of(project), form, **SCRIPT).json()
    else:
        told = client.post(reverse(f"projects:{act}", args=[project.slug]), form, **SCRIPT).json()

    assert told["guidelines"]["number"] == 2
    assert "All is new." in told["guidelines"]["changes"]


def test_other_words_for_nothing_are_no_news_but_the_page_gets_them() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    answer(project, user)
    current = tasks.current_guidelines(project)
    assert current is not None
    rewrite(project, current.text.replace("\n\n", "\n\n\n"))

    told = as_user(user).get(page_of(project), {"guidelines": "1"}, **SCRIPT).json()["guidelines"]

    assert (told["number"], told["changes"]) == (2, "")


def test_a_page_from_before_that_names_none_is_treated_as_ever() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    client = as_user(user)
    rewrite(project, "All is new.")
    record = opened(project, user)

    told = client.post(page_of(project), {"record": record, "answer.quality": "4"}, **SCRIPT).json()

    assert stamps() == [2]
    assert told["guidelines"] is None


@pytest.mark.parametrize("number", ["x", "-1", "9" * 19, "3", "0"])
def test_a_form_that_names_none_of_ours_is_refused(number: str) -> None:
    project = a_project(records=4)
    user = taking_part(project)
    form = {"record": opened(project, user), "answer.quality": "4", "guidelines": number}

    refused = as_user(user).post(page_of(project), form, **SCRIPT)

    assert refused.status_code == 422
    assert refused.json()["detail"]
    assert not Response.objects.exists()


def test_who_changes_an_answer_is_told_there_and_it_is_stamped_with_what_was_shown() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    given = answer(project, user).response
    rewrite(project, "All is new.")
    client, address = as_user(user), reverse("mine:edit", args=[given.public_id])

    from_before = client.post(address, {"answer.quality": "2"})
    still_to_tell = TOLD in client.get(page_of(project)).content.decode()
    client.post(address, {"answer.quality": "3", "guidelines": "2"})

    assert from_before.status_code == 302
    assert still_to_tell
    assert stamps() == [2]
    assert TOLD not in client.get(page_of(project)).content.decode()


def test_who_tries_without_signing_in_answers_under_what_the_page_showed() -> None:
    project = a_project(records=4)
    client = Client()
    page = client.get(page_of(project))
    rewrite(project, "All is new.")

    client.post(page_of(project), {"offer": page.context["offer"], "guidelines": "1", "answer.quality": "4"})

    assert under(TrialAnswer.objects.get()) == 1


def test_the_answer_that_names_the_present_ones_costs_no_more_queries() -> None:
    project = a_project(records=9)
    user = taking_part(project)
    client = as_user(user)
    counted = []
    for named in ({}, {}, {"guidelines": "1"}):  # the first is for what a process reads once
        form = {"record": opened(project, user), "answer.quality": "4", **named}
        with CaptureQueriesContext(connection) as captured:
            client.post(page_of(project), form, **SCRIPT)
        counted.append(len(captured))

    assert counted[2] == counted[1]


# --- Programs ------------------------------------------------------------------------------------------------------


def test_programs_name_the_guidelines_and_are_told_which_hold() -> None:
    project = a_project(records=9)
    user = taking_part(project)
    api, path = Api(user), f"projects/{project.slug}/responses/"
    rewrite(project, "All is new.")

    def send(**said: object) -> dict[str, object]:
        answered = api.post(path, {"record": opened(project, user), "values": {"quality": 4}, **said})
        told: dict[str, object] = {"status": answered.status_code, **answered.json()}
        return told

    older, unsaid, null = send(guidelines_version=1), send(), send(guidelines_version=None)
    unknown, nonsense = send(guidelines_version=3), send(guidelines_version="first")
    handed = api.post(f"projects/{project.slug}/next/").json()
    along = api.post(f"projects/{project.slug}/taken-along/", {"count": 2}).json()
    skipped = api.post(f"projects/{project.slug}/skips/", {"record": opened(project, user)}).json()

    assert [told["status"] for told in (older, unsaid, null)] == [201, 201, 201]
    assert stamps() == [1, 2, 2]
    assert [told["response"]["guidelines_version"] for told in (older, unsaid)] == [1, 2]  # type: ignore[index]
    assert (unknown["status"], list(unknown["errors"])) == (422, ["guidelines_version"])  # type: ignore[call-overload]
    assert nonsense["status"] == 400
    assert [told["guidelines_version"] for told in (older, handed, along, skipped)] == [2, 2, 2, 2]
    assert Client().get(f"/api/v1/projects/{project.slug}/").json()["guidelines_version"] == 2
    assert Client().get("/api/v1/projects/").json()["results"][0]["guidelines_version"] == 2


def test_programs_change_an_answer_under_the_guidelines_that_they_name() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    given = answer(project, user).response
    rewrite(project, "All is new.")
    api, path = Api(user), f"me/responses/{given.public_id}/"

    kept = api.client.put(
        f"/api/v1/{path}", {"values": {"quality": 1}}, content_type="application/json"
    ).json()
    named = api.client.put(
        f"/api/v1/{path}",
        {"values": {"quality": 2}, "guidelines_version": 2},
        content_type="application/json",
    ).json()

    assert (kept["guidelines_version"], named["guidelines_version"]) == (1, 2)
    assert api.client.get("/api/v1/me/responses/").json()["results"][0]["guidelines_version"] == 2
