"""Publishing a dataset: look, compare, act only on a difference, so that it can be run again at any time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from dibt.gateways.errors import ConflictError
from dibt.gateways.hub.values import Published

# The Hub writes it when it makes a repository; it is no part of what we publish.
KEPT = frozenset({".gitattributes"})


@dataclass(frozen=True, slots=True)
class _Seen:
    private: bool
    head: str | None
    paths: frozenset[str]


def publish(
    api: HfApi,
    repo_id: str,
    *,
    files: Mapping[str, Path | bytes],
    message: str,
    description: str,
    private: bool,
    tag: str,
    marker: str,
) -> Published:
    """Make `repo_id` hold exactly `files`, tagged `tag`; it becomes public only when all of that is done."""
    seen = _look(api, repo_id) or _create(api, repo_id)
    if marker and seen.paths - KEPT and marker not in seen.paths:
        raise ConflictError(
            _("There is a dataset %(repo_id)s already that was not made here. Rename or delete it first.")
            % {"repo_id": repo_id}
        )
    commit = _commit(api, repo_id, seen, files=files, message=message, description=description)
    _tag(api, repo_id, tag=tag, commit=commit)
    if seen.private != private:
        api.update_repo_settings(repo_id, private=private, repo_type="dataset")
    return Published(f"{api.endpoint}/datasets/{repo_id}", commit)


def _look(api: HfApi, repo_id: str) -> _Seen | None:
    try:
        info = api.dataset_info(repo_id)
    except RepositoryNotFoundError:
        return None
    paths = frozenset(sibling.rfilename for sibling in info.siblings or ())
    return _Seen(bool(info.private), info.sha, paths)


def _create(api: HfApi, repo_id: str) -> _Seen:
    """`exist_ok` stays off: it would spend the quota for new repositories, and hide whose this one is."""
    api.create_repo(repo_id, repo_type="dataset", private=True)
    seen = _look(api, repo_id)
    if seen is None:
        raise ConflictError(_("The dataset was made and is gone again. Try again."))
    return seen


def _commit(
    api: HfApi,
    repo_id: str,
    seen: _Seen,
    *,
    files: Mapping[str, Path | bytes],
    message: str,
    description: str,
) -> str:
    """One commit; the library leaves out what has not changed, and makes none if nothing has."""
    additions = [
        CommitOperationAdd(path, str(content) if isinstance(content, Path) else content)
        for path, content in files.items()
    ]
    stale = [CommitOperationDelete(path) for path in sorted(seen.paths - files.keys() - KEPT)]
    info = api.create_commit(
        repo_id,
        [*additions, *stale],
        commit_message=message,
        commit_description=description,
        repo_type="dataset",
        parent_commit=seen.head,
    )
    return info.oid


def _tag(api: HfApi, repo_id: str, *, tag: str, commit: str) -> None:
    """Tag the commit. Compared here, because the library's `exist_ok` also accepts a tag on another commit."""
    try:
        api.create_tag(repo_id, tag=tag, revision=commit, repo_type="dataset")
    except HfHubHTTPError as error:
        if error.response.status_code != 409:
            raise
        tags = {ref.name: ref.target_commit for ref in api.list_repo_refs(repo_id, repo_type="dataset").tags}
        if tags.get(tag) != commit:
            raise ConflictError(
                _("The dataset has a version %(tag)s with other content. Publish under a new version.")
                % {"tag": tag}
            ) from error
