"""A lead's pages: writing, saving, submitting; stale, doubled, late and strange forms; and who may see what."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dibt.lib import clock
from projects.domain import applications
from projects.models import Application, ApplicationState, Cohort, Project
from tests.factories import (
    a_cohort,
    a_draft,
    a_proposal,
    an_application,
    organisation,
    organiser,
    person,
)

pytestmark = pytest.mark.django_db
DRAFT, SUBMITTED, ACCEPTED, DECLINED, CONFIRMED, WITHDRAWN = ApplicationState


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(application: Application, **changes: object) -> dict[str, object]:
    """What the browser would send for this draft."""
    fields = (
        "title",
        "pitch",
        "languages",
        "domain",
        "task_kind",
        "data_source",
        "licence",
        "target",
        "access",
    )
    return {
        **{name: getattr(application, name) for name in fields},
        "organisation": application.organisation_id or "",
        "edition": application.edition,
        **changes,
    }


def edit_url(application: Application) -> str:
    return reverse("applications:edit", args=[application.pk])


def test_applying_opens_a_draft_and_a_second_click_the_same_one():
    cohort, lead = a_cohort(), person()
    client = signed_in(lead)

    first, second = (client.post(reverse("applications:start", args=[cohort.slug])) for _ in range(2))

    assert first.url == second.url == edit_url(Application.objects.get())
    assert client.get(first.url).status_code == 200


def test_a_draft_is_saved_as_it_is_and_submitted_when_it_is_whole():
    lead = person()
    application = applications.start(a_cohort(), by=lead)
    client = signed_in(lead)

    saved = client.post(
        edit_url(application), {"edition": 1, "title": "Only a title", "save": "1"}, follow=True
    )
    application.refresh_from_db()
    whole = form_of(
        application, **a_proposal(languages=["Yoruba", "", "hau_Latn", "yor_Latn"], organisation="")
    )
    sent = client.post(edit_url(application), {**whole, "submit": "1"}, follow=True)

    assert "Draft saved." in saved.content.decode()
    assert sent.redirect_chain == [(f"/applications/{application.pk}/", 302)]
    application.refresh_from_db()
    assert (application.state, application.languages) == (SUBMITTED, ["yor_Latn", "hau_Latn"])


def test_submitting_what_is_not_whole_saves_it_and_says_what_is_missing():
    lead = person()
    application = applications.start(a_cohort(), by=lead)
    client = signed_in(lead)

    answer = client.post(edit_url(application), {"edition": 1, "title": "Only a title", "submit": "1"})
    again = client.post(
        edit_url(application), {"edition": edition_on(answer), "title": "A better title", "save": "1"}
    )

    assert answer.status_code == 422
    assert "Say where the texts come from." in answer.content.decode()
    assert again.status_code == 302
    application.refresh_from_db()
    assert (application.state, application.title) == (DRAFT, "A better title")


def edition_on(page: object) -> str:
    found = re.search(r'name="edition"[^>]* value="(\d+)"', page.content.decode())
    assert found
    return found.group(1)


def test_a_form_sent_twice_is_harmless():
    application = a_draft()
    client = signed_in(application.lead)
    form = {**form_of(application), "submit": "1"}

    first, second = client.post(edit_url(application), form), client.post(edit_url(application), form)

    assert (first.status_code, second.status_code) == (302, 302)
    application.refresh_from_db()
    assert application.state == SUBMITTED


def test_a_stale_form_shows_both_texts_and_saving_again_replaces_the_other():
    application = a_draft()
    client = signed_in(application.lead)
    stale = form_of(application, pitch="From this tab.")
    applications.save(
        application,
        by=application.lead,
        edition=application.edition,
        pitch="From the other tab.",
        domain="news",
    )

    answer = client.post(edit_url(application), stale)
    page = answer.content.decode()
    again = client.post(edit_url(application), {**stale, "edition": edition_on(answer)})

    assert answer.status_code == 409
    assert "From this tab.</textarea>" in page
    assert "<bdi>From the other tab.</bdi>" in page
    assert "<bdi>News and media</bdi>" in page
    assert again.status_code == 302
    application.refresh_from_db()
    assert application.pitch == "From this tab."


def test_a_stale_form_with_another_mistake_shows_both_and_saves_nothing_over_the_other():
    application = a_draft()
    client = signed_in(application.lead)
    stale = form_of(application, pitch="From this tab.", target="many")
    applications.save(
        application, by=application.lead, edition=application.edition, pitch="From the other tab."
    )

    answer = client.post(edit_url(application), stale)

    assert answer.status_code == 409
    assert "From the other tab." in answer.content.decode()
    assert "From this tab." in answer.content.decode()
    assert Application.objects.get().pitch == "From the other tab."


def test_after_the_deadline_the_form_says_when_it_closed_and_keeps_what_was_typed():
    application = a_draft()
    client = signed_in(application.lead)
    application.cohort.__class__.objects.update(closes_at=clock.now() - timedelta(minutes=1))

    answer = client.post(edit_url(application), {**form_of(application, pitch="Too late."), "submit": "1"})

    assert answer.status_code == 409
    assert "so nothing can be submitted to it any more" in answer.content.decode()
    application.refresh_from_db()
    assert (application.state, application.pitch) == (DRAFT, "Too late.")


def test_a_form_for_what_was_submitted_meanwhile_is_refused_and_shown_again():
    application = an_application()
    client = signed_in(application.lead)

    answer = client.post(edit_url(application), form_of(application, pitch="One more thing."))

    assert answer.status_code == 409
    assert "Take it back first" in answer.content.decode()
    assert "One more thing.</textarea>" in answer.content.decode()


def test_the_form_of_what_was_submitted_meanwhile_offers_only_to_take_it_back_and_keeps_what_was_typed():
    application = an_application()
    client = signed_in(application.lead)

    locked = client.post(
        edit_url(application), form_of(application, pitch="One more thing.")
    ).content.decode()
    client.post(reverse("applications:take-back", args=[application.pk]))
    reopened = client.get(edit_url(application)).content.decode()

    assert ("Take back to edit" in locked, '<fieldset class="form" disabled>' in locked) == (True, True)
    assert ('name="save"' in locked, 'name="submit"' in locked, "data-autosave" in locked) == (False,) * 3
    assert "One more thing.</textarea>" in reopened
    assert 'name="submit"' in reopened


def test_the_form_of_what_is_no_draft_leads_to_its_page():
    application = an_application()

    answer = signed_in(application.lead).get(edit_url(application))

    assert (answer.status_code, answer.url) == (302, application.get_absolute_url())


def test_what_was_typed_while_the_session_ran_out_is_there_after_signing_in():
    application = a_draft()
    client = Client()
    typed = form_of(application, pitch="Half an hour of work.", languages=["yor_Latn", "Hausa"])

    refused = client.post(
        edit_url(application), typed, headers={"referer": f"http://testserver{edit_url(application)}"}
    )
    client.force_login(application.lead)
    page = client.get(edit_url(application)).content.decode()
    afterwards = client.get(edit_url(application)).content.decode()

    assert refused.url == f"{reverse('accounts:sign_in')}?next={edit_url(application).replace('/', '%2F')}"
    assert "Half an hour of work.</textarea>" in page
    assert 'value="Hausa"' in page
    assert "Half an hour of work." not in afterwards


def test_what_one_person_typed_is_not_shown_to_the_next():
    application = a_draft()
    client = Client()
    client.post(edit_url(application), form_of(application, pitch="Mine alone."))

    client.force_login(person("somebody-else"))
    answer = client.get(edit_url(application))

    assert answer.status_code == 404


def test_typing_is_saved_and_the_page_learns_the_new_edition():
    application = a_draft()
    client = signed_in(application.lead)
    url = reverse("applications:autosave", args=[application.pk])

    answer = client.post(url, form_of(application, title="Typed"), headers={"hx-request": "true"})

    application.refresh_from_db()
    assert application.title == "Typed"
    assert f"Saved {application.updated_at:%H:%M} UTC" in answer.content.decode()
    assert f'value="{application.edition}" hx-swap-oob="true"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "x" * 10_000}, "Not saved: “Title of the project”. Ensure this value has at most 120"),
        ({"languages": ["Klingonese"]}, "Not saved: “Languages”. “Klingonese”"),
        ({"target": "-5"}, "Not saved: “How many records are to be annotated?”."),
    ],
)
def test_typing_what_cannot_be_kept_is_told_and_the_rest_is_saved(changes: dict[str, object], sentence: str):
    application = a_draft(title="As it was", languages=["yor_Latn"], target=500)
    url = reverse("applications:autosave", args=[application.pk])

    answer = signed_in(application.lead).post(url, form_of(application, pitch="Typed", **changes))

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert f'value="{application.edition + 1}" hx-swap-oob="true"' in answer.content.decode()
    saved = Application.objects.get()
    assert (saved.pitch, saved.title, saved.languages, saved.target) == (
        "Typed",
        "As it was",
        ["yor_Latn"],
        500,
    )


def test_a_form_with_one_field_that_cannot_be_kept_saves_the_others_and_submits_nothing():
    application = a_draft()
    form = form_of(application, pitch="Typed", languages=["Klingonese"])

    answer = signed_in(application.lead).post(edit_url(application), {**form, "submit": "1"})

    assert answer.status_code == 422
    assert "Everything is saved, except what is marked." in answer.content.decode()
    saved = Application.objects.get()
    assert (saved.state, saved.pitch, saved.languages) == (DRAFT, "Typed", application.languages)


def test_typing_into_a_draft_that_another_tab_saved_says_how_to_see_both():
    application = a_draft()
    stale = form_of(application, title="Typed here")
    applications.save(application, by=application.lead, edition=application.edition, title="Saved there")

    answer = signed_in(application.lead).post(reverse("applications:autosave", args=[application.pk]), stale)

    assert "Press “Save draft” to see what is saved." in answer.content.decode()
    assert Application.objects.get().title == "Saved there"


def test_typing_after_the_session_ran_out_is_told_where_it_was_typed():
    application = a_draft()
    url = reverse("applications:autosave", args=[application.pk])

    answer = Client().post(url, form_of(application, title="Typed"), headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "you are no longer signed in" in answer.content.decode()
    assert Application.objects.get().title == application.title


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "a\u202eb\u2066c"],
)
def test_whatever_is_written_is_shown_as_text(text: str):
    application = a_draft(title=text, pitch=text, data_source=text)
    client = signed_in(application.lead)
    escaped = text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")

    pages = [
        client.get(url).content.decode() for url in (edit_url(application), application.get_absolute_url())
    ]

    for page in pages:
        assert escaped in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_choice_that_is_not_on_the_list_is_refused():
    application = a_draft()

    answer = signed_in(application.lead).post(edit_url(application), form_of(application, licence="mine"))

    assert answer.status_code == 422
    assert Application.objects.get().licence == "cc-by-4.0"


def test_only_organisations_of_ones_own_are_offered():
    person("other", organisations=["theirs"])
    lead = person("lead", organisations=["ours"])
    application = a_draft(lead=lead)
    client = signed_in(lead)

    page = client.get(edit_url(application)).content.decode()
    foreign = client.post(
        edit_url(application),
        form_of(application, access="organisation", organisation=organisation("theirs").pk),
    )

    assert ">Ours</option>" in page
    assert "Theirs" not in page
    assert foreign.status_code == 422


def test_languages_are_found_while_typing():
    answer = Client().get(reverse("applications:languages"), {"q": "yorub"})

    assert answer.content.decode().strip() == '<option value="yor_Latn">Yoruba · Èdè Yorùbá</option>'


def test_an_accepted_application_is_confirmed_once_however_often_one_clicks():
    application = an_application()
    applications.accept(application, by=organiser(), feedback="Do it!")
    client = signed_in(application.lead)
    page = client.get(application.get_absolute_url()).content.decode()

    answers = [client.post(reverse("applications:confirm", args=[application.pk])) for _ in range(2)]

    assert "Do it!" in page
    assert "Confirm and start the project" in page
    project = Project.objects.get()
    assert [answer.url for answer in answers] == [reverse("manage:overview", args=[project.slug])] * 2


def test_confirming_what_was_withdrawn_is_refused_with_a_sentence():
    application = an_application()
    applications.accept(application, by=organiser())
    applications.withdraw(application, by=application.lead)
    page = f"http://testserver{application.get_absolute_url()}"

    answer = signed_in(application.lead).post(
        reverse("applications:confirm", args=[application.pk]), headers={"referer": page}, follow=True
    )

    assert "is “Withdrawn” now" in answer.content.decode()
    assert not Project.objects.exists()


def test_taking_back_opens_the_form_again_and_withdrawing_ends_it():
    application = an_application()
    client = signed_in(application.lead)

    back = client.post(reverse("applications:take-back", args=[application.pk]))
    gone = client.post(reverse("applications:withdraw", args=[application.pk]))

    assert (back.url, gone.url) == (edit_url(application), application.get_absolute_url())
    application.refresh_from_db()
    assert application.state == WITHDRAWN


@pytest.mark.parametrize("state", [DRAFT, SUBMITTED, ACCEPTED, DECLINED, CONFIRMED, WITHDRAWN])
def test_the_page_of_an_application_is_there_in_every_state(state: ApplicationState):
    application = a_draft() if state in {DRAFT, WITHDRAWN} else an_application()
    if state in {ACCEPTED, CONFIRMED}:
        applications.accept(application, by=organiser())
    if state == DECLINED:
        applications.decline(application, by=organiser(), feedback="Not now.")
    if state == CONFIRMED:
        applications.confirm(application, by=application.lead)
    if state == WITHDRAWN:
        applications.withdraw(application, by=application.lead)

    answer = signed_in(application.lead).get(application.get_absolute_url())

    assert answer.status_code == 200
    assert str(state.label) in answer.content.decode()


def test_an_organiser_is_led_to_the_page_where_they_judge():
    application = an_application()

    answer = signed_in(organiser()).get(application.get_absolute_url())

    assert answer.url == reverse("organise:application", args=[application.pk])


GETS = ["detail", "edit"]
POSTS = ["edit", "autosave", "take-back", "withdraw", "confirm"]


@pytest.mark.parametrize("name", GETS)
def test_for_a_stranger_the_pages_are_not_there(name: str):
    url = reverse(f"applications:{name}", args=[an_application().pk])

    assert signed_in(person("stranger")).get(url).status_code == 404
    assert Client().get(url).url.startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("name", POSTS)
def test_a_stranger_changes_nothing(name: str):
    application = an_application()
    url = reverse(f"applications:{name}", args=[application.pk])
    form = form_of(application, title="Changed")

    assert signed_in(person("stranger")).post(url, form).status_code == 404
    assert signed_in(organiser()).post(url, form).status_code == 403
    assert Client().post(url, form).status_code in {200, 302}
    assert [(row.state, row.title) for row in Application.objects.all()] == [(SUBMITTED, application.title)]


def test_nobody_applies_without_signing_in_or_to_what_is_not_published():
    hidden = a_cohort(is_published=False)

    anonymous = Client().post(reverse("applications:start", args=[a_cohort().slug]))
    stranger = signed_in(person()).post(reverse("applications:start", args=[hidden.slug]))

    assert (anonymous.status_code, stranger.status_code) == (302, 404)
    assert not Application.objects.exists()


def test_the_list_shows_ones_own_alone_at_a_constant_number_of_queries(django_assert_num_queries):
    lead, judge = person("lead"), organiser()
    a_draft(title="Somebody else's")

    def apply(number: int) -> None:
        cohort = a_cohort(by=judge)
        application = an_application(cohort, lead=lead, title=f"Mine {number}")
        applications.accept(application, by=judge)
        applications.confirm(application, by=lead)

    apply(0)
    client = signed_in(lead)
    client.get(reverse("applications:list"))
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(reverse("applications:list"))
    for number in range(1, 30):
        apply(number)
    with django_assert_num_queries(QUERIES_OF_LIST):
        page = client.get(reverse("applications:list")).content.decode()

    assert page.count("Mine ") == Cohort.objects.count() - 1 == 30
    assert "Somebody else" not in page


QUERIES_OF_LIST = 4  # session, person, unread notices, applications
