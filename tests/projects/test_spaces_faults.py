"""When provisioning meets a fault or a stranger of the same name; and where secrets never are."""

import json
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from huggingface_hub import HfApi

from accounts.models import Notice
from dibt.gateways.hub import the_hub
from dibt.lib import clock, secrets
from dibt.sandbox.testing import PLATFORM_TOKEN, READONLY_TOKEN, SandboxServer
from projects.domain import spaces
from projects.models import Cohort, Space, SpaceState, StepKey, StepState
from projects.provisioning import pace, reconciler
from tests.factories import organiser
from tests.projects.space_worlds import a_requested_space, lead_of, step, work, work_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
OWNER = "data-is-better-together"


def spaces_named(sandbox: SandboxServer, space: Space) -> int:
    return sandbox.state.repos("space", owner=OWNER).count(space.repo_id)


# --- Failures -------------------------------------------------------------------------------------

CALLS = [
    ("GET", "/api/organizations/"),
    ("POST", "/api/buckets/"),
    ("POST", "/duplicate"),
    ("GET", "/variables"),
    ("GET", "/secrets"),
    ("GET", "/runtime"),
    ("POST", "/api/validate-yaml"),
    ("POST", "/preupload/"),
    ("POST", "/commit/"),
]


@pytest.mark.parametrize("fault", ["reset", "lost_answer", "status"])
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_failure_that_passes_is_made_good_by_itself(
    sandbox: SandboxServer, api: HfApi, method: str, path: str, fault: str
):
    space = a_requested_space()
    sandbox.faults.add(fault, method=method, path=path)

    space = work(space)

    assert space.state == SpaceState.READY
    assert spaces_named(sandbox, space) == 1
    titles = [commit.title for commit in api.list_repo_commits(space.repo_id, repo_type="space")]
    assert titles.count("Describe the project and its sign-in") == 1


def test_while_it_waits_the_step_says_why_and_until_when(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.BUCKET)
    sandbox.faults.add("status", path="/api/buckets/", status=429, headers={"RateLimit": '"api";r=0;t=99'})

    pause = reconciler.run(space.pk, the_hub())

    row = step(space, StepKey.BUCKET)
    assert pause is not None
    assert pause >= timedelta(seconds=100)
    assert (row.state, row.attempt) == (StepState.WAITING, 1)
    assert "slow down" in row.error
    assert row.request_id
    assert row.next_retry_at is not None
    assert row.next_retry_at > clock.now() + timedelta(seconds=90)


def test_a_failure_that_does_not_pass_is_given_up_and_told(sandbox: SandboxServer):
    boss = organiser()
    space = a_requested_space()
    sandbox.faults.add("status", path="/api/buckets/", status=503, times=None)

    space = work(space)

    row = step(space, StepKey.BUCKET)
    assert space.state == SpaceState.FAILED
    assert (row.state, row.attempt) == (StepState.FAILED, pace.MAX_ATTEMPTS)
    assert row.error.startswith("Given up after 8 attempts.")
    told = {notice.user for notice in Notice.objects.filter(kind="space-failed")}
    assert told == {lead_of(space.project), boss}


def test_a_refusal_is_not_tried_again(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.SPACE)
    sandbox.faults.add("status", path="/duplicate", status=402, body='{"error": "Pay first"}')

    pause = reconciler.run(space.pk, the_hub())

    space.refresh_from_db()
    assert pause is None
    assert space.state == SpaceState.FAILED
    assert "paid plan" in step(space, StepKey.SPACE).error
    assert spaces_named(sandbox, space) == 0


def test_an_organisation_that_is_not_there_is_named():
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(owner="nobody-here")

    space = work(space)

    assert "nobody-here" in step(space, StepKey.PREFLIGHT).error


def test_an_organisation_where_our_account_is_no_member_is_named():
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(owner="souk-letters")

    space = work(space)

    assert "souk-letters" in step(space, StepKey.PREFLIGHT).error


def test_a_token_that_may_only_read_stops_at_the_first_step(sandbox: SandboxServer):
    from dibt.gateways.hub import Hub

    space = a_requested_space()
    reader = Hub(endpoint=settings.HUB_URL, token=READONLY_TOKEN, timeout=settings.HUB_TIMEOUT)

    reconciler.run(space.pk, reader)

    assert "only read" in step(space, StepKey.PREFLIGHT).error
    assert spaces_named(sandbox, space) == 0


# --- Whose Space it is ----------------------------------------------------------------------------


def test_a_strangers_space_of_that_name_is_left_alone_and_another_name_suggested(
    api: HfApi, sandbox: SandboxServer
):
    space = a_requested_space()
    api.create_repo(space.repo_id, repo_type="space", space_sdk="docker")

    space = work(space)

    row = step(space, StepKey.SPACE)
    assert space.state == SpaceState.FAILED
    assert spaces.other_name(space) in row.error
    assert api.get_space_variables(space.repo_id) == {}
    assert api.get_space_secrets(space.repo_id) == {}


def test_a_strangers_hidden_space_is_told_by_the_hubs_conflict(sandbox: SandboxServer):
    space = a_requested_space()
    sandbox.faults.add(
        "status",
        path="/duplicate",
        status=409,
        body='{"error": "taken", "url": "https://huggingface.co/spaces/x/y"}',
    )

    space = work(space)

    assert spaces.other_name(space) in step(space, StepKey.SPACE).error


def test_under_the_suggested_name_it_becomes_ready(api: HfApi):
    space = a_requested_space()
    api.create_repo(space.repo_id, repo_type="space", space_sdk="docker")
    space = work(space)

    spaces.retry(space, by=lead_of(space.project), name=spaces.other_name(space))

    assert work(space).state == SpaceState.READY


def test_a_lost_answer_at_its_making_leaves_exactly_one_space_and_bucket(sandbox: SandboxServer):
    space = a_requested_space()
    sandbox.faults.add("lost_answer", path="/duplicate")
    sandbox.faults.add("lost_answer", path="/api/buckets/")

    space = work(space)

    assert space.state == SpaceState.READY
    assert spaces_named(sandbox, space) == 1
    assert sandbox.state.buckets(owner=OWNER).count(space.bucket_id) == 1
    assert len(sandbox.requests.all(method="POST", path="/api/spaces/argilla/")) >= 1


# --- Secrets --------------------------------------------------------------------------------------


def test_no_secret_is_in_a_log_an_error_or_a_row(sandbox: SandboxServer, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    space = a_requested_space()
    values = [*secrets.decrypt(space.secrets_box).values(), PLATFORM_TOKEN]
    echo = json.dumps({"error": f"What you sent: {' '.join(values[:3])}"})
    sandbox.faults.add("status", path="/duplicate", status=503)
    sandbox.faults.add("status", path="/duplicate", status=400, body=echo)

    space = work(space)

    assert space.state == SpaceState.FAILED
    rows = [*space.steps.values_list("error", flat=True), space.log_tail]
    notices = [str(params) for params in Notice.objects.values_list("params", flat=True)]
    told = "\n".join([caplog.text, repr(space.__dict__), *rows, *notices])
    assert "What you sent" in told
    assert [value for value in values if value in told] == []


def test_what_is_wanted_shows_no_secret_when_printed():
    from projects.provisioning.wanted import wanted_of

    space = a_requested_space()
    wanted = wanted_of(space, other_name="")

    printed = repr(wanted) + repr(wanted.new_space)

    assert [value for value in wanted.secrets.values() if value in printed] == []


def test_a_cohort_that_moves_to_another_organisation_leaves_its_spaces_where_they_are():
    space = a_requested_space()
    Cohort.objects.update(hosting_organisation="souk-letters")

    space = work(space)

    assert space.owner == OWNER
    assert space.state == SpaceState.READY
