"""Trying a project as a visitor of its pages, signing in, and keeping what was answered."""

import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import HubOrganisation, ShownAs, User
from annotations.domain import adopting
from annotations.models import Contributor, Response, TrialAnswer
from annotations.views import trial
from projects.models import Access, Project, ProjectState
from tests.annotations.trying import a_visitor, try_next
from tests.annotations.worlds import a_project, add_records, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db


def url(project: Project, page: str = "annotate") -> str:
    return reverse(f"projects:{page}", args=[project.slug])


def offered(client: Client, project: Project) -> dict[str, str]:
    """What the form of the page sends besides the answer."""
    return {"offer": client.get(url(project)).context["offer"]}


def send(client: Client, project: Project, *, quality: int = 4):  # type: ignore[no-untyped-def]
    return client.post(url(project), {**offered(client, project), "answer.quality": str(quality)})


def tried(project: Project, *, times: int = 1) -> Client:
    """A browser in which somebody answered so many records."""
    client = Client()
    for _ in range(times):
        assert send(client, project).status_code == 302
    return client


def sign_in(client: Client, user: User) -> None:
    """As after the Hub: the next page is the one that meets the signed-in person."""
    client.force_login(user)


def test_a_visitor_sees_a_record_with_its_questions_at_once_and_what_becomes_of_an_answer() -> None:
    project = a_project(records=5)
    client = Client()

    page = client.get(url(project))

    text = page.content.decode()
    assert page.status_code == 200
    assert re.search(r"Prompt number \d", text)
    assert 'name="answer.quality" value="5"' in text
    assert "Record 1 of 3 to try, without signing in" in text
    assert "CC BY 4.0" in text
    assert "for 30 days at most" in text
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in text
    assert set(client.cookies) == {"csrftoken"}
    assert not TrialAnswer.objects.exists()


def test_the_cookie_comes_with_the_first_saved_answer_and_scripts_cannot_read_it() -> None:
    project, client = a_project(records=5), Client()
    client.post(url(project), offered(client, project))
    assert "trial" not in client.cookies

    page = send(client, project)

    cookie = client.cookies["trial"]
    assert page.status_code == 302
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 30 * 86_400)
    assert TrialAnswer.objects.get().values == {"quality": 4}


def test_two_first_answers_from_two_tabs_at_once_are_both_kept_for_the_visitor() -> None:
    project, user = a_project(records=9), somebody()
    one, other = Client(), Client()
    first = one.get(url(project))
    other.cookies["csrftoken"] = one.cookies[
        "csrftoken"
    ].value  # one browser, before the first reply is there
    second = other.get(url(project), {"passed": first.context["record"].pk})

    for tab, page in ((one, first), (other, second)):
        answer = {"offer": page.context["offer"], "answer.quality": "4"}
        assert tab.post(url(project), answer).status_code == 302

    assert TrialAnswer.objects.count() == 2
    one.cookies["trial"] = other.cookies["trial"].value  # the browser keeps the last one
    assert one.get(url(project)).context["given"] == 2
    sign_in(one, user)
    one.get("/")
    assert adopting.waiting(user).count() == 2


def test_the_cookie_tells_nothing_of_the_secret_that_scripts_can_read() -> None:
    client, other = (tried(a_project(records=5)) for _ in range(2))

    assert client.cookies["trial"].value != other.cookies["trial"].value
    assert client.cookies["csrftoken"].value not in client.cookies["trial"].value


@override_settings(SESSION_COOKIE_SECURE=True)
def test_over_https_the_cookie_goes_over_https_only() -> None:
    client = tried(a_project(records=5))

    assert client.cookies["trial"]["secure"] is True


def test_each_answer_leads_to_the_next_record_and_the_third_to_the_way_to_keep_them() -> None:
    project, client = a_project(records=9), Client()
    seen = set()

    for number in range(1, 4):
        page = client.get(url(project)).content.decode()
        assert f"Record {number} of 3 to try" in page
        seen.add(re.search(r"Prompt number \d+", page))
        page = client.get(send(client, project)["Location"]).content.decode()
        assert "Saved." in page

    assert "Sign in to keep your 3 answers and go on" in page
    assert f'name="next" value="{url(project)}"' in page
    assert "answer.quality" not in page


def test_reloading_shows_the_same_record() -> None:
    project, client = a_project(records=50), Client()

    records = {client.get(url(project)).context["record"].pk for _ in range(5)}

    assert len(records) == 1


def test_skipping_leads_on_by_the_address_alone_until_there_were_enough() -> None:
    project, client = a_project(records=50), Client()
    address, seen = url(project), []
    while True:
        page = client.get(address)
        seen.append(page.context["record"].pk)
        if not page.context["may_pass"]:
            break
        address = f"{url(project)}?" + "&".join(f"passed={pk}" for pk in seen)

    assert len(seen) == len(set(seen)) == 6
    assert 'id="skip-form"' not in page.content.decode()
    saved = client.post(
        url(project), {"offer": page.context["offer"], "answer.quality": "2", "passed": seen[:5]}
    )
    assert client.get(saved["Location"]).context["record"].pk not in seen


@pytest.mark.parametrize("passed", ["x", "-1", "9" * 40, "²"])
def test_nonsense_in_the_address_is_passed_over(passed: str) -> None:
    project = a_project(records=2)

    assert Client().get(url(project), {"passed": passed}).status_code == 200


def test_an_answer_that_lacks_something_is_shown_again_and_not_saved() -> None:
    project, client = a_project(records=5), Client()
    form = offered(client, project)

    for sent in ({}, {"answer.quality": "9"}, {"answer.quality": "1", "answer.other": "x"}):
        page = client.post(url(project), {**form, **sent})
        assert page.status_code == 422

    assert 'role="alert"' in client.post(url(project), form).content.decode()
    assert not TrialAnswer.objects.exists()


def test_a_megabyte_of_text_is_refused() -> None:
    project, client = a_project(records=5), Client()

    page = client.post(url(project), {**offered(client, project), "answer.quality": "4" * 1_000_000})

    assert page.status_code == 422
    assert not TrialAnswer.objects.exists()


def test_a_record_offered_to_another_browser_is_refused_in_a_sentence() -> None:
    project, client, other = a_project(records=5), Client(), Client()
    offered(other, project)

    page = other.post(url(project), {**offered(client, project), "answer.quality": "4"})
    made_up = other.post(url(project), {"offer": "1:x", "answer.quality": "4"})

    assert page.status_code == made_up.status_code == 404
    assert "was not given to you" in page.content.decode()
    assert not TrialAnswer.objects.exists()


def test_a_fourth_answer_is_refused_in_a_sentence() -> None:
    project, client = a_project(records=9), Client()
    early = offered(client, project)
    for _ in range(3):
        send(client, project)
    untried = project.records.filter(trial_answers=None).first()
    TrialAnswer.objects.filter(number=1).update(record=untried)  # so that the early offer is of one more

    page = client.post(url(project), {**early, "answer.quality": "4"})

    assert page.status_code == 409
    assert "Sign in with Hugging Face to go on" in page.content.decode()
    assert TrialAnswer.objects.count() == 3


def test_a_closed_project_takes_no_trial_answer() -> None:
    project, client = a_project(records=5), Client()
    form = offered(client, project)
    Project.objects.update(state=ProjectState.PAUSED)

    for page in (client.post(url(project), {**form, "answer.quality": "4"}), client.get(url(project))):
        assert page.status_code == 409
        assert "takes no answers now" in page.content.decode()

    assert not TrialAnswer.objects.exists()


def test_a_project_for_members_is_not_tried() -> None:
    project, client = a_project(records=5), Client()
    form = offered(client, project)
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access=Access.ORGANISATION, organisation=organisation)

    page = client.get(url(project))

    assert "One step before the first record" in page.content.decode()
    assert "Prompt number" not in page.content.decode()
    assert client.post(url(project), {**form, "answer.quality": "4"}).status_code == 403
    assert not TrialAnswer.objects.exists()


@pytest.mark.parametrize("page", ["annotate", "trial-keep", "trial-drop", "trial-forget"])
def test_a_project_in_setup_is_404_for_visitors(page: str) -> None:
    project = a_project(records=1, state=ProjectState.SETUP)
    client = Client()
    if page in {"trial-keep", "trial-drop"}:
        sign_in(client, somebody())

    assert client.post(url(project, page)).status_code == 404


def test_where_nothing_is_left_to_try_the_page_says_so() -> None:
    project = a_project(records=1, overlap=1)
    answer(project, taking_part(project))

    page = Client().get(url(project))

    assert page.status_code == 200
    assert "No record is free to try at this moment" in page.content.decode()


def test_the_forms_are_protected_against_forgery() -> None:
    project, client = a_project(records=5), Client(enforce_csrf_checks=True)
    form = offered(client, project)

    page = client.post(url(project), {**form, "answer.quality": "4"})

    assert page.status_code == 403
    assert not TrialAnswer.objects.exists()


def test_a_browser_without_cookies_is_told_so() -> None:
    project = a_project(records=5)
    form = offered(Client(), project)

    page = Client(enforce_csrf_checks=True).post(url(project), {**form, "answer.quality": "4"})

    assert page.status_code == 403
    assert "Your browser keeps no cookies" in page.content.decode()


def test_a_browser_that_dropped_this_cookie_is_told_so() -> None:
    project, client = a_project(records=5), Client()
    following = send(client, project)["Location"]
    del client.cookies["trial"]

    page = client.get(following).content.decode()

    assert "your browser kept no cookie for it" in page
    assert "Record 1 of 3" in page


def test_one_address_may_send_so_many_and_is_told_when_it_was_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project, client = a_project(records=5), Client()
    form = offered(client, project)
    for _ in range(trial.TRIES.amount):
        trial.TRIES.is_passed_by("127.0.0.1")

    page = client.post(url(project), {**form, "answer.quality": "4"})

    assert page.status_code == 429
    assert "sent more trial answers than one hour allows" in page.content.decode()
    assert int(page["Retry-After"]) == 3600
    assert not TrialAnswer.objects.exists()


def test_a_session_that_ended_while_typing_is_no_trial() -> None:
    project = a_project(records=5)

    page = Client().post(url(project), {"record": "1", "answer.quality": "4"}, follow=True)

    assert "You are no longer signed in, so nothing was saved." in page.content.decode()
    assert "Sign in with Hugging Face" in page.content.decode()
    assert not TrialAnswer.objects.exists()


def test_after_sign_in_the_first_page_asks_for_licence_and_name_and_nothing_else() -> None:
    project = a_project(records=9)
    client, user = tried(project, times=3), somebody()
    User.objects.filter(pk=user.pk).update(shown_as="")
    sign_in(client, user)
    client.get("/")
    assert client.cookies["trial"].value == ""

    page = client.get(url(project)).content.decode()
    assert "Your 3 trial answers wait for this" in page
    assert 'name="licence" value="cc-by-4.0"' in page
    assert "answer.quality" not in page
    said = {"consent": "1", "shown_as": "pseudonym", "licence": "cc-by-4.0"}
    kept = client.post(url(project, "trial-keep"), said)

    assert kept["Location"] == url(project)
    assert User.objects.get(pk=user.pk).shown_as == ShownAs.PSEUDONYM
    assert Response.objects.filter(trial=True, surplus=False, contributor__user=user).count() == 3
    workspace = client.get(url(project)).content.decode()
    assert "The 3 answers you gave before signing in are yours now." in workspace
    assert "3 answers by you" in workspace


def test_without_the_licence_they_go_on_waiting_and_the_page_says_what_lacks() -> None:
    project = a_project(records=9)
    client, user = tried(project), somebody()
    sign_in(client, user)
    client.get(url(project))

    page = client.post(url(project, "trial-keep"), {"consent": "1"})

    assert page.status_code == 422
    assert "Accept the licence of this project" in page.content.decode()
    assert adopting.waiting(user).count() == 1


def test_who_had_agreed_before_has_them_at_once_and_is_told() -> None:
    project = a_project(records=9)
    user = taking_part(project)
    client = tried(project, times=2)
    sign_in(client, user)

    client.get("/")
    page = client.get(url(project)).content.decode()

    assert "The 2 answers you gave before signing in are yours now." in page
    assert contributor(project, user).submitted_count == 2
    assert not TrialAnswer.objects.exists()


def test_one_that_came_too_late_is_told_of() -> None:
    project = a_project(records=1, overlap=1)
    user, client = taking_part(project), tried(project)
    answer(project, taking_part(project))
    sign_in(client, user)

    client.get("/")
    page = client.get(reverse("mine:list")).content.decode()

    assert "1 came when its record was full" in page
    assert "given before signing in" in page
    assert Response.objects.get(trial=True).surplus is True


def test_the_licence_accepted_by_program_makes_them_count() -> None:
    project = a_project(records=9)
    client, user = tried(project), somebody()
    sign_in(client, user)
    client.get("/")

    said = {"licence": "cc-by-4.0"}
    answered = client.post(f"/api/v1/projects/{project.slug}/consent/", said, content_type="application/json")

    assert answered.status_code == 204
    own = client.get("/api/v1/me/responses/").json()["results"]
    assert [(row["trial"], row["surplus"]) for row in own] == [(True, False)]


def test_the_second_person_on_the_same_phone_gets_nothing_of_the_first() -> None:
    project = a_project(records=9)
    client, first, second = tried(project, times=3), taking_part(project), taking_part(project)
    cookie = client.cookies["trial"].value
    sign_in(client, first)
    client.get("/")
    client.post("/sign-out/")

    page = client.get(url(project)).content.decode()
    assert "Record 1 of 3 to try" in page
    client.cookies["trial"] = cookie  # also where the browser kept it
    sign_in(client, second)
    client.get("/")

    assert Response.objects.filter(contributor__user=first).count() == 3
    assert not Response.objects.filter(contributor__user=second).exists()


def test_another_persons_cookie_shows_none_of_their_answers() -> None:
    project = a_project(records=9)
    client, stranger = tried(project, times=3), Client()
    stranger.cookies["trial"] = "a guess"

    page = stranger.get(url(project)).content.decode()

    assert "Record 1 of 3 to try" in page
    assert "Sign in to keep" in client.get(url(project)).content.decode()


def test_a_visitor_deletes_what_they_answered() -> None:
    project = a_project(records=9)
    client = tried(project, times=2)
    other = try_next(project, a_visitor())

    page = client.post(url(project, "trial-forget"), follow=True)

    assert "nothing of you is kept" in page.content.decode()
    assert client.cookies["trial"].value == ""
    assert list(TrialAnswer.objects.all()) == [other]
    assert Client().post(url(project, "trial-forget")).status_code == 302
    assert Client().get(url(project, "trial-forget")).status_code == 405


def test_instead_of_keeping_them_a_person_deletes_them() -> None:
    project = a_project(records=9)
    client, user = tried(project, times=2), somebody()
    sign_in(client, user)
    client.get(url(project))

    assert Client().post(url(project, "trial-drop")).status_code == 302
    assert Client().post(url(project, "trial-keep")).status_code == 302
    assert TrialAnswer.objects.count() == 2
    page = client.post(url(project, "trial-drop"), follow=True).content.decode()

    assert "are deleted" in page
    assert 'name="answer.quality"' in page
    assert not TrialAnswer.objects.exists()


def test_own_answers_show_what_waits_and_why_and_delete_it() -> None:
    going, paused = a_project(records=9), a_project(records=9)
    user, visitor, stranger = somebody(), a_visitor(), Client()
    mine = try_next(going, visitor)
    theirs = try_next(paused, visitor)
    adopting.claim(visitor.secret, by=user)
    Project.objects.filter(pk=paused.pk).update(state=ProjectState.PAUSED)
    client = Client()
    sign_in(client, user)
    sign_in(stranger, somebody())

    page = client.get(reverse("mine:list")).content.decode()
    assert "Given before you signed in" in page
    assert "It waits because the project is “Paused”" in page
    assert page.count("Let it count") == 1
    delete = reverse("mine:drop_trial", args=[theirs.pk])
    assert stranger.post(delete).status_code == 404
    assert "Given before" not in stranger.get(reverse("mine:list")).content.decode()
    assert Client().post(delete).status_code == 302
    client.post(delete)

    assert list(TrialAnswer.objects.all()) == [mine]


def test_own_answers_show_no_record_of_a_project_that_is_for_members_now() -> None:
    project, user, visitor, client = a_project(records=1), somebody(), a_visitor(), Client()
    try_next(project, visitor)
    adopting.claim(visitor.secret, by=user)
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access=Access.ORGANISATION, organisation=organisation)
    sign_in(client, user)

    page = client.get(reverse("mine:list")).content.decode()

    assert "It waits because the project is for members of Members now." in page
    assert "Prompt number 0" not in page


def test_own_answers_cost_the_same_number_of_queries_with_one_that_waits_and_with_thirty() -> None:
    project, user, client = a_project(records=1), somebody(), Client()
    sign_in(client, user)

    def wait(times: int) -> int:
        add_records(project, times)
        for _ in range(times):
            visitor = a_visitor()
            try_next(project, visitor)
            adopting.claim(visitor.secret, by=user)
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("mine:list"))
        return len(captured)

    client.get(reverse("mine:list"))
    assert wait(1) == wait(29)


def test_what_waits_is_in_no_list_of_the_api_and_on_no_board() -> None:
    project = a_project(records=9)
    client, user = tried(project, times=3), somebody()
    sign_in(client, user)
    client.get("/")

    assert client.get("/api/v1/me/responses/").json()["count"] == 0
    progress = client.get(f"/api/v1/projects/{project.slug}/progress/").json()
    assert progress["totals"]["responses"] == 0
    assert client.get(f"/api/v1/projects/{project.slug}/contributors/").json()["count"] == 0
    assert not Contributor.objects.exists()


def test_signing_in_elsewhere_tells_where_they_wait() -> None:
    project = a_project(records=9)
    client = tried(project)
    sign_in(client, somebody())

    client.get("/")

    assert "waits under “Your answers”" in client.get("/projects/").content.decode()


def test_the_page_of_a_project_says_that_it_can_be_tried() -> None:
    project = a_project(records=9)

    page = Client().get(project.get_absolute_url()).content.decode()

    assert "Try it at once" in page
    assert "You sign in with Hugging Face first" not in page


def test_the_page_costs_few_queries() -> None:
    project = a_project(records=300)
    client = tried(project)

    with CaptureQueriesContext(connection) as captured:
        client.get(url(project))

    assert len(captured) <= 9, [query["sql"] for query in captured]
