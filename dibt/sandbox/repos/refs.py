"""Branches, tags, and the list of commits.

A tag that exists answers 409 whatever it points at, as on the Hub: the caller has to compare.
"""

from dibt.sandbox.files import history
from dibt.sandbox.files.history import Commit
from dibt.sandbox.paging import page_of
from dibt.sandbox.repos import access
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import HubError, Request, Response

PAGE = 50

router = Router()


@router.route("GET", "/api/{kind}/{owner}/{name}/refs")
def refs(request: Request) -> Response:
    repo = access.readable_repo(request)
    branches, tags = history.refs(request.db, repo, "branch"), history.refs(request.db, repo, "tag")
    answer = {
        "branches": [_ref("heads", name, target) for name, target in branches.items()],
        "tags": [_ref("tags", name, target) for name, target in tags.items()],
        "converts": [],
    }
    return Response.json({**answer, "pullRequests": []} if request.asks("include_prs") else answer)


@router.route("POST", "/api/{kind}/{owner}/{name}/branch/{branch}")
def create_branch(request: Request) -> Response:
    repo, branch = access.writable_repo(request), request.params["branch"]
    if history.ref_target(request.db, repo, "branch", branch) is not None:
        raise HubError(409, f"Reference already exists: refs/heads/{branch}")
    start = history.required(request.db, repo, request.json().text("startingPoint", "main"))
    history.set_ref(request.db, repo, "branch", branch, target=start.oid)
    return Response.json({})


@router.route("DELETE", "/api/{kind}/{owner}/{name}/branch/{branch}")
def delete_branch(request: Request) -> Response:
    repo, branch = access.writable_repo(request), request.params["branch"]
    if branch == "main":
        raise HubError(403, "The main branch cannot be deleted")
    if not history.delete_ref(request.db, repo, "branch", branch):
        raise HubError(404, f"There is no branch {branch}", code="RevisionNotFound")
    return Response.json({})


@router.route("POST", "/api/{kind}/{owner}/{name}/tag/{revision}")
def create_tag(request: Request) -> Response:
    repo, body = access.writable_repo(request), request.json()
    commit, tag = history.required(request.db, repo, request.params["revision"]), body.text("tag")
    if history.ref_target(request.db, repo, "tag", tag) is not None:
        raise HubError(409, f"Tag reference exists already: refs/tags/{tag}")
    history.set_ref(request.db, repo, "tag", tag, target=commit.oid, message=body.text("message", ""))
    return Response.json({})


@router.route("DELETE", "/api/{kind}/{owner}/{name}/tag/{tag}")
def delete_tag(request: Request) -> Response:
    repo, tag = access.writable_repo(request), request.params["tag"]
    if not history.delete_ref(request.db, repo, "tag", tag):
        raise HubError(404, f"There is no tag {tag}", code="RevisionNotFound")
    return Response.json({})


@router.route("GET", "/api/{kind}/{owner}/{name}/commits/{revision}")
def commits(request: Request) -> Response:
    repo = access.readable_repo(request)
    return page_of(
        request,
        [_commit(commit) for commit in history.log(request.db, repo, request.params["revision"])],
        size=PAGE,
    )


def _ref(kind: str, name: str, target: str) -> dict[str, object]:
    return {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": target}


def _commit(commit: Commit) -> dict[str, object]:
    return {
        "id": commit.oid,
        "title": commit.title,
        "message": commit.message,
        "date": commit.date,
        "authors": [{"user": commit.author, "avatar": f"/avatars/{commit.author}.svg"}],
    }
