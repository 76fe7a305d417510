"""Publishing a dataset: what is there afterwards, and that doing it again changes nothing."""

import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from huggingface_hub import HfApi

from dibt.gateways.errors import ConflictError, GatewayError
from dibt.gateways.hub import Hub, Published
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer

# The client's own way of sending a large file.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
CARD = b"---\nlicense: cc-by-4.0\n---\n# Prompts\n"


@pytest.fixture
def api(hub: Hub) -> HfApi:
    return HfApi(endpoint=settings.HUB_URL, token=PLATFORM_TOKEN)


def publish(hub: Hub, repo_id: str, files: dict[str, Path | bytes], *, tag: str = "v1") -> Published:
    return hub.publish_dataset(
        repo_id, files, message=f"Release {tag}", description="Made by 3 people", private=False, tag=tag
    )


def test_a_published_dataset_holds_the_files_is_tagged_and_public(
    hub: Hub, api: HfApi, repo_id: str, tmp_path: Path
):
    table = tmp_path / "rows.parquet"
    table.write_bytes(b"PAR1 rows PAR1")

    published = publish(hub, repo_id, {"README.md": CARD, "data/train-00000-of-00001.parquet": table})

    info = api.dataset_info(repo_id, revision="v1")
    paths = {sibling.rfilename for sibling in info.siblings or ()} - {".gitattributes"}
    assert published == Published(f"{settings.HUB_URL}/datasets/{repo_id}", info.sha)
    assert paths == {"README.md", "data/train-00000-of-00001.parquet"}
    assert info.private is False
    url = f"{settings.HUB_URL}/datasets/{repo_id}/resolve/v1/data/train-00000-of-00001.parquet"
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"PAR1 rows PAR1"


def test_publishing_the_same_again_makes_no_second_commit(hub: Hub, api: HfApi, repo_id: str):
    files = {"README.md": CARD, "rows.jsonl": b"{}\n"}
    first = publish(hub, repo_id, files)
    before = len(api.list_repo_commits(repo_id, repo_type="dataset"))

    second = publish(hub, repo_id, files)

    assert second == first
    assert len(api.list_repo_commits(repo_id, repo_type="dataset")) == before


def test_a_file_that_is_no_longer_released_goes_away(hub: Hub, api: HfApi, repo_id: str):
    publish(hub, repo_id, {"README.md": CARD, "data/train-00001-of-00002.parquet": b"PAR1"})

    publish(hub, repo_id, {"README.md": CARD}, tag="v2")

    now = {sibling.rfilename for sibling in api.dataset_info(repo_id).siblings or ()}
    then = {sibling.rfilename for sibling in api.dataset_info(repo_id, revision="v1").siblings or ()}
    assert now - {".gitattributes"} == {"README.md"}
    assert then - {".gitattributes"} == {"README.md", "data/train-00001-of-00002.parquet"}


def test_other_content_under_the_same_tag_is_a_conflict(hub: Hub, repo_id: str):
    publish(hub, repo_id, {"README.md": CARD})

    with pytest.raises(ConflictError, match="v1"):
        publish(hub, repo_id, {"README.md": CARD + b"More.\n"})


@pytest.mark.parametrize("place", ["/api/repos/create", "/commit/main", "/tag/", "/settings"])
def test_an_answer_lost_on_the_way_is_made_good_by_doing_it_again(
    hub: Hub, api: HfApi, sandbox: SandboxServer, repo_id: str, place: str
):
    sandbox.faults.add("lost_answer", path=place)
    with pytest.raises(GatewayError):
        publish(hub, repo_id, {"README.md": CARD})

    published = publish(hub, repo_id, {"README.md": CARD})

    commits = api.list_repo_commits(repo_id, repo_type="dataset")
    titles = [commit.title for commit in commits]
    assert titles.count("Release v1") == 1
    assert commits[0].commit_id == published.commit
    assert api.dataset_info(repo_id).private is False


def test_an_unfinished_release_is_not_public(hub: Hub, api: HfApi, sandbox: SandboxServer, repo_id: str):
    sandbox.faults.add("status", path="/commit/main", status=503)

    with pytest.raises(GatewayError):
        publish(hub, repo_id, {"README.md": CARD})

    assert api.dataset_info(repo_id).private is True
