"""What is in a repository: the tree, some paths of it, and the files themselves.

A download answers `X-Repo-Commit` and `ETag`, for an LFS file also `X-Linked-Etag` and `X-Linked-Size`, and byte
ranges. A path that is not there is 404 EntryNotFound.
"""

import hashlib
import re
from urllib.parse import quote

from dibt.sandbox.files import history
from dibt.sandbox.files.history import Blob, Commit, Tree
from dibt.sandbox.paging import page_of
from dibt.sandbox.repos import access
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import FilePart, HubError, Request, Response

PAGE = 1000
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")

router = Router()


@router.route("GET", "/api/{kind}/{owner}/{name}/tree/{revision}")
@router.route("GET", "/api/{kind}/{owner}/{name}/tree/{revision}/{path*}")
def tree(request: Request) -> Response:
    repo = access.readable_repo(request)
    commit = history.required(request.db, repo, request.params["revision"])
    folder = request.params.get("path", "").strip("/")
    inside = f"{folder}/" if folder else ""
    if folder and not any(path.startswith(inside) for path in commit.tree):
        raise HubError(404, f"{folder} does not exist on {request.params['revision']}", code="EntryNotFound")
    entries = _entries(commit, inside, recursive=request.asks("recursive"), expand=request.asks("expand"))
    return page_of(request, entries, size=PAGE)


@router.route("POST", "/api/{kind}/{owner}/{name}/paths-info/{revision}")
def paths_info(request: Request) -> Response:
    """Paths that are not there are left out of the answer."""
    repo = access.readable_repo(request)
    commit = history.required(request.db, repo, request.params["revision"])
    form = request.form()
    expand = form.get("expand", [""])[0].lower() in {"1", "true"}
    found = []
    for path in [path.strip("/") for path in form.get("paths", [])]:
        if path in commit.tree:
            found.append(_file(commit, path, expand=expand))
        elif any(other.startswith(f"{path}/") for other in commit.tree):
            found.append(_folder(commit.tree, path))
    return Response.json(found)


def _resolve(request: Request) -> Response:
    repo = access.readable_repo(request)
    access.require_files(request, repo)
    commit = history.required(request.db, repo, request.params["revision"])
    blob = commit.tree.get(request.params["path"])
    headers = {"X-Repo-Commit": commit.oid}
    if blob is None:
        raise HubError(404, "Entry not found", code="EntryNotFound", headers=headers)
    name = quote(request.params["path"].rsplit("/", 1)[-1])
    headers |= {
        "ETag": f'"{blob.etag}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "Content-Type": "application/octet-stream" if blob.lfs else "text/plain; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if blob.lfs:
        headers |= {"X-Linked-Etag": f'"{blob.sha256}"', "X-Linked-Size": str(blob.size)}
    return _part(request, blob, headers)


for _prefix in ("/{area}/{owner}/{name}", "/{owner}/{name}"):
    router.route("GET", f"{_prefix}/resolve/{{revision}}/{{path*}}")(_resolve)


def _part(request: Request, blob: Blob, headers: dict[str, str]) -> Response:
    path, asked = request.hub.blobs.path(blob.sha256), RANGE.fullmatch(request.headers.get("Range") or "")
    if asked is None or asked.group(0) == "bytes=-":
        return Response(200, FilePart(path, 0, blob.size), headers)
    first, last = asked.groups()
    start = int(first) if first else max(blob.size - int(last), 0)
    end = min(int(last) if first and last else blob.size - 1, blob.size - 1)
    if start > end:
        return Response(416, b"", {**headers, "Content-Range": f"bytes */{blob.size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{blob.size}"
    return Response(206, FilePart(path, start, end - start + 1), headers)


def _entries(commit: Commit, inside: str, *, recursive: bool, expand: bool) -> list[dict[str, object]]:
    files: list[dict[str, object]] = []
    folders: set[str] = set()
    for path in sorted(path for path in commit.tree if path.startswith(inside)):
        parts = path.removeprefix(inside).split("/")
        if recursive or len(parts) == 1:
            files.append(_file(commit, path, expand=expand))
        depth = len(parts) - 1 if recursive else min(len(parts) - 1, 1)
        folders.update(inside + "/".join(parts[: count + 1]) for count in range(depth))
    return [*(_folder(commit.tree, folder) for folder in sorted(folders)), *files]


def _file(commit: Commit, path: str, *, expand: bool) -> dict[str, object]:
    blob = commit.tree[path]
    entry: dict[str, object] = {"type": "file", "path": path, "size": blob.size, "oid": blob.oid}
    if blob.lfs:
        entry["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": blob.pointer_size}
    if expand:
        entry["lastCommit"] = {"id": commit.oid, "title": commit.title, "date": commit.date}
    return entry


def _folder(tree: Tree, folder: str) -> dict[str, object]:
    inside = "".join(
        f"{path}{blob.oid}" for path, blob in sorted(tree.items()) if path.startswith(f"{folder}/")
    )
    oid = hashlib.sha1(inside.encode(), usedforsecurity=False).hexdigest()
    return {"type": "directory", "path": folder, "size": 0, "oid": oid}
