"""Sign-in by plain HTTP: what is granted, what is refused, and where the browser ends up."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from jwt import PyJWKSet

from dibt.sandbox.testing import SandboxServer

CALLBACK = "http://127.0.0.1:8000/accounts/oidc/huggingface/login/callback/"
VERIFIER = "a-verifier-long-enough-for-the-rule-of-43-characters"
CLIENT = ("dibt", "sandbox-client-secret")


@dataclass
class Flow:
    """One sign-in, with every part of it changeable."""

    sandbox: SandboxServer
    scope: str = "openid profile read-memberships"
    asked: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        return {
            "client_id": "dibt",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": self.scope,
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **self.asked,
        }

    def page(self) -> httpx2.Response:
        return httpx2.get(f"{self.sandbox.url}/oauth/authorize", params=self.parameters())

    def pick(self, person: str) -> dict[str, str]:
        """What comes back to the client in the address."""
        answer = httpx2.post(
            f"{self.sandbox.url}/oauth/authorize", data={**self.parameters(), "person": person}
        )
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, CALLBACK)
        return {
            name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()
        }

    def exchange(self, code: str, **changed: str) -> httpx2.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return httpx2.post(f"{self.sandbox.url}/oauth/token", data=form | changed, auth=CLIENT)

    def tokens(self, person: str) -> dict[str, str]:
        answer = self.exchange(self.pick(person)["code"])
        assert answer.status_code == 200
        tokens: dict[str, str] = answer.json()
        return tokens

    def userinfo(self, person: str) -> dict[str, Any]:
        return self.ask(self.tokens(person)["access_token"])

    def ask(self, token: str) -> dict[str, Any]:
        answer = httpx2.get(
            f"{self.sandbox.url}/oauth/userinfo", headers={"Authorization": f"Bearer {token}"}
        )
        claims: dict[str, Any] = answer.json()
        return claims


@pytest.fixture
def flow(sandbox: SandboxServer) -> Flow:
    return Flow(sandbox)


def test_the_provider_describes_itself(sandbox: SandboxServer) -> None:
    found = httpx2.get(f"{sandbox.url}/.well-known/openid-configuration").json()

    assert found["issuer"] == sandbox.url
    assert found["authorization_endpoint"] == f"{sandbox.url}/oauth/authorize"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found == httpx2.get(f"{sandbox.url}/.well-known/oauth-authorization-server").json()


def test_the_page_shows_everybody_with_what_they_are_for(flow: Flow) -> None:
    page = flow.page()

    assert page.status_code == 200
    for handle in ("weaver", "ibis", "okapi", "tern", "dugong"):
        assert f'value="{handle}"' in page.text
    assert "dibt-bot" not in page.text
    assert "http://127.0.0.1:8000" in page.headers["Content-Security-Policy"].split("form-action")[1]


def test_a_picked_person_is_signed_in_with_their_organisations(flow: Flow) -> None:
    claims = flow.userinfo("ibis")

    assert claims["sub"] == "62a1c8e5f4028d6917be3f82"
    assert claims["preferred_username"] == "ibis"
    assert [(org["preferred_username"], org["roleInOrg"]) for org in claims["orgs"]] == [
        ("delta-readers", "admin")
    ]
    assert "email" not in claims


def test_organisations_come_only_when_asked_for(flow: Flow) -> None:
    flow.scope = "openid profile"

    assert flow.userinfo("ibis")["orgs"] == []


def test_an_address_comes_only_when_asked_for(flow: Flow) -> None:
    flow.scope = "openid email"

    claims = flow.userinfo("ibis")

    assert claims["email"] == "ibis@sandbox.invalid"
    assert "preferred_username" not in claims


def test_the_id_token_is_signed_by_the_published_key(flow: Flow, sandbox: SandboxServer) -> None:
    token = flow.tokens("okapi")["id_token"]

    keys = PyJWKSet.from_dict(httpx2.get(f"{sandbox.url}/oauth/jwks").json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="dibt", issuer=sandbox.url)
    assert (claims["preferred_username"], claims["nonce"]) == ("okapi", "the-nonce")


def test_the_state_comes_back_with_the_code(flow: Flow) -> None:
    assert flow.pick("heron")["state"] == "the-state"


def test_who_denies_is_sent_back_without_a_code(flow: Flow) -> None:
    back = flow.pick("")

    assert (back["error"], back["state"]) == ("access_denied", "the-state")
    assert "code" not in back


def test_the_bot_cannot_be_picked(flow: Flow) -> None:
    assert flow.pick("dibt-bot")["error"] == "access_denied"


def test_a_code_is_good_once(flow: Flow) -> None:
    code = flow.pick("heron")["code"]

    assert flow.exchange(code).status_code == 200
    again = flow.exchange(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "another-verifier"},
        {"code_verifier": ""},
        {"redirect_uri": CALLBACK + "x"},
    ],
)
def test_a_wrong_exchange_is_refused_and_uses_the_code_up(flow: Flow, changed: dict[str, str]) -> None:
    code = flow.pick("heron")["code"]

    refused = flow.exchange(code, **changed)

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert flow.exchange(code).status_code == 400


def test_a_made_up_code_is_refused(flow: Flow) -> None:
    assert flow.exchange("made-up").json()["error"] == "invalid_grant"


def test_the_client_may_show_its_secret_in_the_form(flow: Flow, sandbox: SandboxServer) -> None:
    form = {"grant_type": "authorization_code", "code": flow.pick("heron")["code"], "redirect_uri": CALLBACK}
    secret = {"code_verifier": VERIFIER, "client_id": "dibt", "client_secret": "sandbox-client-secret"}

    assert httpx2.post(f"{sandbox.url}/oauth/token", data=form | secret).status_code == 200


def test_a_wrong_secret_is_refused(flow: Flow, sandbox: SandboxServer) -> None:
    form = {"grant_type": "authorization_code", "code": flow.pick("heron")["code"], "redirect_uri": CALLBACK}

    refused = httpx2.post(f"{sandbox.url}/oauth/token", data=form, auth=("dibt", "guess"))

    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid everything"}, "invalid_scope"),
    ],
)
def test_what_cannot_be_granted_goes_back_as_an_error(flow: Flow, asked: dict[str, str], error: str) -> None:
    flow.asked = asked

    sent = flow.page()

    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["Location"]).query) == {"error": [error], "state": ["the-state"]}


@pytest.mark.parametrize(
    "asked",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": ""},
    ],
)
def test_a_wrong_client_or_address_leads_nowhere(flow: Flow, asked: dict[str, str]) -> None:
    flow.asked = asked

    page = flow.page()

    assert page.status_code == 400
    assert "Location" not in page.headers


def test_a_refresh_token_is_replaced_by_its_use(flow: Flow, sandbox: SandboxServer) -> None:
    tokens = flow.tokens("lynx")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}

    fresh = httpx2.post(f"{sandbox.url}/oauth/token", data=form, auth=CLIENT)
    again = httpx2.post(f"{sandbox.url}/oauth/token", data=form, auth=CLIENT)

    assert flow.ask(fresh.json()["access_token"])["preferred_username"] == "lynx"
    assert again.json()["error"] == "invalid_grant"


def test_a_renamed_person_keeps_their_sub(flow: Flow, sandbox: SandboxServer) -> None:
    before = flow.userinfo("civet")

    sandbox.state.change_person("civet", new_handle="civet-renamed", memberships={"delta-readers": "read"})
    after = flow.userinfo("civet-renamed")

    assert (before["sub"], after["preferred_username"]) == (after["sub"], "civet-renamed")
    assert len(after["orgs"]) == 1
    sandbox.state.change_person("civet-renamed", new_handle="civet", memberships={})


def test_what_a_page_was_given_is_shown_as_text(flow: Flow) -> None:
    flow.asked = {"state": '"><script>alert(1)</script>'}

    assert "<script>" not in flow.page().text
