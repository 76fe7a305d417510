"""What organisers do in the browser, and that nobody else can."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.people import make_organiser
from accounts.models import User
from dibt.lib import clock
from projects.domain import applications
from projects.domain.reviews import review
from projects.models import Application, Cohort, Review
from tests.factories import a_cohort, a_draft, an_application, organiser, person

pytestmark = pytest.mark.django_db
SCORES = {"need": "5", "feasibility": "3", "community": "4", "comment": "Needed."}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def cohort_form(**changes: str) -> dict[str, object]:
    now = clock.now()
    return {
        "name": "Second cohort",
        "description": "**Bold** plans",
        "opens_at": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "closes_at": f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}",
        "seats": "4",
        "monthly_budget": "120.50",
        "hosting_organisation": "data-is-better-together",
        "space_hardware": "cpu-basic",
        "wanted_languages": ["Yoruba", ""],
        "wanted_domains": ["health"],
        "wanted_tasks": ["prompt_rating"],
        "is_published": "on",
        "edition": "1",
        **changes,
    }


def test_an_organiser_makes_a_cohort_and_everybody_sees_it():
    answer = signed_in(organiser()).post(reverse("organise:new-cohort"), cohort_form(), follow=True)

    assert answer.redirect_chain == [("/cohorts/second-cohort/", 302)]
    page = Client().get("/cohorts/second-cohort/").content.decode()
    for text in (
        "<strong>Bold</strong> plans",
        "Yoruba",
        "Health",
        "Prompt rating",
        "0 of 4",
        "120.50",
        "Apply",
    ):
        assert text in page


def test_a_cohort_form_with_mistakes_names_them_and_keeps_what_was_typed():
    form = cohort_form(seats="0", hosting_organisation="not a name", closes_at="2001-01-01T00:00")

    answer = signed_in(organiser()).post(reverse("organise:new-cohort"), form)
    mended = signed_in(organiser()).post(reverse("organise:new-cohort"), {**form, "seats": "1"})

    assert answer.status_code == 422
    assert "Write a whole number from 1 to 1,000." in answer.content.decode()
    assert mended.status_code == 422
    assert "It would close before it opens." in mended.content.decode()
    assert 'value="not a name"' in mended.content.decode()
    assert not Cohort.objects.exists()


def test_editing_changes_the_cohort_and_a_stale_form_shows_how_it_is_now():
    cohort = a_cohort()
    url = reverse("organise:edit-cohort", args=[cohort.slug])
    client = signed_in(organiser())

    saved = client.post(url, cohort_form(name="Renamed", seats="7"))
    stale = client.post(url, cohort_form(name="Renamed otherwise", seats="8"))
    again = client.post(url, cohort_form(name="Renamed otherwise", seats="8", edition="2"))

    assert (saved.status_code, stale.status_code, again.status_code) == (302, 409, 302)
    page = stale.content.decode()
    assert "<dt>Seats</dt><dd><bdi>7</bdi>" in page
    assert 'value="Renamed otherwise"' in page
    assert 'name="edition" value="2"' in page
    cohort.refresh_from_db()
    assert (cohort.name, cohort.seats, cohort.edition) == ("Renamed otherwise", 8, 3)


def test_the_form_of_a_cohort_shows_all_it_has():
    cohort = a_cohort(wanted_languages=["arb_Arab"], wanted_domains=["news"], seats=12)

    page = signed_in(organiser()).get(reverse("organise:edit-cohort", args=[cohort.slug])).content.decode()

    assert 'value="arb_Arab"' in page
    assert f'value="{cohort.closes_at:%Y-%m-%dT%H:%M}"' in page
    assert 'value="12"' in page


def test_a_new_cohort_is_hosted_where_the_last_one_was():
    a_cohort(hosting_organisation="those-before")
    a_cohort(hosting_organisation="those-now")

    page = signed_in(organiser()).get(reverse("organise:new-cohort")).content.decode()

    assert 'value="those-now"' in page


def test_the_first_cohort_is_hosted_by_an_organisation_of_its_organiser():
    founder = person("founder", organisations=["delta-readers"])
    make_organiser(founder)

    page = signed_in(founder).get(reverse("organise:new-cohort")).content.decode()

    assert 'value="delta-readers"' in page


def test_home_leads_to_a_queue_by_a_button_only_where_something_waits():
    an_application(a_cohort(name="Busy"))
    idle = a_cohort(name="Idle")

    page = signed_in(organiser()).get(reverse("organise:home")).content.decode()

    assert "<span>1 waiting</span>" in page
    assert '<span class="text-soft">0 waiting</span>' in page
    assert f'<a href="{reverse("organise:queue", args=[idle.slug])}"><bdi>Idle' in page


def test_home_lists_open_cohorts_first():
    now = clock.now()
    a_cohort(name="Will be", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=9))
    a_cohort(name="Is")

    page = signed_in(organiser()).get(reverse("organise:home")).content.decode()

    assert page.index(">Is<") < page.index(">Will be<")


def test_home_says_what_waits_and_leaves_out_ones_own():
    both, cohort = organiser("both"), a_cohort()
    an_application(cohort, title="Read me")
    an_application(cohort, lead=both, title="My own")
    a_draft(cohort, title="Still secret")

    page = signed_in(both).get(reverse("organise:home")).content.decode()

    assert "1 application waits for you." in page
    assert "Read me" in page
    assert "My own" not in page
    assert "Still secret" not in page


def test_the_queue_shows_what_waits_and_what_was_decided_apart():
    cohort = a_cohort()
    an_application(cohort, title="Waiting one")
    applications.accept(an_application(cohort, title="Decided one"), by=organiser())
    a_draft(cohort, title="Still secret")
    client = signed_in(organiser())
    url = reverse("organise:queue", args=[cohort.slug])

    waiting, decided = (client.get(url, query).content.decode() for query in ({}, {"show": "decided"}))

    assert ("Waiting one" in waiting, "Decided one" in waiting) == (True, False)
    assert ("Waiting one" in decided, "Decided one" in decided) == (False, True)
    assert "Still secret" not in waiting + decided


def test_a_review_is_kept_shown_and_replaced():
    application, judge = an_application(), organiser()
    client = signed_in(judge)
    url = reverse("organise:review", args=[application.pk])
    form = {**SCORES, "edition": application.edition}

    first = client.post(url, form, follow=True).content.decode()
    client.post(url, {**form, "need": "1", "comment": "<b>Changed</b> my mind."})
    second = client.get(reverse("organise:application", args=[application.pk])).content.decode()

    assert "Your review is saved." in first
    assert "Needed." in first
    assert "&lt;b&gt;Changed&lt;/b&gt; my mind." in second
    assert Review.objects.get().need == 1


def test_a_review_without_a_score_names_it_and_keeps_the_comment():
    application = an_application()
    form = {**SCORES, "need": "", "edition": application.edition}

    answer = signed_in(organiser()).post(reverse("organise:review", args=[application.pk]), form)

    assert answer.status_code == 422
    assert "Needed.</textarea>" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_decision_is_made_once_and_the_second_is_told_what_is():
    application = an_application(title="The one")
    client = signed_in(organiser())
    url = reverse("organise:decide", args=[application.pk])
    form = {"decision": "accept", "feedback": "Welcome!", "edition": application.edition}

    first = client.post(url, form)
    page = client.get(first.url).content.decode()
    second = client.post(url, form)

    assert first.url == reverse("organise:queue", args=[application.cohort.slug])
    assert "The one: Accepted. The group has been told." in page
    assert second.status_code == 409
    assert "is “Accepted” already; nothing was changed" in second.content.decode()


def test_a_decision_on_what_was_withdrawn_meanwhile_is_refused_with_a_sentence():
    application = an_application()
    applications.withdraw(application, by=application.lead)

    answer = signed_in(organiser()).post(
        reverse("organise:decide", args=[application.pk]),
        {"decision": "accept", "edition": application.edition},
    )

    assert answer.status_code == 409
    assert "is “Withdrawn” now, so it cannot become “Accepted”" in answer.content.decode()


def test_a_decision_on_what_was_taken_back_meanwhile_says_so():
    application = an_application()
    applications.take_back(application, by=application.lead)

    answer = signed_in(organiser()).post(
        reverse("organise:decide", args=[application.pk]),
        {"decision": "accept", "edition": application.edition},
    )

    assert answer.status_code == 404
    assert "has taken it back to edit it" in answer.content.decode()


def test_accepting_beyond_the_seats_says_so_and_keeps_the_feedback():
    cohort = a_cohort(seats=1)
    applications.accept(an_application(cohort), by=organiser())
    application = an_application(cohort)

    answer = signed_in(organiser()).post(
        reverse("organise:decide", args=[application.pk]),
        {"decision": "accept", "feedback": "So sorry.", "edition": application.edition},
    )

    assert answer.status_code == 409
    assert "All 1 seats of" in answer.content.decode()
    assert "So sorry.</textarea>" in answer.content.decode()


def test_a_text_that_was_changed_after_it_was_read_is_shown_before_it_is_decided():
    application = an_application()
    read = application.edition
    applications.take_back(application, by=application.lead)
    applications.save(application, by=application.lead, edition=read, pitch="Something else.")
    applications.submit(application, by=application.lead)
    client, url = signed_in(organiser()), reverse("organise:decide", args=[application.pk])

    refused = client.post(url, {"decision": "accept", "edition": read})
    decided = client.post(url, {"decision": "accept", "edition": application.edition})

    assert (refused.status_code, decided.status_code) == (409, 302)
    assert "Something else." in refused.content.decode()
    assert f'name="edition" value="{application.edition}"' in refused.content.decode()


def test_a_review_that_was_not_saved_yet_is_saved_with_the_decision():
    application = an_application()

    answer = signed_in(organiser()).post(
        reverse("organise:decide", args=[application.pk]),
        {**SCORES, "decision": "accept", "edition": application.edition},
    )

    application.refresh_from_db()
    given = Review.objects.get()
    assert (answer.status_code, application.state) == (302, "accepted")
    assert (given.need, given.feasibility, given.community, given.comment) == (5, 3, 4, "Needed.")


def test_a_review_that_is_not_finished_is_kept_on_the_page_and_nothing_is_decided():
    application = an_application()
    sent = {
        **SCORES,
        "need": "",
        "decision": "accept",
        "feedback": "Welcome!",
        "edition": application.edition,
    }

    answer = signed_in(organiser()).post(reverse("organise:decide", args=[application.pk]), sent)

    page = answer.content.decode()
    application.refresh_from_db()
    assert (answer.status_code, application.state) == (422, "submitted")
    assert "Nothing was decided, because your review could not be saved." in page
    assert "Needed.</textarea>" in page
    assert "Welcome!</textarea>" in page


@pytest.mark.parametrize("untouched", [{}, {"comment": ""}])
def test_a_decision_needs_no_review(untouched: dict[str, str]):
    application = an_application()

    answer = signed_in(organiser()).post(
        reverse("organise:decide", args=[application.pk]),
        {**untouched, "decision": "accept", "edition": application.edition},
    )

    assert answer.status_code == 302
    assert not Review.objects.exists()


def test_a_review_given_before_is_not_touched_by_the_decision():
    application, judge = an_application(), organiser()
    given = review(application, by=judge, need=5, feasibility=3, community=4, comment="Needed.")

    answer = signed_in(judge).post(
        reverse("organise:decide", args=[application.pk]),
        {**SCORES, "decision": "accept", "edition": application.edition},
    )

    assert answer.status_code == 302
    assert Review.objects.get().updated_at == given.updated_at


def test_feedback_that_arrives_with_a_review_stays_on_the_page():
    application = an_application()

    answer = signed_in(organiser()).post(
        reverse("organise:review", args=[application.pk]),
        {**SCORES, "feedback": "Half a letter.", "edition": application.edition},
    )

    assert answer.status_code == 200
    assert "Your review is saved." in answer.content.decode()
    assert "Half a letter.</textarea>" in answer.content.decode()


def test_whoever_comes_too_late_finds_what_they_typed():
    application = an_application()
    applications.accept(application, by=organiser("faster"))

    answer = signed_in(organiser("slower")).post(
        reverse("organise:decide", args=[application.pk]),
        {**SCORES, "decision": "decline", "feedback": "Sorry.", "edition": application.edition},
    )

    assert answer.status_code == 409
    assert "Needed.</div>" in answer.content.decode()
    assert "Sorry.</div>" in answer.content.decode()


def test_declining_asks_for_a_word_to_the_group():
    application = an_application()

    answer = signed_in(organiser()).post(
        reverse("organise:decide", args=[application.pk]),
        {"decision": "decline", "edition": application.edition},
    )

    assert answer.status_code == 422
    assert "Write a sentence or two for the group" in answer.content.decode()


def test_an_organiser_reads_but_does_not_judge_their_own():
    both = organiser("both")
    application = an_application(lead=both)
    client = signed_in(both)

    page = client.get(reverse("organise:application", args=[application.pk])).content.decode()
    judged = [
        client.post(reverse("organise:review", args=[application.pk]), {**SCORES, "edition": 2}),
        client.post(reverse("organise:decide", args=[application.pk]), {"decision": "accept", "edition": 2}),
    ]

    assert "another organiser has to review and decide it" in page
    assert "Save my review" not in page
    assert [answer.status_code for answer in judged] == [403, 403]
    assert Application.objects.get().state == "submitted"


def pages(application: Application) -> list[str]:
    slug = application.cohort.slug
    return [
        reverse("organise:home"),
        reverse("organise:new-cohort"),
        reverse("organise:queue", args=[slug]),
        reverse("organise:edit-cohort", args=[slug]),
        reverse("organise:application", args=[application.pk]),
    ]


def test_these_pages_are_for_organisers_alone():
    application = an_application()

    for url in pages(application):
        assert signed_in(organiser()).get(url).status_code == 200, url
        assert signed_in(person("stranger")).get(url).status_code == 403, url
        assert signed_in(application.lead).get(url).status_code == 403, url
        assert Client().get(url).url.startswith(reverse("accounts:sign_in")), url


def test_nobody_else_changes_anything_here():
    application = an_application()
    cohort = application.cohort
    sent = {
        reverse("organise:new-cohort"): cohort_form(),
        reverse("organise:edit-cohort", args=[cohort.slug]): cohort_form(name="Taken over"),
        reverse("organise:review", args=[application.pk]): {**SCORES, "edition": 2},
        reverse("organise:decide", args=[application.pk]): {"decision": "accept", "edition": 2},
    }

    for url, form in sent.items():
        assert signed_in(person("stranger")).post(url, form).status_code == 403, url
        assert signed_in(application.lead).post(url, form).status_code == 403, url
        assert Client().post(url, form).status_code == 302, url

    assert [found.name for found in Cohort.objects.all()] == [cohort.name]
    assert (Application.objects.get().state, Review.objects.count()) == ("submitted", 0)


@pytest.mark.parametrize(
    ("name", "queries"),
    [("home", 7), ("queue", 9), ("decided", 9)],
)
def test_a_longer_list_costs_no_more_queries(name: str, queries: int, django_assert_num_queries):
    cohort, judge = a_cohort(seats=100), organiser()
    url = {
        "home": reverse("organise:home"),
        "queue": reverse("organise:queue", args=[cohort.slug]),
        "decided": reverse("organise:queue", args=[cohort.slug]) + "?show=decided",
    }[name]
    client = signed_in(judge)

    def add() -> None:
        application = an_application(cohort)
        review(application, by=judge, need=1, feasibility=2, community=3)
        if name == "decided":
            applications.accept(application, by=judge)

    add()
    with django_assert_num_queries(queries):
        client.get(url)
    for _ in range(29):
        add()
        a_cohort(by=judge)
    with django_assert_num_queries(queries):
        client.get(url)


def test_the_page_of_an_application_costs_the_same_with_many_reviews(django_assert_num_queries):
    application, judge = an_application(), organiser()
    client = signed_in(judge)
    url = reverse("organise:application", args=[application.pk])

    review(application, by=organiser("judge-0"), need=1, feasibility=2, community=3)
    with django_assert_num_queries(6):
        client.get(url)
    for number in range(1, 30):
        review(application, by=organiser(f"judge-{number}"), need=1, feasibility=2, community=3)
    with django_assert_num_queries(6):
        page = client.get(url).content.decode()

    assert page.count("judge-") >= 30
