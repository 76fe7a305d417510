"""A release on its way to the Hub, through the real client, and back through the real `datasets`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings as site
from django.db import connection
from huggingface_hub import HfApi

from accounts.domain import people
from accounts.models import Notice, ShownAs
from annotations.domain import releases
from annotations.models import Release, ReleaseState, Response
from dibt.lib import bells, clock, leases
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.annotations.releasing import (
    a_contributor,
    answered_project,
    built,
    folder,
    give,
    published,
    record_rows,
    response_rows,
    turn,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # The library uploads large files in a way that its own transport warns about.
    pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"),
]
LATER = timedelta(minutes=10)
ONE_TURN = (
    "import sys, django; django.setup()\n"
    "from annotations.models import Release\n"
    "from annotations.releasing.work import work\n"
    "work(Release.objects.get(pk=int(sys.argv[1])))"
)


@pytest.fixture(autouse=True)
def hub(sandbox: SandboxServer) -> Iterator[SandboxServer]:
    sandbox.faults.clear()
    sandbox.requests.clear()
    yield sandbox
    sandbox.faults.clear()


@pytest.fixture
def api() -> HfApi:
    return HfApi(endpoint=site.HUB_URL, token=PLATFORM_TOKEN)


def being_published(project) -> Release:
    release = built(project)
    releases.publish(release, by=project.leads.get())
    return release


def later(release: Release) -> Release:
    """Another worker's turn, after every wait and lease has run out."""
    with clock.at(clock.now() + LATER):
        return turn(release)


def release_commits(api: HfApi, release: Release) -> list[str]:
    commits = api.list_repo_commits(release.repo_id, repo_type="dataset")
    return [commit.commit_id for commit in commits if commit.title.startswith("Release")]


def test_a_published_release_is_read_back_equal_by_the_real_client(tmp_path: Path):
    from datasets import load_dataset

    release = published(answered_project(records=3, people=2))

    records = load_dataset(release.repo_id, split="train", revision="v1", cache_dir=str(tmp_path))
    responses = load_dataset(release.repo_id, "responses", split="train", cache_dir=str(tmp_path))

    assert list(records) == record_rows(release)
    assert list(responses) == response_rows(release)
    assert (len(records), len(responses)) == (3, 6)


def test_publishing_leaves_a_public_tagged_dataset_with_the_card_and_tells_the_leads(api: HfApi):
    project = answered_project()

    release = published(project)

    info = api.dataset_info(release.repo_id, revision="v1")
    assert release.state == ReleaseState.PUBLISHED
    assert release.repo_id == f"data-is-better-together/{project.slug}"
    assert (release.url, release.commit) == (f"{site.HUB_URL}/datasets/{release.repo_id}", info.sha)
    assert info.private is False
    assert {sibling.rfilename for sibling in info.siblings or ()} >= {
        file.path for file in release.contents.files
    }
    notice = Notice.objects.get(kind="release-published")
    assert (notice.user, notice.url) == (project.leads.get(), release.get_absolute_url())


def test_the_hub_finds_nothing_wrong_with_the_card(hub: SandboxServer):
    release = published(answered_project())

    asked = hub.requests.all(method="POST", path="/api/validate-yaml")

    assert [entry.status for entry in asked] == [200]
    assert (
        yaml.safe_load((folder(release) / "README.md").read_text().split("---\n")[1])["license"]
        == "cc-by-4.0"
    )


def test_an_answer_lost_after_the_commit_makes_no_second_commit(hub: SandboxServer, api: HfApi):
    release = being_published(answered_project())
    hub.faults.add("lost_answer", path="/commit/main", method="POST")

    turn(release)
    assert (release.state, bool(release.error)) == (ReleaseState.PUBLISHING, True)
    later(release)

    assert (release.state, release.error) == (ReleaseState.PUBLISHED, "")
    assert release_commits(api, release) == [release.commit]


def test_a_busy_hub_is_asked_again_when_it_said_and_not_before(hub: SandboxServer):
    release = being_published(answered_project())
    hub.faults.add("status", status=429, path="/commit/main", headers={"Retry-After": "300"})

    turn(release)
    asked = len(hub.requests.all())
    turn(release)

    assert release.state == ReleaseState.PUBLISHING
    assert release.due_at > clock.now() + timedelta(seconds=240)
    assert len(hub.requests.all()) == asked
    assert later(release).state == ReleaseState.PUBLISHED


def test_a_hub_that_stays_down_ends_in_a_failure_the_lead_can_try_again(hub: SandboxServer):
    project = answered_project()
    release = being_published(project)
    hub.faults.add("status", status=503, path="/api/", times=None)

    for hours in range(1, releases.ATTEMPTS + 2):
        with clock.at(clock.now() + timedelta(hours=hours)):
            turn(release)
    hub.faults.clear()

    assert release.state == ReleaseState.NOT_PUBLISHED
    assert "503" in release.error
    releases.publish(release, by=project.leads.get())
    assert turn(release).state == ReleaseState.PUBLISHED


def test_what_the_hub_refuses_is_told_to_the_leads_at_once(hub: SandboxServer):
    project = answered_project()
    release = being_published(project)
    hub.faults.add("status", status=403, path="/api/repos/create")

    turn(release)

    assert release.state == ReleaseState.NOT_PUBLISHED
    assert "may not do this" in release.error
    assert [notice.user for notice in Notice.objects.filter(kind="release-failed")] == [project.leads.get()]


def test_a_dataset_of_somebody_else_is_left_as_it_is(api: HfApi):
    release = being_published(answered_project())
    api.create_repo(release.repo_id, repo_type="dataset")
    api.upload_file(
        path_or_fileobj=b"precious", path_in_repo="theirs.txt", repo_id=release.repo_id, repo_type="dataset"
    )

    turn(release)

    assert release.state == ReleaseState.NOT_PUBLISHED
    assert "not made here" in release.error
    assert "theirs.txt" in api.list_repo_files(release.repo_id, repo_type="dataset")


def test_a_worker_killed_while_publishing_is_followed_by_one_that_finishes(hub: SandboxServer, api: HfApi):
    release = being_published(answered_project())
    hub.faults.add("hang", path="/commit/main", method="POST")

    worker = a_worker(release)
    wait_for(lambda: hub.requests.all(method="POST", path=f"/api/datasets/{release.repo_id}/preupload"))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    hub.faults.clear()

    assert turn(release).state == ReleaseState.PUBLISHING  # the dead worker's lease still holds
    assert later(release).state == ReleaseState.PUBLISHED
    assert release_commits(api, release) == [release.commit]


def test_a_worker_that_lost_its_lease_writes_nothing_down(hub: SandboxServer, api: HfApi):
    release = being_published(answered_project())
    hub.faults.add("hang", path="/commit/main", method="POST")
    slow = a_worker(release)
    wait_for(lambda: hub.requests.all(method="POST", path=f"/api/datasets/{release.repo_id}/preupload"))

    later(release)
    hub.faults.clear()
    slow.wait()
    release.refresh_from_db()

    assert (release.state, release.error, release.attempt) == (ReleaseState.PUBLISHED, "", 0)
    assert release_commits(api, release) == [release.commit]


def test_what_a_killed_build_left_behind_is_removed_by_the_next():
    project = answered_project()
    release = releases.request(project, by=project.leads.get())
    leases.take(release)
    releases.begin(release)
    half = Path(site.RELEASE_DIR) / str(release.folder) / "half" / "README.md"
    half.parent.mkdir(parents=True)
    half.write_text("---")

    assert turn(release).state == ReleaseState.REQUESTED
    assert later(release).state == ReleaseState.BUILT
    assert [each.name for each in (Path(site.RELEASE_DIR) / str(release.folder)).iterdir()] == [
        release.contents.build
    ]


def test_an_answer_taken_back_between_making_and_publishing_is_not_published():
    project = answered_project(records=1, people=2)
    release = being_published(project)
    before = release.contents
    gone = Response.objects.last()
    gone.delete()

    turn(release)

    assert release.state == ReleaseState.PUBLISHED
    assert [row["response_id"] for row in response_rows(release)] != []
    assert str(gone.public_id) not in {row["response_id"] for row in response_rows(release)}
    assert (before.responses, release.contents.responses) == (2, 1)


def test_a_name_taken_back_between_making_and_publishing_is_not_published():
    project = answered_project(records=1, people=1)
    shy = a_contributor(project, "second-thoughts")
    give(project, shy, "prompt-0", {"quality": 3})
    release = being_published(project)
    people.choose_shown_as(shy.user, shown_as=ShownAs.HIDDEN)

    turn(release)

    assert release.state == ReleaseState.PUBLISHED
    assert "second-thoughts" not in (folder(release) / "README.md").read_text()


def test_answers_given_since_wait_for_the_next_release():
    project = answered_project(records=1, people=1)
    release = being_published(project)
    before = release.contents
    give(project, a_contributor(project), "prompt-0", {"quality": 3})

    turn(release)

    assert (release.state, release.contents) == (ReleaseState.PUBLISHED, before)


def test_the_next_release_replaces_the_files_and_keeps_the_first_under_its_tag(api: HfApi):
    project = answered_project(records=1, people=1)
    first = published(project)
    give(project, a_contributor(project), "prompt-0", {"quality": 3})

    second = published(project)

    tags = {
        ref.name: ref.target_commit for ref in api.list_repo_refs(first.repo_id, repo_type="dataset").tags
    }
    assert tags == {"v1": first.commit, "v2": second.commit}


def test_the_sweeper_finds_a_release_that_nobody_took():
    project = answered_project()
    release = releases.request(project, by=project.leads.get())

    before = bells.ring_again()
    turn(release)
    after = bells.ring_again()

    assert (before, after) == (1, 0)


def a_worker(release: Release) -> "subprocess.Popen[bytes]":
    """A worker in a process of its own, on the database of this test."""
    name = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_URL", "")
    database = urlsplit(url)._replace(path=f"/{name}").geturl() if url else f"sqlite:///{name}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "dibt.settings",
        "DATABASE_URL": database,
        "DATA_DIR": str(site.DATA_DIR),
        "SANDBOX_URL": site.SANDBOX_URL,
    }
    return subprocess.Popen([sys.executable, "-c", ONE_TURN, str(release.pk)], env=environment)


def wait_for(happened) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "The worker never got there"
        time.sleep(0.05)
