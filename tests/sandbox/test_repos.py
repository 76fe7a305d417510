"""Repositories through the real client: names, rights, refs, commits, files."""

from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    BadRequestError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from dibt.sandbox.testing import SandboxServer
from tests.sandbox.conftest import ORG

# The client passes raw bytes to its HTTP library in a way that the library no longer likes.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

PARQUET = b"PAR1" + bytes(range(256)) * 40


def status_of(error: pytest.ExceptionInfo[HfHubHTTPError]) -> int:
    return error.value.response.status_code


def test_a_created_dataset_is_there_with_its_first_commit(platform: HfApi, name: str) -> None:
    assert not platform.repo_exists(name, repo_type="dataset")

    url = platform.create_repo(name, repo_type="dataset", visibility="private")

    info = platform.dataset_info(name)
    assert (url.repo_id, url.repo_type) == (name, "dataset")
    assert (info.private, [file.rfilename for file in info.siblings or []]) == (True, [".gitattributes"])


def test_a_taken_name_is_a_conflict_unless_that_is_fine(platform: HfApi, dataset: str) -> None:
    with pytest.raises(HfHubHTTPError) as conflict:
        platform.create_repo(dataset, repo_type="dataset")

    assert status_of(conflict) == 409
    assert platform.create_repo(dataset, repo_type="dataset", exist_ok=True).repo_id == dataset


def test_names_are_the_same_in_any_case(platform: HfApi, dataset: str) -> None:
    with pytest.raises(HfHubHTTPError) as conflict:
        platform.create_repo(dataset.upper().replace(ORG.upper(), ORG), repo_type="dataset")

    assert status_of(conflict) == 409


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_without_the_right_nothing_is_created(request: pytest.FixtureRequest, name: str, who: str) -> None:
    client: HfApi = request.getfixturevalue(who)

    with pytest.raises(HfHubHTTPError) as refused:
        client.create_repo(name, repo_type="dataset")

    assert status_of(refused) == 403


def test_a_stranger_never_learns_of_a_private_repository(
    platform: HfApi, stranger: HfApi, anonymous: HfApi, name: str
) -> None:
    platform.create_repo(name, repo_type="dataset", private=True)

    assert not stranger.repo_exists(name, repo_type="dataset")
    assert not anonymous.repo_exists(name, repo_type="dataset")
    assert name not in [found.id for found in stranger.list_datasets(author=ORG)]
    with pytest.raises(RepositoryNotFoundError):
        stranger.list_repo_tree(name, repo_type="dataset").__next__()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(RepositoryNotFoundError):
        stranger.delete_repo(name, repo_type="dataset")


def test_a_repository_goes_public_and_back(platform: HfApi, stranger: HfApi, name: str) -> None:
    platform.create_repo(name, repo_type="dataset", private=True)

    platform.update_repo_settings(name, repo_type="dataset", visibility="public")

    assert stranger.repo_exists(name, repo_type="dataset")
    with pytest.raises(HfHubHTTPError) as refused:
        stranger.update_repo_settings(name, repo_type="dataset", private=True)
    assert status_of(refused) == 403


def test_gated_files_are_for_members(platform: HfApi, stranger: HfApi, dataset: str) -> None:
    platform.upload_file(path_or_fileobj=b"x", path_in_repo="a.txt", repo_id=dataset, repo_type="dataset")
    platform.update_repo_settings(dataset, repo_type="dataset", gated="manual")

    with pytest.raises(GatedRepoError):
        stranger.hf_hub_download(dataset, "a.txt", repo_type="dataset")

    assert platform.dataset_info(dataset).gated == "manual"


def test_a_moved_repository_answers_to_its_old_name(platform: HfApi, dataset: str, name: str) -> None:
    platform.move_repo(dataset, f"{name}-renamed", repo_type="dataset")

    assert platform.dataset_info(dataset).id == f"{name}-renamed"


def test_a_deleted_repository_is_gone_and_may_be_deleted_again(platform: HfApi, dataset: str) -> None:
    platform.delete_repo(dataset, repo_type="dataset")

    assert not platform.repo_exists(dataset, repo_type="dataset")
    platform.delete_repo(dataset, repo_type="dataset", missing_ok=True)
    with pytest.raises(RepositoryNotFoundError):
        platform.delete_repo(dataset, repo_type="dataset")


def test_small_and_large_files_travel_and_come_back(
    platform: HfApi, sandbox: SandboxServer, dataset: str
) -> None:
    commit = platform.create_commit(
        dataset,
        [
            CommitOperationAdd("README.md", b"---\nlicense: mit\n---\nHello"),
            CommitOperationAdd("data/a.parquet", PARQUET),
        ],
        commit_message="Publish",
        commit_description="release-1",
        repo_type="dataset",
    )

    files = {
        entry.path: entry for entry in platform.list_repo_tree(dataset, repo_type="dataset", recursive=True)
    }
    assert sorted(files) == [".gitattributes", "README.md", "data", "data/a.parquet"]
    assert files["data/a.parquet"].lfs.size == len(PARQUET)  # type: ignore[union-attr]  # it is a file
    downloaded = platform.hf_hub_download(dataset, "data/a.parquet", repo_type="dataset", revision=commit.oid)
    assert Path(downloaded).read_bytes() == PARQUET
    assert [entry.method for entry in sandbox.requests.all(path="/_storage/")] == ["PUT"]


def test_the_same_bytes_again_make_no_commit(platform: HfApi, dataset: str) -> None:
    first = platform.upload_file(
        path_or_fileobj=PARQUET, path_in_repo="a.parquet", repo_id=dataset, repo_type="dataset"
    )

    again = platform.upload_file(
        path_or_fileobj=PARQUET, path_in_repo="a.parquet", repo_id=dataset, repo_type="dataset"
    )

    assert again.oid == first.oid
    assert len(platform.list_repo_commits(dataset, repo_type="dataset")) == 2


def test_a_stale_parent_is_refused(platform: HfApi, dataset: str) -> None:
    old = platform.dataset_info(dataset).sha
    platform.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=dataset, repo_type="dataset")

    with pytest.raises(HfHubHTTPError) as stale:
        platform.create_commit(
            dataset,
            [CommitOperationAdd("b.txt", b"2")],
            commit_message="Late",
            repo_type="dataset",
            parent_commit=old,
        )

    assert status_of(stale) == 412


def test_the_history_tells_who_did_what(platform: HfApi, dataset: str) -> None:
    platform.create_commit(
        dataset,
        [CommitOperationAdd("a.txt", b"1")],
        commit_message="One",
        commit_description="why",
        repo_type="dataset",
    )

    newest, oldest = platform.list_repo_commits(dataset, repo_type="dataset")
    assert (newest.title, newest.message, newest.authors) == ("One", "why", ["dibt-bot"])
    assert oldest.title == "initial commit"


def test_files_and_folders_are_deleted(platform: HfApi, dataset: str) -> None:
    additions = [CommitOperationAdd(path, b"x") for path in ("a.txt", "b/c.txt", "b/d/e.txt")]
    platform.create_commit(dataset, additions, commit_message="Add", repo_type="dataset")

    deletions = [CommitOperationDelete("a.txt"), CommitOperationDelete("b/", is_folder=True)]
    platform.create_commit(dataset, deletions, commit_message="Delete", repo_type="dataset")

    assert platform.list_repo_files(dataset, repo_type="dataset") == [".gitattributes"]
    with pytest.raises(EntryNotFoundError):
        platform.hf_hub_download(dataset, "a.txt", repo_type="dataset")


def test_a_tag_stays_where_it_is(platform: HfApi, dataset: str) -> None:
    first = platform.dataset_info(dataset).sha
    platform.create_tag(dataset, tag="v1", repo_type="dataset")
    platform.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=dataset, repo_type="dataset")

    with pytest.raises(HfHubHTTPError) as conflict:
        platform.create_tag(dataset, tag="v1", repo_type="dataset")
    platform.create_tag(dataset, tag="v1", repo_type="dataset", exist_ok=True)

    assert status_of(conflict) == 409
    tags = platform.list_repo_refs(dataset, repo_type="dataset").tags
    assert [(tag.name, tag.target_commit) for tag in tags] == [("v1", first)]
    assert platform.dataset_info(dataset, revision="v1").sha == first


def test_a_branch_goes_its_own_way(platform: HfApi, dataset: str) -> None:
    platform.create_branch(dataset, branch="draft/one", repo_type="dataset")
    platform.upload_file(
        path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=dataset, repo_type="dataset", revision="draft/one"
    )

    assert "a.txt" in platform.list_repo_files(dataset, repo_type="dataset", revision="draft/one")
    assert "a.txt" not in platform.list_repo_files(dataset, repo_type="dataset")
    platform.delete_branch(dataset, branch="draft/one", repo_type="dataset")
    with pytest.raises(RevisionNotFoundError):
        platform.dataset_info(dataset, revision="draft/one")


def test_a_card_with_broken_metadata_is_refused(platform: HfApi, dataset: str) -> None:
    with pytest.raises(ValueError, match="Invalid metadata in README"):
        platform.upload_file(
            path_or_fileobj=b"---\ntags: [a\n---\n",
            path_in_repo="README.md",
            repo_id=dataset,
            repo_type="dataset",
        )

    assert platform.list_repo_files(dataset, repo_type="dataset") == [".gitattributes"]


def test_a_name_the_hub_refuses_is_a_bad_request(sandbox: SandboxServer, platform: HfApi) -> None:
    import httpx2

    answer = httpx2.post(
        f"{sandbox.url}/api/repos/create",
        json={"name": "..", "organization": ORG, "type": "dataset"},
        headers={"Authorization": f"Bearer {platform.token}"},
    )

    assert (answer.status_code, bool(answer.headers["X-Error-Message"])) == (400, True)


def test_one_asks_for_the_properties_one_wants(platform: HfApi, dataset: str) -> None:
    info = platform.dataset_info(dataset, expand=["sha", "private"])

    assert (info.private, info.sha is not None, info.siblings) == (False, True, None)


def test_the_sizes_of_files_come_on_request(platform: HfApi, dataset: str) -> None:
    platform.upload_file(
        path_or_fileobj=PARQUET, path_in_repo="a.parquet", repo_id=dataset, repo_type="dataset"
    )

    files = platform.dataset_info(dataset, files_metadata=True).siblings or []

    assert {file.rfilename: file.size for file in files}["a.parquet"] == len(PARQUET)


def test_a_bad_commit_changes_nothing(platform: HfApi, dataset: str) -> None:
    head = platform.dataset_info(dataset).sha

    with pytest.raises((BadRequestError, EntryNotFoundError)):
        platform.create_commit(
            dataset,
            [CommitOperationAdd("b.txt", b"2"), CommitOperationDelete("nowhere.txt")],
            commit_message="Half",
            repo_type="dataset",
        )

    assert platform.dataset_info(dataset).sha == head
