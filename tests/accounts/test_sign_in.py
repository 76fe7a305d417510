"""The real flow: allauth's OpenID Connect client, through real HTTP, against the sandbox Hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client

from accounts.domain import people
from accounts.models import User
from accounts.views import signin
from dibt.sandbox.testing import SandboxServer
from tests.factories import hub_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox")]

LOGIN = "/accounts/oidc/huggingface/login/"
CALLBACK = f"{LOGIN}callback/"


@dataclass(frozen=True)
class Visitor:
    """A person's browser: cookies of the site, and a way to the Hub."""

    site: Client
    hub: httpx2.Client

    def leave(self, next_page: str = "", **query: str) -> dict[str, str]:
        """Press the button; returns what the Hub is asked."""
        form = {"next": next_page} if next_page else {}
        response = self.site.post(LOGIN, form, query_params=query or None)
        assert response.status_code == 302
        return {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}

    def pick(self, asked: dict[str, str], person: str) -> str:
        """Choose who to be on the Hub's page (nobody: say no); returns the address the Hub sends back to."""
        response = self.hub.post("/oauth/authorize", data={**asked, "person": person})
        assert response.status_code == 303, response.text
        target = urlsplit(response.headers["Location"])
        return f"{target.path}?{target.query}"

    def sign_in(self, person: str, next_page: str = ""):
        return self.site.get(self.pick(self.leave(next_page), person))

    def user(self) -> User | None:
        return User.objects.filter(pk=self.site.session.get("_auth_user_id")).first()


@pytest.fixture
def hub(sandbox: SandboxServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=sandbox.url, headers={"Origin": sandbox.url}) as client:
        yield client
    sandbox.faults.clear()


@pytest.fixture
def visitor(hub: httpx2.Client) -> Visitor:
    return Visitor(Client(HTTP_HOST="127.0.0.1:8000"), hub)


def somebody(sandbox: SandboxServer, handle: str, **memberships: str) -> str:
    """A person of the Hub that only this test knows; returns their sub."""
    named = {name.replace("_", "-"): role for name, role in memberships.items()}
    return sandbox.state.change_person(handle, memberships=named).sub


def test_signing_in_makes_a_person_with_their_organisations_and_leads_where_they_were_going(visitor):
    response = visitor.sign_in("okapi", next_page="/cohorts/?page=2")

    assert (response.status_code, response.url) == (302, "/cohorts/?page=2")
    user = visitor.user()
    assert user is not None
    assert (user.hub_username, user.full_name) == ("okapi", "Okapi")
    assert list(user.memberships.values_list("organisation__handle", "role")) == [("delta-readers", "write")]
    assert not user.has_usable_password()
    assert user.notification_email == ""


def test_only_the_three_scopes_are_asked_for_and_the_code_is_bound_to_the_browser(visitor):
    asked = visitor.leave()

    assert set(asked["scope"].split()) == {"openid", "profile", "read-memberships"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 20
    assert asked["redirect_uri"] == f"http://127.0.0.1:8000{CALLBACK}"


def test_nothing_in_the_address_changes_what_the_hub_is_asked(visitor):
    asked = visitor.leave(
        scope="manage-repos",
        auth_params="redirect_uri=https://evil.example&state=theirs&prompt=consent&nonce=theirs",
        process="connect",
    )

    assert set(asked["scope"].split()) == {"openid", "profile", "read-memberships"}
    assert asked["redirect_uri"] == f"http://127.0.0.1:8000{CALLBACK}"
    assert asked["state"] != "theirs"
    assert asked["nonce"] != "theirs"
    assert "prompt" not in asked


def test_neither_tokens_nor_what_the_hub_told_are_stored(visitor):
    visitor.sign_in("okapi")

    account = SocialAccount.objects.get()
    assert account.user == visitor.user()
    assert account.extra_data == {}
    assert not SocialToken.objects.exists()
    assert "hf_oauth" not in str(dict(visitor.site.session))


def test_a_later_sign_in_follows_a_rename_and_changed_memberships(visitor, sandbox):
    sub = somebody(sandbox, "plover", delta_readers="read")
    visitor.sign_in("plover")
    first = visitor.user()

    sandbox.state.change_person("plover", new_handle="golden-plover", memberships={"souk-letters": "admin"})
    visitor.site.logout()
    visitor.sign_in("golden-plover")

    again = visitor.user()
    assert again == first
    assert (again.hub_sub, again.hub_username) == (sub, "golden-plover")
    assert list(again.memberships.values_list("organisation__handle", "role")) == [("souk-letters", "admin")]
    assert SocialAccount.objects.count() == 1


def test_somebody_who_has_been_brought_in_by_sub_is_the_same_person_when_they_sign_in(visitor, sandbox):
    known = people.sign_in(hub_profile("rail", sub=somebody(sandbox, "rail")))

    visitor.sign_in("rail")

    assert visitor.user() == known
    assert User.objects.count() == 1


def test_two_people_are_two_people_also_in_one_browser(visitor):
    visitor.sign_in("okapi")
    visitor.site.post("/sign-out/")
    assert visitor.user() is None
    visitor.sign_in("heron")
    assert str(visitor.user()) == "heron"

    visitor.sign_in("okapi")

    assert str(visitor.user()) == "okapi"
    assert User.objects.count() == 2


def test_saying_no_is_answered_kindly_and_keeps_the_way(visitor):
    response = visitor.sign_in("", next_page="/cohorts/")

    assert response.status_code == 200
    assert "You are not signed in" in response.text
    assert 'name="next" value="/cohorts/"' in response.text
    assert visitor.user() is None
    assert not User.objects.exists()


def test_the_same_answer_of_the_hub_works_once(visitor):
    address = visitor.pick(visitor.leave(), "okapi")
    visitor.site.get(address)
    visitor.site.logout()

    response = visitor.site.get(address)

    assert response.status_code == 401
    assert "Start again" in response.text
    assert visitor.user() is None


def test_an_answer_meant_for_another_browser_is_refused(visitor, hub):
    other = Visitor(Client(HTTP_HOST="127.0.0.1:8000"), hub)
    address = visitor.pick(visitor.leave(), "okapi")

    response = other.site.get(address)

    assert response.status_code == 401
    assert other.user() is None


def test_a_code_that_was_asked_for_elsewhere_is_refused_by_its_challenge(visitor, hub):
    thief = Visitor(Client(HTTP_HOST="127.0.0.1:8000"), hub)
    stolen = parse_qs(urlsplit(visitor.pick(visitor.leave(), "okapi")).query)["code"][0]

    response = thief.site.get(CALLBACK, {"code": stolen, "state": thief.leave()["state"]})

    assert response.status_code == 401
    assert thief.user() is None


def test_an_id_token_of_another_sign_in_is_refused(visitor):
    asked = visitor.leave()

    response = visitor.site.get(visitor.pick({**asked, "nonce": "somebody-elses"}, "okapi"))

    assert response.status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "query", [{}, {"state": "unknown"}, {"code": "x", "state": "unknown"}, {"error": "server_error"}]
)
def test_a_made_up_answer_is_refused(visitor, query):
    response = visitor.site.get(CALLBACK, query)

    assert response.status_code == 401
    assert visitor.user() is None


def test_a_closed_account_cannot_sign_in_and_is_told_so(visitor):
    visitor.sign_in("okapi")
    User.objects.update(is_active=False)
    visitor.site.logout()

    response = visitor.sign_in("okapi")

    assert response.status_code == 403
    assert "closed" in response.text
    assert visitor.user() is None


@pytest.mark.parametrize("kind", ["status", "reset"])
def test_while_the_hub_is_down_the_button_leads_to_a_page_that_says_so(visitor, sandbox, kind):
    sandbox.faults.add(kind, path="openid-configuration", times=None)

    response = visitor.site.post(LOGIN, {"next": "/cohorts/"})

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Hugging Face does not answer" in response.text
    assert 'name="next" value="/cohorts/"' in response.text


@pytest.mark.parametrize("path", ["openid-configuration", "/oauth/token", "/oauth/userinfo"])
def test_when_the_hub_goes_down_on_the_way_back_a_page_says_so(visitor, sandbox, path):
    address = visitor.pick(visitor.leave("/cohorts/"), "okapi")
    cache.clear()
    sandbox.faults.add("reset", path=path, times=None)

    response = visitor.site.get(address)

    assert response.status_code == 503
    assert "Hugging Face does not answer" in response.text
    assert visitor.user() is None


def test_after_an_outage_the_same_button_works(visitor, sandbox):
    sandbox.faults.add("status", path="openid-configuration", times=1)
    assert visitor.site.post(LOGIN).status_code == 503

    visitor.sign_in("okapi")

    assert str(visitor.user()) == "okapi"


@pytest.mark.parametrize("body", ["[]", "{}", "not json", '{"issuer": 1}', '{"sub": "", "orgs": []}'])
@pytest.mark.parametrize("path", ["openid-configuration", "/oauth/userinfo"])
def test_nonsense_from_the_hub_is_a_page_and_not_a_crash(visitor, sandbox, path, body):
    asked = visitor.leave()
    address = visitor.pick(asked, "okapi")
    cache.clear()
    sandbox.faults.add("status", status=200, path=path, body=body, times=None)

    response = visitor.site.get(address)

    assert response.status_code in {401, 503}
    assert not User.objects.exists()


def test_the_endpoints_are_asked_for_once_not_at_each_sign_in(visitor, sandbox):
    cache.clear()
    sandbox.requests.clear()

    visitor.sign_in("okapi")
    visitor.sign_in("heron")

    assert len(sandbox.requests.all(path="/.well-known/")) == 1


def test_a_link_cannot_sign_anybody_in(visitor):
    response = visitor.site.get(LOGIN, {"next": "/cohorts/"})

    assert (response.status_code, response.url) == (302, "/sign-in/?next=%2Fcohorts%2F")


def test_the_button_needs_the_forms_protection_against_forgery(hub):
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1:8000")

    without_cookies = strict.post(LOGIN)
    strict.get("/sign-in/")
    response = strict.post(LOGIN)

    assert without_cookies.status_code == response.status_code == 403
    assert "Your browser keeps no cookies" in without_cookies.text
    assert "This form is out of date" in response.text


@pytest.mark.parametrize("wanted", ["somewhere", "a\x00b", ":", "?", "{% url %}"])
def test_what_is_no_path_leads_to_the_front_page(visitor, wanted):
    visitor.sign_in("okapi")

    assert visitor.site.get("/sign-in/", {"next": wanted}).url == "/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site(visitor, wanted):
    response = visitor.sign_in("okapi", next_page=wanted)

    assert (response.status_code, response.url) == (302, "/")
    assert visitor.site.get("/sign-in/", {"next": wanted}).url == "/"


def test_other_providers_and_allauths_own_pages_do_not_exist(visitor):
    for path in (
        "/accounts/oidc/other/login/",
        "/accounts/signup/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/email/",
        "/accounts/3rdparty/",
    ):
        assert visitor.site.get(path).status_code == 404, path


@pytest.mark.parametrize(("path", "limit"), [(LOGIN, signin.SIGN_INS), (CALLBACK, signin.RETURNS)])
def test_one_address_can_only_try_so_often(visitor, path, limit):
    for _ in range(limit.amount):
        limit.is_passed_by("203.0.113.7")

    refused = visitor.site.get(path, REMOTE_ADDR="203.0.113.7")
    other = visitor.site.get(path, REMOTE_ADDR="203.0.113.8")

    assert refused.status_code == 429
    assert "Retry-After" in refused
    assert other.status_code != 429
