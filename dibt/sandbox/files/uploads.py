"""The way of files into a repository: the card is checked, each file told how to travel, then all are committed.

`preupload` answers the oid that is there now, from which the client drops what has not changed. The commit is a stream
of JSON lines; with a `parentCommit` that is no longer the head it is refused with 412.
"""

import base64
import binascii
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from dibt.sandbox.fields import FieldError, Fields
from dibt.sandbox.files import cards, history, lfs_rules
from dibt.sandbox.files.history import Blob
from dibt.sandbox.identity import required_caller
from dibt.sandbox.repos import access
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import runtime
from dibt.sandbox.wire import HubError, Request, Response

router = Router()


@router.route("POST", "/api/validate-yaml")
def validate_yaml(request: Request) -> Response:
    body = request.json()
    errors = cards.complaints(body.text("content"), body.text("repoType", "model"))
    answer = {"errors": [{"message": message} for message in errors], "warnings": []}
    return Response.json(answer, status=400 if errors else 200)


@router.route("POST", "/api/{kind}/{owner}/{name}/preupload/{revision}")
def preupload(request: Request) -> Response:
    repo, body = access.writable_repo(request), request.json()
    head = history.required(request.db, repo, request.params["revision"])
    ignored = [
        line.strip() for line in body.text("gitIgnore", "").splitlines() if line.strip() and line[0] != "#"
    ]
    files = []
    for item in body.objects("files"):
        path, present = item.text("path"), head.tree.get(item.text("path"))
        lfs = lfs_rules.is_lfs(path, item.number("size"))
        answer: dict[str, object] = {
            "path": path,
            "uploadMode": "lfs" if lfs else "regular",
            "shouldIgnore": _ignored(path, ignored),
        }
        files.append(answer if present is None else {**answer, "oid": present.etag})
    return Response.json({"files": files, "commitOid": head.oid})


@router.route("POST", "/api/{kind}/{owner}/{name}/commit/{revision}")
def commit(request: Request) -> Response:
    repo, branch = access.writable_repo(request), request.params["revision"]
    if request.asks("create_pr"):
        raise HubError(400, "The sandbox keeps no pull requests: commit to a branch")
    if history.ref_target(request.db, repo, "branch", branch) is None:
        raise HubError(404, f"Invalid rev id: {branch}", code="RevisionNotFound")
    head = history.required(request.db, repo, branch)
    change = _Change.read(request)
    if change.parent and change.parent != head.oid:
        raise HubError(412, "A commit has happened since. Please refresh and try again.")
    tree = change.applied(head.tree)
    _check_card(request, repo, change, tree)
    author = required_caller(request).person.handle
    made = history.append(
        request.db, repo, branch, tree, title=change.summary, message=change.description, author=author
    )
    if repo.kind == "space" and branch == "main":
        runtime.build(request.db, repo, pace=request.hub.config.pace)
    url = f"{request.origin}{repo.page}/commit/{made.oid}"
    return Response.json({"success": True, "commitOid": made.oid, "commitUrl": url, "hookOutput": ""})


@dataclass(slots=True)
class _Change:
    """A commit as it arrives: what is put, what is taken away."""

    summary: str
    description: str
    parent: str
    put: dict[str, Blob]
    deleted_files: list[str]
    deleted_folders: list[str]

    @classmethod
    def read(cls, request: Request) -> "_Change":
        lines = [Fields.parse(line) for line in request.body.splitlines() if line.strip()]
        if not lines or lines[0].text("key") != "header":
            raise FieldError("A commit begins with its header")
        header = lines[0].mapping("value")
        change = cls(
            header.text("summary"),
            header.text("description", ""),
            header.text("parentCommit", ""),
            {},
            [],
            [],
        )
        for line in lines[1:]:
            change._take(request, line.text("key"), line.mapping("value"))
        return change

    def applied(self, tree: history.Tree) -> dict[str, Blob]:
        """The tree after the change; EntryNotFound where something to delete is not there."""
        result = dict(tree)
        for path in self.deleted_files:
            if result.pop(path, None) is None:
                raise HubError(404, f'A file with the name "{path}" does not exist', code="EntryNotFound")
        for folder in self.deleted_folders:
            inside = [path for path in result if path.startswith(f"{folder.rstrip('/')}/")]
            if not inside:
                raise HubError(404, f'A folder with the name "{folder}" does not exist', code="EntryNotFound")
            for path in inside:
                del result[path]
        return result | self.put

    def _take(self, request: Request, key: str, value: Fields) -> None:
        path = _checked(value.text("path"))
        if key == "file":
            content = _content(value)
            self.put[path] = history.regular(content, request.hub.blobs.add(content))
        elif key == "lfsFile":
            self.put[path] = _large(request, value)
        elif key == "deletedFile":
            self.deleted_files.append(path)
        elif key == "deletedFolder":
            self.deleted_folders.append(path)
        else:
            raise FieldError(f'A commit knows no "{key}"')


def _checked(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or ".git" in parts or "\0" in path:
        raise FieldError(f'"{path}" is no path inside a repository')
    return str(PurePosixPath(path))


def _content(value: Fields) -> bytes:
    if value.text("encoding", "utf-8") != "base64":
        return value.text("content").encode()
    try:
        return base64.b64decode(value.text("content"), validate=True)
    except binascii.Error as error:
        raise FieldError('"content" is not base64') from error


def _large(request: Request, value: Fields) -> Blob:
    oid = value.text("oid")
    if not request.hub.blobs.has(oid) or request.hub.blobs.size(oid) != value.number("size"):
        raise HubError(400, f"LFS pointer pointed to a file that does not exist: {value.text('path')}")
    return history.large(oid, value.number("size"))


def _check_card(request: Request, repo: Repo, change: _Change, tree: dict[str, Blob]) -> None:
    if "README.md" in change.put and (
        errors := cards.complaints(cards.readme_in(tree, request.hub.blobs), repo.kind)
    ):
        raise HubError(400, f"Invalid metadata in README.md: {errors[0]}")


def _ignored(path: str, patterns: list[str]) -> bool:
    return any(
        fnmatch(path, pattern) or fnmatch(PurePosixPath(path).name, pattern.rstrip("/"))
        for pattern in patterns
    )
