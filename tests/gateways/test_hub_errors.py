"""What the Hub answers, and what becomes of it: every kind of failure, through the real client."""

import io
import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from dibt.gateways.errors import (
    ConflictError,
    ForbiddenError,
    GatewayError,
    MissingError,
    RefusedError,
    RetryLaterError,
    excerpt,
)
from dibt.gateways.hub import Hub
from dibt.gateways.hub.transport import install
from dibt.sandbox.testing import READONLY_TOKEN, SandboxServer
from projects.models import SpaceStep
from projects.provisioning import pace

# The client's own way of sending a large file.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
ORGANISATION = "/api/organizations/delta-readers/overview"


def another_hub(*, token: str, endpoint: str = "") -> Hub:
    return Hub(endpoint=endpoint or settings.HUB_URL, token=token, timeout=settings.HUB_TIMEOUT)


def test_a_request_id_is_never_longer_than_an_id_is(hub: Hub, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ORGANISATION, status=500, headers={"X-Request-Id": "x" * 5_000})

    with pytest.raises(RetryLaterError) as caught:
        hub.organisation("delta-readers")

    assert caught.value.request_id == "x" * SpaceStep._meta.get_field("request_id").max_length


def test_what_was_done_too_often_this_hour_is_left_alone_for_a_good_part_of_it(
    hub: Hub, sandbox: SandboxServer
):
    sandbox.faults.add("status", path=ORGANISATION, status=429, headers={"RateLimit": '"api";r=500;t=55'})

    with pytest.raises(RetryLaterError) as caught:
        hub.organisation("delta-readers")

    assert caught.value.after is not None
    assert caught.value.after * (pace.MAX_ATTEMPTS - 1) > timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, RefusedError),
        (402, RefusedError),
        (403, ForbiddenError),
        (404, MissingError),
        (408, RetryLaterError),
        (409, ConflictError),
        (412, ConflictError),
        (429, RetryLaterError),
        (500, RetryLaterError),
        (503, RetryLaterError),
    ],
)
def test_each_status_becomes_the_error_that_says_what_to_do(
    hub: Hub, sandbox: SandboxServer, status: int, kind: type[GatewayError]
):
    sandbox.faults.add("status", path=ORGANISATION, status=status)

    with pytest.raises(kind) as caught:
        hub.organisation("delta-readers")

    assert type(caught.value) is kind
    assert caught.value.message
    assert caught.value.request_id


@pytest.mark.parametrize("fault", ["reset", "lost_answer"])
def test_a_broken_connection_is_worth_another_try(hub: Hub, sandbox: SandboxServer, fault: str):
    sandbox.faults.add(fault, path=ORGANISATION)

    with pytest.raises(RetryLaterError) as caught:
        hub.organisation("delta-readers")

    assert caught.value.request_id


def test_a_hub_that_is_not_there_is_worth_another_try(sandbox: SandboxServer):
    nowhere = another_hub(endpoint="http://127.0.0.1:9", token="hf_x")

    with pytest.raises(RetryLaterError):
        nowhere.organisation("delta-readers")


@pytest.mark.parametrize(
    "ask",
    [
        lambda hub: hub.organisation("delta-readers"),
        # For these the library asks for no time limits at all.
        lambda hub: hub.space_exists("delta-readers/x"),
        lambda hub: hub.space_host("delta-readers/x"),
    ],
)
def test_a_hub_that_never_answers_holds_the_caller_no_longer_than_the_timeout(
    sandbox: SandboxServer, request: pytest.FixtureRequest, ask: Callable[[Hub], object]
):
    sandbox.faults.add("hang", seconds=30)
    install.cache_clear()
    request.addfinalizer(lambda: install(settings.HUB_TIMEOUT.total_seconds()))
    request.addfinalizer(install.cache_clear)
    request.addfinalizer(sandbox.faults.clear)
    impatient = Hub(endpoint=settings.HUB_URL, token="hf_x", timeout=timedelta(seconds=0.2))

    with pytest.raises(RetryLaterError, match="in time"):
        ask(impatient)


def test_the_pause_the_hub_asks_for_is_passed_on(hub: Hub, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ORGANISATION, status=429, headers={"RateLimit": '"api";r=0;t=55'})

    with pytest.raises(RetryLaterError) as caught:
        hub.organisation("delta-readers")

    assert caught.value.after == timedelta(seconds=56)


def test_retry_after_is_the_pause_where_there_is_no_window(hub: Hub, sandbox: SandboxServer):
    sandbox.faults.add("status", path=ORGANISATION, status=503, headers={"Retry-After": "7"})

    with pytest.raises(RetryLaterError) as caught:
        hub.organisation("delta-readers")

    assert caught.value.after == timedelta(seconds=8)


@pytest.mark.parametrize("place", ["/preupload/", "/commit/", "info/lfs", "/api/validate-yaml"])
def test_an_upload_that_is_refused_for_now_does_not_sleep_inside_the_client(
    hub: Hub, sandbox: SandboxServer, repo_id: str, place: str, monkeypatch: pytest.MonkeyPatch
):
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    sandbox.faults.add("status", path=place, status=429, headers={"RateLimit": '"api";r=0;t=299'}, times=None)
    files = {"README.md": b"---\nlicense: mit\n---\n", "data/train.parquet": b"PAR1" * 300}

    with pytest.raises(RetryLaterError) as caught:
        hub.publish_dataset(repo_id, files, message="1", description="", private=True, tag="v1")

    assert caught.value.after == timedelta(seconds=300)
    assert [seconds for seconds in slept if seconds > 1] == []


def test_a_token_that_the_hub_does_not_know_is_refused_with_a_word_to_the_organiser(sandbox: SandboxServer):
    with pytest.raises(RefusedError, match="token"):
        another_hub(token="hf_nobody").identity()


def test_without_a_token_nothing_is_asked(sandbox: SandboxServer):
    sandbox.requests.clear()

    with pytest.raises(RefusedError, match="HF_TOKEN"):
        another_hub(token="").identity()

    assert sandbox.requests.all() == []


def test_a_token_that_may_only_read_is_told_apart(hub: Hub):
    assert hub.identity().token_can_write
    assert hub.identity().may_create_in("data-is-better-together")
    assert not hub.identity().may_create_in("delta-readers")
    assert not another_hub(token=READONLY_TOKEN).identity().token_can_write


def test_a_name_the_client_finds_invalid_is_refused_in_its_words(hub: Hub):
    with pytest.raises(RefusedError, match="alphanumeric"):
        hub.space_exists("data-is-better-together/--")


def test_the_hubs_words_are_told_without_the_token_that_it_repeats(hub: Hub, sandbox: SandboxServer):
    body = json.dumps({"error": f"You sent {settings.HUB_TOKEN} here"})
    sandbox.faults.add("status", path="/runtime", status=400, body=body)

    with pytest.raises(RefusedError, match="You sent ••• here"):
        hub.runtime("data-is-better-together/nothing-here")


def test_a_card_is_refused_without_the_token_that_the_hub_repeats(hub: Hub, sandbox: SandboxServer):
    body = json.dumps({"errors": [{"message": f"You sent {settings.HUB_TOKEN} here"}], "warnings": []})
    sandbox.faults.add("status", path="/api/validate-yaml", status=400, body=body)

    with pytest.raises(RefusedError, match="You sent ••• here"):
        hub.commit_space_files("data-is-better-together/nothing-here", {"README.md": b"# x"}, message="1")


def test_long_words_of_a_service_are_cut_between_two_of_them():
    half_shown = "x" * 295 + " a-secret-that-goes-on"

    assert excerpt(half_shown) == "x" * 295 + " …"
    assert excerpt("a-secret-" * 100) == "…"
    assert excerpt("In  short\n") == "In short"


def test_debugging_the_client_writes_no_secret_into_the_log(
    hub: Hub, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    from huggingface_hub import constants

    written = io.StringIO()
    handler, logger = logging.StreamHandler(written), logging.getLogger("huggingface_hub")
    monkeypatch.setattr(constants, "HF_DEBUG", True)
    monkeypatch.setattr(logger, "handlers", [handler])
    caplog.set_level(logging.DEBUG, logger="huggingface_hub")

    with pytest.raises(MissingError):
        hub.set_space_secret("data-is-better-together/nothing-here", "API_KEY", "a-marker-of-a-secret")

    assert "nothing-here" in written.getvalue()
    assert "a-marker-of-a-secret" not in written.getvalue()
