import json

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.domain import notices, people, tokens
from tests.accounts.conftest import browser_of
from tests.factories import organiser, person

pytestmark = pytest.mark.django_db

TITLE = "Dam & <b>sluice</b>"
OWN_PAGES = ["me", "my_data", "my_data_file", "tokens", "notices"]
OWN_FORMS = ["shown_as", "notification_email", "mark_all_read"]


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Who may see what -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OWN_PAGES)
def test_an_outsider_is_asked_to_sign_in_and_brought_back(client, name):
    url = reverse(f"accounts:{name}")

    response = client.get(url)

    assert (response.status_code, response.url) == (302, f"{reverse('accounts:sign_in')}?next={url}")


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("somebody", [person, organiser])
def test_everybody_who_is_signed_in_has_the_pages(name, somebody):
    response = browser_of(somebody("heron")).get(reverse(f"accounts:{name}"))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", OWN_FORMS)
def test_an_outsiders_form_is_refused_and_leads_back_to_the_page_it_stood_on(client, name):
    response = client.post(
        reverse(f"accounts:{name}"), {"shown_as": "hidden"}, headers={"Referer": "http://testserver/me/?x=1"}
    )

    assert (response.status_code, response.url) == (302, "/sign-in/?next=%2Fme%2F%3Fx%3D1")
    assert "nothing was saved" in " ".join(told(response))


@pytest.mark.parametrize("name", OWN_FORMS)
def test_a_visit_changes_nothing(as_ibis, name):
    assert as_ibis.get(reverse(f"accounts:{name}")).status_code == 405


def test_a_form_sent_from_elsewhere_leads_back_to_the_front_page(client):
    response = client.post(reverse("accounts:shown_as"), headers={"Referer": "https://evil.example/me/"})

    assert response.url == "/sign-in/?next=%2F"


def test_htmx_moves_the_whole_page_to_the_sign_in_page(client):
    response = client.get(
        reverse("accounts:notices"),
        headers={"HX-Request": "true", "Referer": "http://testserver/projects/"},
    )

    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Fprojects%2F"
    assert "Location" not in response.headers


def test_a_closed_accounts_session_ends(ibis, as_ibis):
    ibis.is_active = False
    ibis.save()

    assert as_ibis.get(reverse("accounts:me")).status_code == 302


# --- Signing in and out -----------------------------------------------------------------------------


def test_the_sign_in_page_has_one_button_that_keeps_the_way(client):
    response = client.get("/sign-in/", {"next": "/cohorts/"})

    assert response.status_code == 200
    assert 'action="/accounts/oidc/huggingface/login/"' in response.text
    assert 'name="next" value="/cohorts/"' in response.text
    assert "no-store" in response["Cache-Control"]


def test_the_sign_in_page_is_no_place_to_stay_for_who_is_signed_in(as_ibis):
    assert as_ibis.get("/sign-in/", {"next": "/cohorts/"}).url == "/cohorts/"
    assert as_ibis.get("/sign-in/").url == "/"


def test_signing_out_needs_a_form(as_ibis):
    assert as_ibis.get("/sign-out/").status_code == 405
    assert "_auth_user_id" in as_ibis.session

    response = as_ibis.post("/sign-out/")

    assert (response.status_code, response.url) == (302, "/")
    assert "_auth_user_id" not in as_ibis.session


def test_a_form_from_before_signing_in_is_explained_and_leads_back(ibis):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ibis)

    response = strict.post("/me/shown-as/", headers={"Referer": "http://testserver/me/"})

    assert response.status_code == 403
    assert "Nothing was saved" in response.text
    assert 'href="http://testserver/me/"' in response.text


# --- Your page ------------------------------------------------------------------------------------------


def test_my_page_says_who_i_am_here(as_ibis):
    text = as_ibis.get("/me/").text

    assert "ibis" in text
    assert "sub-ibis" in text
    assert f'href="{settings.HUB_URL}/delta-readers"' in text


def test_how_others_see_me_can_be_chosen_and_changed(ibis, as_ibis):
    for choice in ("pseudonym", "hidden"):
        response = as_ibis.post("/me/shown-as/", {"shown_as": choice})

        assert (response.status_code, response.url) == (302, "/me/")
        ibis.refresh_from_db()
        assert ibis.shown_as == choice


@pytest.mark.parametrize("form", [{}, {"shown_as": ""}, {"shown_as": "in gold"}])
def test_a_choice_that_is_none_is_refused_on_the_page(ibis, as_ibis, form):
    response = as_ibis.post("/me/shown-as/", form)

    assert response.status_code == 422
    assert "Something is missing" in response.text
    ibis.refresh_from_db()
    assert ibis.shown_as == ""


def test_an_address_can_be_given_and_taken_back(ibis, as_ibis):
    as_ibis.post("/me/notification-address/", {"email": "ibis@example.org"})
    ibis.refresh_from_db()
    assert ibis.notification_email == "ibis@example.org"
    assert 'value="ibis@example.org"' in as_ibis.get("/me/").text

    as_ibis.post("/me/notification-address/", {"email": ""})
    ibis.refresh_from_db()
    assert ibis.notification_email == ""


def test_what_is_no_address_is_refused_and_still_in_the_field(ibis, as_ibis):
    response = as_ibis.post("/me/notification-address/", {"email": "ibis at home"})

    assert response.status_code == 422
    assert 'value="ibis at home"' in response.text
    ibis.refresh_from_db()
    assert ibis.notification_email == ""


def test_my_page_costs_the_same_for_one_organisation_and_for_thirty(django_assert_max_num_queries):
    one = browser_of(person("okapi", organisations=["delta-readers"]))
    thirty = browser_of(person("hoopoe", organisations=[f"readers-{number}" for number in range(30)]))
    with django_assert_max_num_queries(50) as first:
        one.get("/me/")
    with django_assert_max_num_queries(50) as second:
        thirty.get("/me/")

    assert len(first) == len(second)


# --- My data ----------------------------------------------------------------------------------------


def test_the_file_holds_everything_about_me_and_no_secret(ibis, as_ibis, a_notice_kind):
    people.set_notification_email(ibis, email="ibis@example.org")
    token, secret = tokens.make(ibis, name="nightly")
    notices.notify(ibis, kind=a_notice_kind, params={"title": TITLE, "count": 3}, url="")
    tokens.make(person("tern"), name="somebody else's")

    response = as_ibis.get("/me/data/my-account.json")

    assert response["Content-Disposition"] == 'attachment; filename="my-account.json"'
    held = json.loads(response.content)
    assert held["hub_sub"] == "sub-ibis"
    assert held["notification_email"] == "ibis@example.org"
    assert [membership["organisation"] for membership in held["organisations"]] == ["delta-readers"]
    assert [(kept["name"], kept["begins_with"]) for kept in held["api_tokens"]] == [("nightly", secret[:12])]
    assert [notice["subject"] for notice in held["notices"]] == [f"{TITLE} was mended"]
    assert secret not in response.text
    assert token.digest not in response.text
