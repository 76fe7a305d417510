"""What a repository is: one, or a list of them.

With `expand` only the named properties are answered, besides `_id` and `id`.
"""

from dibt.sandbox.files import cards, history
from dibt.sandbox.files.history import Blob, Commit
from dibt.sandbox.identity import caller_of
from dibt.sandbox.paging import page_of
from dibt.sandbox.repos import access, records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import apps, runtime
from dibt.sandbox.wire import Request, Response

PAGE = 100

router = Router()


@router.route("GET", "/api/{kind}")
def listing(request: Request) -> Response:
    """Filters: `author`, `search` in the name."""
    kind, caller, search = (
        records.KINDS[request.params["kind"]],
        caller_of(request),
        request.first("search").lower(),
    )
    found = [
        repo
        for repo in records.everything(request.db, kind, owner=request.first("author"))
        if access.may_read(caller, repo) and search in repo.full_name.lower()
    ]
    return page_of(request, found, size=PAGE, as_json=lambda repo: _at_head(request, repo))


@router.route("GET", "/api/{kind}/{owner}/{name}")
def info(request: Request) -> Response:
    return Response.json(_at_head(request, access.readable_repo(request)))


@router.route("GET", "/api/{kind}/{owner}/{name}/revision/{revision}")
def info_at(request: Request) -> Response:
    repo = access.readable_repo(request)
    return Response.json(
        describe(request, repo, history.required(request.db, repo, request.params["revision"]))
    )


def _at_head(request: Request, repo: Repo) -> dict[str, object]:
    wanted = set(request.query("expand"))
    if "runtime" in wanted and wanted <= {"runtime", "private"} and repo.kind == "space":
        # What is asked of many Spaces at once, and often; their cards need not be read for it.
        private = {"private": repo.is_private} if "private" in wanted else {}
        return {"_id": repo.id, "id": repo.full_name, "runtime": _runtime(request, repo), **private}
    return describe(request, repo, history.find(request.db, repo, "main"))


def describe(request: Request, repo: Repo, commit: Commit | None) -> dict[str, object]:
    """A repository at a commit, with the properties that the request asks for."""
    tree = {} if commit is None else commit.tree
    card = cards.data_in(tree, request.hub.blobs)
    blobs = request.asks("blobs")
    found: dict[str, object] = {
        "_id": repo.id,
        "id": repo.full_name,
        "author": repo.owner,
        "sha": None if commit is None else commit.oid,
        "private": repo.is_private,
        "visibility": repo.visibility,
        "gated": repo.gated or False,
        "disabled": False,
        "createdAt": repo.created_at,
        "lastModified": repo.modified_at,
        "likes": 0,
        "tags": _tags(card),
        "siblings": [_sibling(path, blob, blobs=blobs) for path, blob in sorted(tree.items())],
        "cardData": card,
        "usedStorage": sum(blob.size for blob in tree.values()),
    }
    if repo.resource_group:
        found["resourceGroup"] = {"id": repo.resource_group, "name": repo.resource_group, "numUsers": 0}
    if repo.region:
        found["region"] = repo.region
    found |= _of_space(request, repo) if repo.kind == "space" else {"downloads": 0}
    if repo.kind == "dataset":
        found |= {"description": "", "citation": None}
    wanted = request.query("expand")
    return (
        {name: value for name, value in found.items() if name in {"_id", "id", *wanted}} if wanted else found
    )


def _of_space(request: Request, repo: Repo) -> dict[str, object]:
    return {
        "sdk": repo.sdk,
        "subdomain": runtime.subdomain(repo),
        "host": apps.address(request, repo),
        "runtime": _runtime(request, repo),
    }


def _runtime(request: Request, repo: Repo) -> dict[str, object]:
    return runtime.as_json(request.db, repo, pace=request.hub.config.pace)


def _tags(card: dict[str, object]) -> list[str]:
    tags = card.get("tags")
    found = [str(tag) for tag in tags] if isinstance(tags, list) else []
    for name in ("language", "license"):
        value = card.get(name)
        values = value if isinstance(value, list) else [] if value is None else [value]
        found += [f"{name}:{item}" for item in values]
    return found


def _sibling(path: str, blob: Blob, *, blobs: bool) -> dict[str, object]:
    if not blobs:
        return {"rfilename": path}
    found: dict[str, object] = {"rfilename": path, "size": blob.size, "blobId": blob.oid}
    if blob.lfs:
        found["lfs"] = {"sha256": blob.sha256, "size": blob.size, "pointerSize": blob.pointer_size}
    return found
