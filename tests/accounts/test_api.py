import pytest
from django.test import Client

from accounts.api.openapi import ApiTokenScheme
from accounts.domain import tokens
from accounts.models import ApiToken
from tests.factories import person

pytestmark = pytest.mark.django_db

ME = "/api/v1/me/"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def secret() -> str:
    return tokens.make(person("ibis", organisations=["delta-readers"]), name="nightly")[1]


def test_a_token_says_who_asks(client, secret):
    response = client.get(ME, headers=bearer(secret))

    assert response.status_code == 200
    body = response.json()
    [membership] = body.pop("organisations")
    assert body == {
        "hub_username": "ibis",
        "hub_sub": "sub-ibis",
        "full_name": "Ibis",
        "shown_as": "",
        "is_organiser": False,
    }
    assert (membership["organisation"], membership["role"]) == ("delta-readers", "read")
    assert ApiToken.objects.get().last_used_at is not None


def test_a_session_says_who_asks_as_well(secret):
    client = Client()
    client.force_login(person("tern"))

    assert client.get(ME).json()["hub_username"] == "tern"


def test_an_outsider_is_told_how_to_come_in(client):
    response = client.get(ME)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "wrong", ["dibt_unknown", "hf_something", "", "dibt_\u00e9", "dibt_a b", "'; DROP TABLE users; --"]
)
def test_a_wrong_token_is_refused_even_beside_a_session(wrong):
    client = Client()
    client.force_login(person("tern"))

    response = client.get(ME, headers=bearer(wrong))

    assert response.status_code == 401
    assert "Make a new one" in response.json()["detail"]


def test_a_revoked_token_is_refused(client, secret):
    token = ApiToken.objects.get()
    tokens.revoke(token, by=token.user)

    assert client.get(ME, headers=bearer(secret)).status_code == 401


def test_the_word_bearer_may_be_written_in_any_case(client, secret):
    assert client.get(ME, headers={"Authorization": f"bEARER {secret}"}).status_code == 200


def test_another_kind_of_credentials_is_no_token(client, secret):
    assert client.get(ME, headers={"Authorization": f"Basic {secret}"}).status_code == 401


def test_openapi_describes_the_token():
    definition = ApiTokenScheme(target=None).get_security_definition(auto_schema=None)

    assert (definition["type"], definition["scheme"]) == ("http", "bearer")
