"""Whoami, people, organisations: what a start-up check of the platform reads."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from dibt.sandbox.testing import SandboxServer
from tests.sandbox.conftest import ORG


def test_the_platform_learns_its_name_and_its_role(platform: HfApi) -> None:
    me = platform.whoami()

    assert me["name"] == "dibt-bot"
    assert me["auth"]["accessToken"]["role"] == "write"
    assert [(org["name"], org["roleInOrg"], org["plan"]) for org in me["orgs"]] == [(ORG, "admin", "team")]


def test_a_token_that_may_only_read_says_so(reader: HfApi) -> None:
    assert reader.whoami()["auth"]["accessToken"]["role"] == "read"


def test_an_unknown_token_is_refused(sandbox: SandboxServer) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        HfApi(endpoint=sandbox.url, token="hf_unknown").whoami()

    assert refused.value.response.status_code == 401


def test_an_organisation_tells_its_plan(platform: HfApi) -> None:
    hosting = platform.get_organization_overview(ORG)
    readers = platform.get_organization_overview("delta-readers")

    assert (hosting.plan, hosting.is_verified) == ("team", True)
    assert (readers.plan, readers.num_users) == (None, 4)


def test_members_come_in_pages_and_all_arrive(sandbox: SandboxServer, platform: HfApi) -> None:
    for number in range(7):
        sandbox.state.change_person(f"vole{number}", memberships={"souk-letters": "read"})

    members = [member.username for member in platform.list_organization_members("souk-letters")]

    assert members == ["tern", "gecko", "hoopoe", *(f"vole{number}" for number in range(7))]
    assert len(sandbox.requests.all(path="/api/organizations/souk-letters/members")) == 2


def test_a_person_is_shown_with_their_organisations(anonymous: HfApi) -> None:
    ibis = anonymous.get_user_overview("ibis")

    assert (ibis.username, [org.name for org in ibis.orgs]) == ("ibis", ["delta-readers"])


def test_nobody_is_behind_an_unknown_handle(anonymous: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as missing:
        anonymous.get_user_overview("nobody-at-all")

    assert missing.value.response.status_code == 404


def test_the_request_id_of_the_client_comes_back(sandbox: SandboxServer) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        HfApi(endpoint=sandbox.url, token="hf_unknown").get_user_overview("nobody-at-all")

    assert refused.value.request_id is not None
    assert refused.value.request_id.startswith("Root=1-")
