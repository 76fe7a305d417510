"""Storage buckets, to be mounted into a Space. Of what is inside them only the disks of apps are kept (`disks`)."""

import sqlite3

from dibt.sandbox.argilla import disks
from dibt.sandbox.identifiers import object_id, stamp
from dibt.sandbox.identity import caller_of, creator_in, namespace, required_caller
from dibt.sandbox.repos import records
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import boots
from dibt.sandbox.wire import HubError, Request, Response

router = Router()


@router.route("POST", "/api/buckets/{owner}/{name}")
def create(request: Request) -> Response:
    body, caller = request.json(), required_caller(request)
    owner = caller.person.handle if request.params["owner"] == "me" else request.params["owner"]
    creator_in(request, owner, "bucket")
    if not records.is_name(request.params["name"]):
        raise HubError(400, "Invalid bucket name")
    owner = namespace(request, owner)
    visibility = body.text("visibility", "private" if body.flag("private") else "public")
    url = f"{request.origin}/buckets/{owner}/{request.params['name']}"
    try:
        request.db.execute(
            "INSERT INTO buckets VALUES (?, ?, ?, ?, ?)",
            (object_id(), owner, request.params["name"], visibility, stamp()),
        )
    except sqlite3.IntegrityError as error:
        raise HubError(409, "You already created this bucket", url=url) from error
    return Response.json({"url": url, "name": f"{owner}/{request.params['name']}"})


@router.route("GET", "/api/buckets/{owner}/{name}")
def info(request: Request) -> Response:
    return Response.json(_as_json(_bucket(request)))


@router.route("GET", "/api/buckets/{owner}")
def listing(request: Request) -> Response:
    caller, owner = caller_of(request), request.params["owner"]
    member = caller is not None and caller.may_see_inside(owner)
    rows = request.db.execute("SELECT * FROM buckets WHERE owner = ? ORDER BY name", (owner,))
    return Response.json([_as_json(row) for row in rows if member or row["visibility"] != "private"])


@router.route("DELETE", "/api/buckets/{owner}/{name}")
def delete(request: Request) -> Response:
    bucket, caller = _bucket(request), required_caller(request)
    if not caller.may_write(bucket["owner"]):
        raise HubError(403, "You don't have the rights to delete this bucket")
    request.db.execute("DELETE FROM buckets WHERE id = ?", (bucket["id"],))
    disks.forget(request.db, boots.disks_in(bucket["id"]))
    return Response.text("OK")


def _bucket(request: Request) -> sqlite3.Row:
    """The bucket of the address, if the caller may see it."""
    caller, owner = caller_of(request), request.params["owner"]
    found: sqlite3.Row | None = request.db.execute(
        "SELECT * FROM buckets WHERE owner = ? AND name = ?", (owner, request.params["name"])
    ).fetchone()
    hidden = (
        found is not None
        and found["visibility"] == "private"
        and not (caller and caller.may_see_inside(owner))
    )
    if found is None or hidden:
        raise HubError(401 if caller is None else 404, "Bucket not found", code="RepoNotFound")
    return found


def _as_json(bucket: sqlite3.Row) -> dict[str, object]:
    return {
        "id": f"{bucket['owner']}/{bucket['name']}",
        "private": bucket["visibility"] == "private",
        "visibility": bucket["visibility"],
        "createdAt": bucket["created_at"],
        "size": 0,
        "totalFiles": 0,
    }
