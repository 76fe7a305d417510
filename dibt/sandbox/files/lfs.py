"""Large files: the batch call answers where to put each one, the file follows, `verify` ends it.

The address of an upload is signed and needs no token, as the Hub's storage does it. What is there already gets no
actions, so nothing travels twice.
"""

import hmac
import re
import time
from hashlib import sha256
from urllib.parse import urlencode

from dibt.sandbox.fields import FieldError, Fields
from dibt.sandbox.paging import whole
from dibt.sandbox.repos import access
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import HubError, Request, Response

LFS_JSON = {"Content-Type": "application/vnd.git-lfs+json"}
VALID_FOR = 3600
OID = re.compile(r"[0-9a-f]{64}")

router = Router()


def _batch(request: Request) -> Response:
    body = request.json()
    if body.text("operation") == "upload":
        repo = access.writable_repo(request)
        objects = [_upload(request, repo.page, item) for item in body.objects("objects")]
    else:
        access.require_files(request, access.readable_repo(request))
        objects = [_download(request, item) for item in body.objects("objects")]
    return Response.json({"transfer": "basic", "objects": objects}, headers=LFS_JSON)


def _verify(request: Request) -> Response:
    access.writable_repo(request)
    body = request.json()
    oid = _oid(body.text("oid"))
    if not request.hub.blobs.has(oid) or request.hub.blobs.size(oid) != body.number("size"):
        raise HubError(404, "The object was not uploaded")
    return Response.json({"success": True}, headers=LFS_JSON)


for _prefix in ("/{area}/{owner}/{name}.git", "/{owner}/{name}.git"):
    router.route("POST", f"{_prefix}/info/lfs/objects/batch")(_batch)
    router.route("POST", f"{_prefix}/info/lfs/objects/verify")(_verify)


@router.route("PUT", "/_storage/{oid}", streams=True)
def put_object(request: Request) -> Response:
    """The file itself; 403 for an address that is not ours or too old, 400 if the content is another."""
    oid, expires = _oid(request.params["oid"]), request.first("expires")
    if not hmac.compare_digest(_signature(request, oid, expires), request.first("signature")):
        raise HubError(403, "SignatureDoesNotMatch")
    if whole(expires, 0) < time.time():
        raise HubError(403, "Request has expired")
    if request.stream is None or not request.hub.blobs.receive(request.stream, expected=oid):
        raise HubError(400, "The content is not the announced one")
    return Response(200)


def _upload(request: Request, page: str, item: Fields) -> dict[str, object]:
    oid, size = _oid(item.text("oid")), item.number("size")
    answer: dict[str, object] = {"oid": oid, "size": size, "authenticated": True}
    if request.hub.blobs.has(oid):
        return answer
    expires = str(int(time.time()) + VALID_FOR)
    query = urlencode({"expires": expires, "signature": _signature(request, oid, expires)})
    token = {"Authorization": request.headers.get("Authorization") or ""}
    return {
        **answer,
        "actions": {
            "upload": {"href": f"{request.origin}/_storage/{oid}?{query}", "header": {}},
            "verify": {"href": f"{request.origin}{page}.git/info/lfs/objects/verify", "header": token},
        },
    }


def _download(request: Request, item: Fields) -> dict[str, object]:
    oid, size = _oid(item.text("oid")), item.number("size")
    if not request.hub.blobs.has(oid):
        return {"oid": oid, "size": size, "error": {"code": 404, "message": "The object does not exist"}}
    return {"oid": oid, "size": size}


def _oid(oid: str) -> str:
    if OID.fullmatch(oid) is None:
        raise FieldError('"oid" must be a sha256 in hexadecimal')
    return oid


def _signature(request: Request, oid: str, expires: str) -> str:
    return hmac.new(request.hub.storage_key, f"{oid}:{expires}".encode(), sha256).hexdigest()
