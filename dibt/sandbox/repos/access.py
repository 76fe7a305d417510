"""From the address of a request to the repository it names, if the caller may have it.

A private repository does not exist for strangers: 404 RepoNotFound with a token, 401 RepoNotFound without. A renamed
one redirects.
"""

import sqlite3

from dibt.sandbox.identity import Caller, caller_of, required_caller
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import deleting
from dibt.sandbox.wire import HubError, Request


def readable_repo(request: Request) -> Repo:
    """The repository named by `{kind}/{owner}/{name}`, which the caller may read."""
    return _repo(request, caller_of(request))


def writable_repo(request: Request) -> Repo:
    """The same, where the caller may also write: 401 without a token, 403 without the right, 409 if it is going."""
    caller = caller_of(request)
    repo = _repo(request, caller)
    require_write(required_caller(request), repo)
    if deleting.is_going(request.db, repo):
        raise HubError(409, f"{repo.full_name} is being deleted")
    return repo


def require_write(caller: Caller, repo: Repo) -> None:
    if not caller.may_write(repo.owner, creator=repo.creator):
        raise HubError(
            403, f"Forbidden: you need write access to {repo.full_name} for this, with a token that may write"
        )


def may_read(caller: Caller | None, repo: Repo) -> bool:
    return not repo.is_private or (caller is not None and caller.may_see_inside(repo.owner))


def require_files(request: Request, repo: Repo) -> None:
    """The files of a gated repository are for members of its owner."""
    caller = caller_of(request)
    if repo.gated and not (caller is not None and caller.may_see_inside(repo.owner)):
        raise HubError(
            403,
            f"Access to {repo.kind} {repo.full_name} is restricted. Ask for access first.",
            code="GatedRepo",
        )


def named_repo(db: sqlite3.Connection, caller: Caller, kind: str, full_name: str) -> Repo:
    """A repository named in a body; RepoNotFound if the caller may not see it."""
    repo = records.find(db, kind, full_name)
    if repo is None or not may_read(caller, repo):
        raise HubError(404, "Repository not found", code="RepoNotFound")
    return repo


def _repo(request: Request, caller: Caller | None) -> Repo:
    kind = records.KINDS.get(request.params.get("kind", request.params.get("area", "models")), "")
    full_name = f"{request.params['owner']}/{request.params['name']}"
    repo = records.find(request.db, kind, full_name)
    if (
        repo is None
        and (moved := records.moved(request.db, kind, full_name)) is not None
        and may_read(caller, moved)
    ):
        query = f"?{request.query_string}" if request.query_string else ""
        target = request.path.replace(full_name, moved.full_name, 1) + query
        raise HubError(307, f"Moved to {moved.full_name}", headers={"Location": target})
    if repo is None or not may_read(caller, repo):
        if caller is None:
            raise HubError(401, "Invalid username or password.", code="RepoNotFound")
        raise HubError(404, "Repository not found", code="RepoNotFound")
    return repo
