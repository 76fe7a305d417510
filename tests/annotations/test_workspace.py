"""The workspace as a page: seen, answered, skipped, and by whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import HubOrganisation, Membership, ShownAs, User
from annotations.models import Assignment, Discard, Flag, Response, Skip
from dibt.lib import clock
from projects.models import Project, ProjectState, SchemaVersion
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from tests.annotations.pages import on_screen
from tests.annotations.worlds import a_project, add_records, answer, contributor, somebody, taking_part
from tests.schema.schemas import RATING_ONLY

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}


def url(project: Project, page: str = "annotate") -> str:
    return reverse(f"projects:{page}", args=[project.slug])


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(page) -> str:
    """All that the script puts on the page: the records at hand and what was done, or what was refused."""
    told = page.json()
    if "detail" in told:
        return told["detail"] + told.get("html", "")
    return "".join(record["html"] for record in told["records"]) + told["nothing_left"] + told["status"]


def open_record(client: Client, project: Project) -> int:
    return on_screen(client, url(project))


def test_the_first_page_shows_the_record_its_question_and_the_consent() -> None:
    project = a_project(records=2)
    page = as_user(somebody()).get(url(project))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Prompt number 0" in text
    assert 'name="answer.quality" value="5"' in text
    assert 'name="licence" value="cc-by-4.0"' in text
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_one_post_saves_the_answer_and_brings_the_next_record() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))
    record = open_record(client, project)

    page = client.post(url(project), {"record": record, "answer.quality": "4"}, **SCRIPT)

    assert page.status_code == 200
    assert Response.objects.get().values == {"quality": 4}
    assert "Prompt number 1" in shown(page)
    assert "<html" not in shown(page)


def test_an_answer_and_the_next_record_cost_few_queries() -> None:
    project = a_project(records=9)
    client = as_user(taking_part(project))
    client.post(url(project), {"record": open_record(client, project), "answer.quality": "4"}, **SCRIPT)
    record = open_record(client, project)

    with CaptureQueriesContext(connection) as captured:
        page = client.post(url(project), {"record": record, "answer.quality": "4"}, **SCRIPT)

    assert page.status_code == 200
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    most = 6 if connection.vendor == "postgresql" else 17
    assert len(statements) <= most, statements


def test_what_is_done_is_looked_up_again_while_one_works() -> None:
    project = a_project(records=2, overlap=1)
    user = taking_part(project)
    client = as_user(user)

    page = client.get(url(project)).content.decode()
    answer(project, user)
    later = client.get(url(project, "progress"), HTTP_HX_REQUEST="true").content.decode()

    assert f'hx-get="{url(project, "progress")}" hx-trigger="every 20s" hx-select=".meter"' in page
    assert later.count('class="meter ') == 1
    assert "1 of 2" in later


def test_a_page_that_cannot_be_shown_now_names_the_status_it_has() -> None:
    project = a_project(records=1)
    client = as_user(taking_part(project))
    Project.objects.update(state=ProjectState.PAUSED)

    page = client.get(url(project))

    assert page.status_code == 409
    assert ">409<" in page.content.decode()


def test_without_scripts_the_form_leads_back_to_the_page() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))

    page = client.post(url(project), {"record": open_record(client, project), "answer.quality": "4"})

    assert page.status_code == 302
    assert page["Location"].partition("?")[0] == url(project)


def test_licence_and_name_are_taken_with_the_first_answer() -> None:
    project = a_project(records=1)
    user = somebody()
    User.objects.filter(pk=user.pk).update(shown_as="")
    client = as_user(user)
    form = {"record": open_record(client, project), "answer.quality": "4", "consent": "1"}

    client.post(url(project), {**form, "shown_as": "pseudonym", "licence": "cc-by-4.0"}, **SCRIPT)

    assert User.objects.get(pk=user.pk).shown_as == ShownAs.PSEUDONYM
    assert contributor(project, user).licence == "cc-by-4.0"
    assert Response.objects.count() == 1


def test_without_the_licence_the_answer_is_shown_again_and_nothing_is_saved() -> None:
    project = a_project(records=1)
    client = as_user(somebody())
    form = {"record": open_record(client, project), "answer.quality": "4", "consent": "1"}

    page = client.post(url(project), form, **SCRIPT)

    assert page.status_code == 422
    assert "Accept the licence" in shown(page)
    assert 'value="4" checked' in shown(page)
    assert not Response.objects.exists()


def test_a_form_without_an_answer_is_shown_again_with_what_lacks() -> None:
    project = a_project(records=1)
    client = as_user(taking_part(project))

    page = client.post(url(project), {"record": open_record(client, project)}, **SCRIPT)

    assert page.status_code == 422
    assert 'role="alert"' in shown(page)
    assert not Response.objects.exists()


@pytest.mark.parametrize("record", ["", "x", "-1", "9" * 40, "999999"])
def test_a_form_that_names_no_record_of_theirs_is_refused_in_a_sentence(record: str) -> None:
    project = a_project(records=1)
    client = as_user(taking_part(project))
    open_record(client, project)

    page = client.post(url(project), {"record": record, "answer.quality": "4"}, **SCRIPT)

    assert page.status_code in {404, 422}
    assert "Reload the page" in shown(page) or "Open the next one" in shown(page)
    assert not Response.objects.exists()


def test_skipping_brings_the_next_record() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))
    record = open_record(client, project)

    page = client.post(url(project, "skip"), {"record": record}, **SCRIPT)

    assert Skip.objects.get().record_id == record
    assert "Prompt number 1" in shown(page)


def test_discarding_and_flagging_bring_the_next_record() -> None:
    project = a_project(records=3)
    client = as_user(taking_part(project))
    record = open_record(client, project)

    client.post(url(project, "discard"), {"record": record}, **SCRIPT)
    said = {"record": open_record(client, project), "reason": "broken", "note": "Cut off."}
    page = client.post(url(project, "flag"), said, **SCRIPT)

    assert Discard.objects.get().record_id == record
    assert list(Flag.objects.values("record", "reason", "note")) == [said]
    assert "Prompt number 2" in shown(page)


def test_without_scripts_discarding_and_flagging_lead_back_to_the_page() -> None:
    project = a_project(records=3)
    client = as_user(taking_part(project))

    discarded = client.post(url(project, "discard"), {"record": open_record(client, project)})
    flagged = client.post(url(project, "flag"), {"record": open_record(client, project), "reason": "toxic"})

    assert [each["Location"].split("?")[0] for each in (discarded, flagged)] == [url(project)] * 2
    assert (Discard.objects.count(), Flag.objects.count()) == (1, 1)


def test_a_flag_without_a_reason_is_refused_and_the_record_stays_open() -> None:
    project = a_project(records=2)
    client = as_user(taking_part(project))
    record = open_record(client, project)

    page = client.post(url(project, "flag"), {"record": record}, **SCRIPT)

    assert page.status_code == 422
    assert "Choose what is wrong" in shown(page)
    assert open_record(client, project) == record


@pytest.mark.parametrize("page", ["discard", "flag"])
def test_nobody_objects_to_a_record_that_was_not_given_to_them(page: str) -> None:
    project = a_project(records=1)
    record = project.records.get().pk
    said = {"record": record, "reason": "toxic"}

    assert Client().post(url(project, page), said).status_code == 302
    assert as_user(somebody()).post(url(project, page), said).status_code == 404
    assert as_user(taking_part(project)).post(url(project, page), said).status_code == 404
    assert not Discard.objects.exists()
    assert not Flag.objects.exists()


def test_the_end_of_the_queue_says_so() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    answer(project, user)

    page = as_user(user).get(url(project))

    assert "Nothing is left for you here" in page.content.decode()


def test_who_is_not_signed_in_holds_no_record() -> None:
    project = a_project(records=1)

    page = Client().get(url(project))

    assert page.status_code == 200
    assert f"/sign-in/?next={url(project)}" in page.content.decode()
    assert not Assignment.objects.exists()
    assert Client().post(url(project, "skip"), {"record": 1}).status_code == 302


@pytest.mark.parametrize("page", ["annotate", "detail", "progress", "leaderboard"])
def test_a_project_in_setup_is_404_for_others(page: str) -> None:
    project = a_project(records=1, state=ProjectState.SETUP)

    assert Client().get(url(project, page)).status_code == 404
    assert as_user(somebody()).get(url(project, page)).status_code == 404


def test_a_paused_project_says_so() -> None:
    project = a_project(records=1, state=ProjectState.PAUSED)

    page = as_user(somebody()).get(url(project))

    assert page.status_code == 409
    assert "takes no answers now" in page.content.decode()


def test_record_text_is_text_and_carries_language_and_direction() -> None:
    project = a_project(records=1)
    project.languages = ["arb_Arab"]
    project.save()
    project.records.update(fields={"prompt": "<script>alert(1)</script> مرحبا"})

    text = as_user(somebody()).get(url(project)).content.decode()

    assert 'lang="ar' in text
    assert 'dir="rtl">&lt;script&gt;alert(1)' in text


def test_the_list_of_own_answers_shows_and_deletes_them() -> None:
    project = a_project(records=1)
    user, other = taking_part(project), taking_part(project)
    mine, theirs = answer(project, user).response, answer(project, other).response
    client = as_user(user)

    page = client.get(reverse("mine:list"))
    assert "Prompt number 0" in page.content.decode()
    assert "CC BY 4.0" in page.content.decode()
    assert client.post(reverse("mine:take_back", args=[theirs.public_id])).status_code == 404
    assert client.post(reverse("mine:take_back", args=[mine.public_id])).status_code == 302

    assert list(Response.objects.all()) == [theirs]


def test_who_left_the_organisation_keeps_their_answers_but_sees_no_record_of_its_project() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    answer(project, user)
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.filter(pk=project.pk).update(access="organisation", organisation=organisation)
    belongs = Membership.objects.create(user=user, organisation=organisation, seen_at=clock.now())

    as_member = as_user(user).get(reverse("mine:list")).content.decode()
    belongs.delete()
    as_stranger = as_user(user).get(reverse("mine:list")).content.decode()

    assert "Prompt number 0" in as_member
    assert "Prompt number 0" not in as_stranger
    assert "take-back" in as_stranger


def test_the_own_list_costs_the_same_number_of_queries_with_one_answer_and_with_twenty(
    django_assert_num_queries: object,
) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    client = as_user(user)
    answer(project, user)
    client.get(reverse("mine:list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("mine:list"))
    add_records(project, 19)
    for _ in range(19):
        answer(project, user)

    with CaptureQueriesContext(connection) as twenty:
        client.get(reverse("mine:list"))

    assert len(twenty) == len(one)


def test_leads_find_their_projects_and_others_find_none() -> None:
    project = a_project(records=1, state=ProjectState.SETUP)
    lead = project.leads.get()

    own = as_user(lead).get(reverse("mine:projects"))
    others = as_user(somebody()).get(reverse("mine:projects"))

    assert reverse("manage:overview", args=[project.slug]) in own.content.decode()
    assert "You lead no project yet" in others.content.decode()
    assert project.title not in others.content.decode()
    assert Client().get(reverse("mine:projects")).status_code == 302


def test_a_suggestion_is_chosen_and_marked_with_who_made_it() -> None:
    project = a_project(records=1)
    project.records.update(suggestions={"quality": {"value": 4, "agent": "<some> model"}})

    text = as_user(taking_part(project)).get(url(project)).content.decode()

    assert 'value="4" checked' in text
    assert text.count("checked") == 1
    assert "Suggested by <bdi>&lt;some&gt; model</bdi>." in text
    assert not Response.objects.exists()


def test_an_english_text_in_an_arabic_project_runs_from_the_left() -> None:
    project = a_project(records=1)
    project.languages = ["arb_Arab"]
    project.save()

    text = as_user(somebody()).get(url(project)).content.decode()

    assert 'dir="ltr">Prompt number 0' in text


CHAT = (
    [{"role": "user", "content": "Say it in Arabic."}, {"role": "assistant", "content": "مرحبا"}],
    '<div class="record-text" lang="en" dir="ltr">Say it in Arabic.</div>',
    '<div class="record-text" dir="rtl">مرحبا</div>',
)


def test_each_turn_of_a_chat_has_its_own_direction_and_is_in_the_language_only_if_it_runs_like_it() -> None:
    turns, english, arabic = CHAT
    project = a_project(records=1)
    chat = TaskSchema(
        fields=(Field(name="prompt", title="Prompt", kind=FieldKind.CHAT),),
        questions=RATING_ONLY.questions,
    )
    SchemaVersion.objects.filter(project=project).update(definition=chat.to_json())
    project.records.update(fields={"prompt": turns})
    user, lead = taking_part(project), project.leads.get()

    page = as_user(user).get(url(project)).content.decode()
    assert english in page
    assert arabic in page

    answer(project, user)
    own = as_user(user).get(reverse("mine:list")).content.decode()
    assert english in own
    assert arabic in own
    records = as_user(lead).get(reverse("records:list", args=[project.slug])).content.decode()
    assert '<div class="clip" dir="ltr" lang="en">Say it in Arabic.</div>' in records


def test_skipped_records_are_shown_again_to_who_asks_for_them() -> None:
    project = a_project(records=1)
    client = as_user(taking_part(project))
    record = open_record(client, project)
    client.post(url(project, "skip"), {"record": record})

    end = client.get(url(project)).content.decode()
    back = client.post(url(project, "skipped_again"))

    assert "You skipped 1 record that still wants an answer." in end
    assert back["Location"] == url(project)
    assert open_record(client, project) == record


def test_an_outsider_asks_for_no_skipped_records() -> None:
    project = a_project(records=1, state=ProjectState.SETUP)

    assert Client().post(url(project, "skipped_again")).status_code == 302
    assert as_user(somebody()).post(url(project, "skipped_again")).status_code == 404
