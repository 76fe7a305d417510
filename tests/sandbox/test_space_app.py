"""The app in a Space: when it answers, whose it is, and what it remembers from one start to the next."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, Volume

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.sandbox.conftest import ORG, TEMPLATE

KEY = "owner-key-0123456789"
PASSWORD = "owner-password"
UNAUTHORIZED = {
    "detail": {
        "code": "argilla.api.errors::UnauthorizedError",
        "params": {"detail": "Could not validate credentials"},
    }
}


class App:
    """The app as somebody with a key meets it."""

    def __init__(self, host: str, key: str = KEY, **headers: str) -> None:
        self._client = httpx2.Client(headers={"X-Argilla-Api-Key": key, **headers})
        self._api = f"{host}/api/v1"

    def __call__(self, method: str, path: str, **body: object) -> httpx2.Response:
        return self._client.request(method, f"{self._api}{path}", json=body or None)

    def workspaces(self) -> list[str]:
        return [workspace["name"] for workspace in self("GET", "/me/workspaces").json()["items"]]

    def signs_in(self, username: str, password: str) -> bool:
        """Whether the app takes this password; anything but a yes or no fails the test."""
        form = {"username": username, "password": password}
        answer = self._client.post(f"{self._api}/token", data=form)
        assert answer.status_code in {201, 401}
        return answer.status_code == 201

    def close(self) -> None:
        self._client.close()


def make(
    platform: HfApi, name: str, *, bucket: bool, visibility: str = "public", mount: str = "/data"
) -> str:
    """An annotation Space, and where its app is."""
    if bucket:
        platform.create_bucket(name, exist_ok=True)
    platform.duplicate_repo(
        TEMPLATE,
        name,
        repo_type="space",
        visibility=visibility,  # type: ignore[arg-type]  # one of the Hub's words
        space_secrets=[{"key": "API_KEY", "value": KEY}, {"key": "PASSWORD", "value": PASSWORD}],
        space_variables=[{"key": "USERNAME", "value": "ibis"}, {"key": "WORKSPACE", "value": "team"}],
        space_volumes=[Volume(type="bucket", source=name, mount_path=mount)] if bucket else None,
    )
    return str(platform.space_info(name).host)


@pytest.fixture
def lasting(platform: HfApi, name: str) -> Iterator[App]:
    """The app of a Space with a bucket at /data."""
    app = App(make(platform, name, bucket=True))
    yield app
    app.close()


@pytest.fixture
def fleeting(platform: HfApi, name: str) -> Iterator[App]:
    """The app of a Space without a volume."""
    app = App(make(platform, name, bucket=False))
    yield app
    app.close()


def test_the_app_tells_anybody_that_it_is_up(sandbox: SandboxServer, lasting: App, name: str) -> None:
    host = f"{sandbox.url}/apps/{name.replace('/', '-')}"

    version, status = (httpx2.get(f"{host}/api/v1/{what}") for what in ("version", "status"))

    assert (version.status_code, version.json()) == (200, {"version": "2.8.0"})
    assert status.json().keys() == {"version", "search_engine", "memory"}


def test_the_owner_is_who_has_the_key_of_the_spaces_secret(lasting: App) -> None:
    me = lasting("GET", "/me").json()

    assert (me["username"], me["role"], me["api_key"]) == ("ibis", "owner", KEY)


@pytest.mark.parametrize("key", ["", "another-key"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("GET", "/me/workspaces"),
        ("POST", "/workspaces"),
        ("DELETE", "/workspaces/not-even-an-id"),
        ("PATCH", "/users/not-even-an-id"),
    ],
)
def test_without_the_key_nothing_inside_is_told(
    platform: HfApi, name: str, method: str, path: str, key: str
) -> None:
    app = App(make(platform, name, bucket=True), key)

    refused = app(method, path)

    assert (refused.status_code, refused.json()) == (401, UNAUTHORIZED)
    app.close()


def test_a_space_without_a_key_has_an_owner_whom_nobody_is(platform: HfApi, space: str) -> None:
    host = str(platform.space_info(space).host)

    for key in ("", "anything"):
        app = App(host, key)
        assert app("GET", "/me").status_code == 401
        app.close()


def test_the_owner_signs_in_with_the_password_of_the_spaces_secret_until_it_is_replaced(lasting: App) -> None:
    owner = lasting("GET", "/me").json()
    before = lasting.signs_in("ibis", PASSWORD)

    changed = lasting("PATCH", f"/users/{owner['id']}", password="another-password")

    assert before
    assert (changed.status_code, changed.json()) == (200, owner)
    assert [lasting.signs_in("ibis", it) for it in (PASSWORD, "another-password", "")] == [False, True, False]
    assert not lasting.signs_in("heron", "another-password")


def test_a_replaced_password_outlives_restarts(platform: HfApi, lasting: App, name: str) -> None:
    owner = lasting("GET", "/me").json()
    lasting("PATCH", f"/users/{owner['id']}", password="another-password")

    platform.restart_space(name)

    assert [lasting.signs_in("ibis", it) for it in (PASSWORD, "another-password")] == [False, True]


@pytest.mark.parametrize(
    ("password", "kind", "message"),
    [
        ("x" * 7, "string_too_short", "String should have at least 8 characters"),
        ("x" * 101, "string_too_long", "String should have at most 100 characters"),
        (8, "string_type", "Input should be a valid string"),
    ],
)
def test_a_password_has_eight_to_a_hundred_characters(
    lasting: App, password: object, kind: str, message: str
) -> None:
    owner = lasting("GET", "/me").json()

    refused = lasting("PATCH", f"/users/{owner['id']}", password=password)

    error = {"type": kind, "loc": ["body", "password"], "msg": message}
    assert refused.status_code == 422
    assert refused.json()["detail"]["params"]["errors"] == [error]
    assert lasting.signs_in("ibis", PASSWORD)


def test_a_user_who_is_not_there_is_not_changed(lasting: App) -> None:
    nobody = str(uuid.uuid4())

    refused = lasting("PATCH", f"/users/{nobody}", password="another-password")

    assert (refused.status_code, refused.json()) == (404, {"detail": f"User with id `{nobody}` not found"})


def test_workspaces_are_made_listed_read_and_deleted(lasting: App) -> None:
    made = lasting("POST", "/workspaces", name="proof")

    workspace = made.json()
    assert made.status_code == 201
    assert workspace.keys() == {"id", "name", "inserted_at", "updated_at"}
    assert lasting.workspaces() == ["argilla", "team", "proof"]
    assert lasting("GET", f"/workspaces/{workspace['id']}").json() == workspace
    assert lasting("DELETE", f"/workspaces/{workspace['id']}").json() == workspace
    gone = lasting("GET", f"/workspaces/{workspace['id']}")
    assert (gone.status_code, gone.json()) == (
        404,
        {"detail": f"Workspace with id `{workspace['id']}` not found"},
    )


def test_a_workspace_is_there_once_by_name_and_by_id(lasting: App) -> None:
    chosen = str(uuid.uuid4())
    assert lasting("POST", "/workspaces", name="proof", id=chosen).json()["id"] == chosen

    same_name, same_id = (
        lasting("POST", "/workspaces", name=name, id=chosen) for name in ("proof", "another")
    )

    assert (same_name.status_code, same_name.json()) == (
        409,
        {"detail": "Workspace name `proof` is not unique"},
    )
    assert (same_id.status_code, same_id.json()) == (
        409,
        {"detail": f"Workspace with id `{chosen}` is not unique"},
    )


@pytest.mark.parametrize(
    ("body", "kind", "where"),
    [
        ({"other": 1}, "missing", ["body", "name"]),
        ({"name": ""}, "string_too_short", ["body", "name"]),
        ({"name": 3}, "string_type", ["body", "name"]),
        ({"name": "x", "id": "nope"}, "uuid_parsing", ["body", "id"]),
        ({}, "json_invalid", ["body", 0]),
    ],
)
def test_a_body_that_is_wrong_is_refused_as_argilla_does(
    lasting: App, body: dict[str, object], kind: str, where: list[object]
) -> None:
    refused = lasting("POST", "/workspaces", **body)

    detail = refused.json()["detail"]
    assert (refused.status_code, detail["code"]) == (422, "argilla.api.errors::ValidationError")
    assert [(error["type"], error["loc"]) for error in detail["params"]["errors"]] == [(kind, where)]


def test_addresses_the_app_does_not_have_are_refused_in_its_words(lasting: App) -> None:
    unknown, listing, bad = (
        lasting("GET", path) for path in ("/datasets/x/y", "/workspaces", "/workspaces/nope")
    )

    assert (unknown.status_code, unknown.json()) == (404, {"detail": "Not Found"})
    assert (listing.status_code, listing.json()) == (405, {"detail": "Method Not Allowed"})
    assert bad.json()["detail"]["params"]["errors"][0]["loc"] == ["path", "workspace_id"]


# --- What it remembers ----------------------------------------------------------------------------


def test_with_a_bucket_everything_outlives_restarts_rebuilds_and_pauses(
    platform: HfApi, lasting: App, name: str
) -> None:
    made = lasting("POST", "/workspaces", name="proof").json()

    platform.restart_space(name)
    platform.restart_space(name, factory_reboot=True)
    platform.pause_space(name)
    platform.restart_space(name)
    platform.add_space_variable(name, "REINDEX_DATASETS", "1")

    assert lasting("GET", f"/workspaces/{made['id']}").json() == made


def test_without_one_a_restart_loses_everything(platform: HfApi, fleeting: App, name: str) -> None:
    before = fleeting("GET", "/me").json()["id"]
    fleeting("POST", "/workspaces", name="proof")
    assert fleeting.workspaces() == ["argilla", "team", "proof"]

    platform.restart_space(name)

    assert fleeting.workspaces() == ["argilla", "team"]
    assert fleeting("GET", "/me").json()["id"] != before


@pytest.mark.parametrize("case", ["elsewhere", "read-only", "no such bucket", "home elsewhere"])
def test_a_bucket_that_does_not_hold_the_apps_folder_keeps_nothing(
    platform: HfApi, name: str, case: str
) -> None:
    app = App(make(platform, name, bucket=True, mount="/elsewhere" if case == "elsewhere" else "/data"))
    if case == "read-only":
        platform.set_space_volumes(
            name, [Volume(type="bucket", source=name, mount_path="/data", read_only=True)]
        )
    elif case == "no such bucket":
        platform.delete_bucket(name)
        platform.restart_space(name)
    elif case == "home elsewhere":
        platform.add_space_variable(name, "ARGILLA_HOME_PATH", "/home/argilla")
    app("POST", "/workspaces", name="proof")

    platform.restart_space(name)

    assert app.workspaces() == ["argilla", "team"]
    app.close()


def test_a_new_space_finds_what_the_deleted_one_left_in_the_bucket(
    platform: HfApi, lasting: App, name: str
) -> None:
    lasting("POST", "/workspaces", name="proof")
    platform.delete_repo(name, repo_type="space")

    again = App(make(platform, name, bucket=True))

    assert "proof" in again.workspaces()
    again.close()


def test_the_data_is_still_there_when_the_sandbox_starts_again(tmp_path: Path) -> None:
    name = f"{ORG}/kept"
    with SandboxServer(tmp_path) as first:
        app = App(make(HfApi(endpoint=first.url, token=PLATFORM_TOKEN), name, bucket=True))
        app("POST", "/workspaces", name="proof")
        app.close()

    with SandboxServer(tmp_path) as second:
        app = App(f"{second.url}/apps/{ORG}-kept")
        assert app.workspaces() == ["argilla", "team", "proof"]
        app.close()


# --- The key --------------------------------------------------------------------------------------


def test_on_a_disk_with_an_owner_another_key_has_no_effect(platform: HfApi, lasting: App, name: str) -> None:
    platform.add_space_secret(name, "API_KEY", "rotated-key-0123456789")

    rotated = App(str(platform.space_info(name).host), "rotated-key-0123456789")

    assert (lasting("GET", "/me").status_code, rotated("GET", "/me").status_code) == (200, 401)
    rotated.close()


def test_the_key_counts_that_was_there_at_the_first_start_also_if_nobody_looked(
    platform: HfApi, name: str
) -> None:
    host = make(platform, name, bucket=True)
    platform.pause_space(name)
    platform.add_space_secret(name, "API_KEY", "rotated-key-0123456789")
    platform.restart_space(name)

    app, rotated = App(host), App(host, "rotated-key-0123456789")

    assert (app("GET", "/me").status_code, rotated("GET", "/me").status_code) == (200, 401)
    app.close()
    rotated.close()


def test_without_a_bucket_another_key_counts_from_the_next_start(
    platform: HfApi, fleeting: App, name: str
) -> None:
    platform.add_space_secret(name, "API_KEY", "rotated-key-0123456789")

    rotated = App(str(platform.space_info(name).host), "rotated-key-0123456789")

    assert (fleeting("GET", "/me").status_code, rotated("GET", "/me").status_code) == (401, 200)
    rotated.close()


# --- When it answers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stage", ["BUILDING", "APP_STARTING", "BUILD_ERROR", "RUNTIME_ERROR", "PAUSED", "STOPPED"]
)
def test_while_the_space_is_not_up_neither_is_the_app(
    sandbox: SandboxServer, lasting: App, name: str, stage: str
) -> None:
    sandbox.state.force_stage(name, stage)

    assert [lasting("GET", path).status_code for path in ("/status", "/me")] == [503, 503]


def test_the_app_of_before_answers_until_the_new_one_is_up(tmp_path: Path) -> None:
    name = f"{ORG}/rolling"
    with SandboxServer(tmp_path, pace=1_000_000) as server:
        api = HfApi(endpoint=server.url, token=PLATFORM_TOKEN)
        app = App(make(api, name, bucket=False))
        assert app("GET", "/version").status_code == 503
        server.state.force_stage(name, "RUNNING")
        app("POST", "/workspaces", name="proof")

        api.add_space_variable(name, "A", "1")
        api.add_space_variable(name, "B", "2")
        during = app.workspaces()
        server.state.force_stage(name, "RUNNING")

        assert (during, app.workspaces()) == (["argilla", "team", "proof"], ["argilla", "team"])
        app.close()


def test_running_may_come_before_the_app_answers(tmp_path: Path) -> None:
    name = f"{ORG}/slow"
    with SandboxServer(tmp_path, app_delay=1_000_000) as server:
        api = HfApi(endpoint=server.url, token=PLATFORM_TOKEN)
        app = App(make(api, name, bucket=True))

        assert server.state.stage(name) == "RUNNING"
        assert app("GET", "/status").status_code == 503
        app.close()


def test_the_app_of_a_private_space_is_for_members_with_the_hubs_token_too(
    platform: HfApi, name: str
) -> None:
    host = make(platform, name, bucket=True, visibility="private")
    outsider, stranger, member = (
        App(host),
        App(host, Authorization="Bearer hf_sandbox_marmot"),
        App(host, Authorization=f"Bearer {PLATFORM_TOKEN}"),
    )

    assert [app("GET", "/me").status_code for app in (outsider, stranger, member)] == [404, 404, 200]
    for app in (outsider, stranger, member):
        app.close()


# --- Signing in -----------------------------------------------------------------------------------


def client_of(host: str) -> str:
    """The OAuth client that the app sends a browser to the Hub with."""
    answer = httpx2.get(f"{host}/api/v1/oauth2/providers/huggingface/authentication")
    assert answer.status_code == 303
    sent_to = urlsplit(answer.headers["Location"])
    assert sent_to.path == "/oauth/authorize"
    return parse_qs(sent_to.query)["client_id"][0]


def test_sign_in_through_the_hub_is_on_where_card_and_file_say_so(platform: HfApi, name: str) -> None:
    host = make(platform, name, bucket=True)

    assert httpx2.get(f"{host}/api/v1/oauth2/providers").json() == {"items": [{"name": "huggingface"}]}
    assert client_of(host).startswith("space-")


def test_without_the_file_there_is_no_provider(platform: HfApi, name: str) -> None:
    host = make(platform, name, bucket=True)
    platform.create_commit(
        name, [CommitOperationDelete(".oauth.yaml")], commit_message="No sign-in", repo_type="space"
    )

    refused = httpx2.get(f"{host}/api/v1/oauth2/providers/huggingface/authentication")

    assert httpx2.get(f"{host}/api/v1/oauth2/providers").json() == {"items": []}
    assert (refused.status_code, refused.json()) == (
        404,
        {"detail": "OAuth Provider 'huggingface' not found"},
    )


def test_without_the_card_the_hub_lends_no_client(platform: HfApi, name: str) -> None:
    host = make(platform, name, bucket=True)
    card = CommitOperationAdd("README.md", b"---\nsdk: docker\n---\n")
    platform.create_commit(name, [card], commit_message="No sign-in", repo_type="space")

    assert client_of(host) == "None"
