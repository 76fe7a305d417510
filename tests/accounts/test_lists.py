"""The pages of tokens and of notices."""

import pytest
from django.contrib.messages import get_messages

from accounts.domain import notices, tokens
from accounts.models import ApiToken
from tests.accounts.conftest import browser_of
from tests.factories import organiser, person

pytestmark = pytest.mark.django_db

TITLE = "Dam & <b>sluice</b>"


# --- Tokens -----------------------------------------------------------------------------------------


def test_a_new_token_is_shown_once_beside_an_example_that_works(as_ibis):
    response = as_ibis.post("/me/tokens/", {"name": "nightly"})

    token = ApiToken.objects.get()
    secret = response.context["secret"]
    assert tokens.find(secret) == token
    assert f'curl -H "Authorization: Bearer {secret}" http://testserver/api/v1/me/' in response.text
    assert "no-store" in response["Cache-Control"]
    assert secret not in as_ibis.get("/me/tokens/").text
    assert "nightly" in as_ibis.get("/me/tokens/").text


def test_a_reloaded_form_makes_no_second_token(as_ibis):
    as_ibis.post("/me/tokens/", {"name": "nightly"})

    response = as_ibis.post(
        "/me/tokens/", {"name": "nightly"}, headers={"Referer": "http://testserver/me/tokens/"}
    )

    assert ApiToken.objects.count() == 1
    assert response.status_code == 302
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert "already have a token" in " ".join(said)


def test_a_token_without_a_name_is_refused_on_the_page(as_ibis):
    response = as_ibis.post("/me/tokens/", {"name": "  "})

    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_token_no_longer_works_and_leaves_the_list(ibis, as_ibis):
    token, secret = tokens.make(ibis, name="nightly")

    response = as_ibis.post(f"/me/tokens/{token.pk}/revoke/")

    assert response.url == "/me/tokens/"
    assert tokens.find(secret) is None
    assert token.prefix not in as_ibis.get("/me/tokens/").text


@pytest.mark.parametrize("somebody", [person, organiser])
def test_somebody_elses_token_does_not_exist_for_anybody_else(ibis, somebody):
    token, secret = tokens.make(ibis, name="nightly")

    response = browser_of(somebody("heron")).post(f"/me/tokens/{token.pk}/revoke/")

    assert response.status_code == 404
    assert tokens.find(secret) == token


def test_an_outsider_revokes_nothing(client, ibis):
    token, secret = tokens.make(ibis, name="nightly")

    assert client.post(f"/me/tokens/{token.pk}/revoke/").status_code == 302
    assert tokens.find(secret) == token


# --- Notices ----------------------------------------------------------------------------------------


@pytest.fixture
def tell(a_notice_kind):
    def notify(user, url: str = "/cohorts/"):
        return notices.notify(user, kind=a_notice_kind, params={"title": TITLE, "count": 3}, url=url)

    return notify


def test_notices_are_shown_escaped(ibis, as_ibis, tell):
    tell(ibis)

    text = as_ibis.get("/me/notices/").text

    assert "Dam &amp; &lt;b&gt;sluice&lt;/b&gt; was mended" in text
    assert "<b>sluice" not in text


def test_looking_at_the_list_reads_nothing_and_following_a_link_reads_that_one(ibis, as_ibis, tell):
    notice = tell(ibis)
    tell(ibis)
    as_ibis.get("/me/notices/")
    assert ibis.unread_notices == 2

    response = as_ibis.get(f"/me/notices/{notice.pk}/")

    assert (response.status_code, response.url) == (302, "/cohorts/")
    assert ibis.unread_notices == 1


def test_a_notice_that_leads_nowhere_leads_back_to_the_list(ibis, as_ibis, tell):
    notice = tell(ibis, url="")

    assert as_ibis.get(f"/me/notices/{notice.pk}/").url == "/me/notices/"


def test_all_can_be_marked_as_read(ibis, as_ibis, tell):
    tell(ibis)
    tell(ibis)

    assert as_ibis.post("/me/notices/read/").url == "/me/notices/"

    assert ibis.unread_notices == 0
    assert "Mark all as read" not in as_ibis.get("/me/notices/").text


@pytest.mark.parametrize("somebody", [person, organiser])
def test_somebody_elses_notice_does_not_exist_for_anybody_else(ibis, tell, somebody):
    notice = tell(ibis)
    as_other = browser_of(somebody("heron"))

    assert as_other.get(f"/me/notices/{notice.pk}/").status_code == 404
    assert "sluice" not in as_other.get("/me/notices/").text
    assert ibis.unread_notices == 1


def test_an_outsider_follows_no_notice(client, ibis, tell):
    notice = tell(ibis)

    assert client.get(f"/me/notices/{notice.pk}/").url.startswith("/sign-in/")
    assert ibis.unread_notices == 1


def test_the_list_costs_the_same_for_one_notice_and_for_thirty(
    ibis, as_ibis, tell, django_assert_max_num_queries
):
    tell(ibis)
    with django_assert_max_num_queries(50) as first:
        as_ibis.get("/me/notices/")
    for _ in range(29):
        tell(ibis)
    with django_assert_max_num_queries(50) as second:
        as_ibis.get("/me/notices/")

    assert len(first) == len(second)


def test_a_long_list_has_pages_and_a_page_too_far_is_the_last_one(ibis, as_ibis, tell):
    for _ in range(31):
        tell(ibis)

    assert as_ibis.get("/me/notices/").text.count("holds again") == 30
    assert as_ibis.get("/me/notices/", {"page": "99"}).text.count("holds again") == 1
    assert as_ibis.get("/me/notices/", {"page": "x"}).status_code == 200
