"""Create, duplicate, move and delete.

A name that is taken answers 409 with the `url` of what is there, which the client reads when it may exist. A Docker or
Gradio Space needs a paid plan of its owner: 402. The first commit of a repository is made by the Hub.
"""

import sqlite3
from dataclasses import replace

from dibt.sandbox.fields import FieldError, Fields
from dibt.sandbox.files import cards, history, lfs_rules
from dibt.sandbox.identifiers import object_id, stamp
from dibt.sandbox.identity import Caller, creator_in, has_paid_plan, namespace, required_caller
from dibt.sandbox.repos import access, records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import deleting, runtime, settings
from dibt.sandbox.wire import HubError, Request, Response

VISIBILITIES = frozenset({"public", "private", "protected"})

router = Router()


@router.route("POST", "/api/repos/create")
def create(request: Request) -> Response:
    body = request.json()
    caller = required_caller(request)
    kind, sdk = _kind(body), body.text("sdk", "")
    owner = body.text("organization", "") or caller.person.handle
    repo = _new_repo(request, body, caller, kind=kind, sdk=sdk, owner=owner, name=body.text("name"))
    wanted = settings.Wanted.read(body)
    template = body.text("template", "")
    source = access.named_repo(request.db, caller, "space", template) if template else None
    _save(request, repo, f"You already created this {kind} repo")
    if source is None:
        _first_commit(request, repo, author=caller.person.handle)
    else:
        history.copy(request.db, source, repo)
    if kind == "space":
        _furnish(request, repo, wanted)
    return Response.json({"url": f"{request.origin}{repo.page}", "name": repo.full_name, "id": repo.id})


@router.route("POST", "/api/{kind}/{owner}/{name}/duplicate")
def duplicate(request: Request) -> Response:
    """Copies the history and, of a Space, the variables; never secrets, volumes or hardware."""
    source, body, caller = access.readable_repo(request), request.json(), required_caller(request)
    owner, _, name = body.text("repository").partition("/")
    repo = _new_repo(request, body, caller, kind=source.kind, sdk=source.sdk, owner=owner, name=name)
    repo = repo if body.has("visibility") else replace(repo, visibility=source.visibility)
    wanted = settings.Wanted.read(body)
    _save(request, repo, f"You already created this {repo.kind} repo")
    history.copy(request.db, source, repo)
    if repo.kind == "space":
        settings.copy_variables(request.db, source, repo)
        _furnish(request, repo, wanted)
    return Response.json({"url": f"{request.origin}{repo.page}", "filesCopyPending": False})


@router.route("POST", "/api/repos/move")
def move(request: Request) -> Response:
    body, caller = request.json(), required_caller(request)
    kind = _kind(body)
    repo = access.named_repo(request.db, caller, kind, body.text("fromRepo"))
    access.require_write(caller, repo)
    owner, _, name = body.text("toRepo").partition("/")
    creator_in(request, owner, kind)
    _check_name(name)
    taken = records.find(request.db, kind, f"{owner}/{name}")
    if taken is not None and taken.id != repo.id:
        raise HubError(409, f"{taken.full_name} exists already", url=f"{request.origin}{taken.page}")
    records.rename(request.db, repo, owner=namespace(request, owner), name=name)
    return Response.json({})


@router.route("DELETE", "/api/repos/delete")
def delete(request: Request) -> Response:
    body, caller = request.json(), required_caller(request)
    owner = body.text("organization", "") or caller.person.handle
    repo = access.named_repo(request.db, caller, _kind(body), f"{owner}/{body.text('name')}")
    access.require_write(caller, repo)
    deleting.delete(request.db, repo, pace=request.hub.config.pace)
    return Response.text("OK")


@router.route("PUT", "/api/{kind}/{owner}/{name}/settings")
def change_settings(request: Request) -> Response:
    repo, body = access.writable_repo(request), request.json()
    gated = body.values.get("gated", repo.gated) or ""
    if gated not in {"", "auto", "manual"}:
        raise FieldError('"gated" must be "auto", "manual" or false')
    visibility = _visibility(body, repo.kind, repo.visibility)
    records.change_settings(request.db, repo, visibility=visibility, gated=str(gated))
    return Response.json(
        {"private": visibility == "private", "visibility": visibility, "gated": gated or False}
    )


def _new_repo(
    request: Request, body: Fields, caller: Caller, *, kind: str, sdk: str, owner: str, name: str
) -> Repo:
    """The repository a body asks for, after every check but that of the name being free."""
    creator_in(request, owner, kind)
    _check_name(name)
    if kind == "space":
        _check_sdk(request, sdk, owner)
    now = stamp()
    return Repo(
        id=object_id(),
        kind=kind,
        owner=namespace(request, owner),
        name=name,
        visibility=_visibility(body, kind, "public"),
        gated="",
        sdk=sdk if kind == "space" else "",
        creator=caller.person.handle,
        created_at=now,
        modified_at=now,
        resource_group=body.text("resourceGroupId", ""),
        region=body.text("region", ""),
    )


def _check_sdk(request: Request, sdk: str, owner: str) -> None:
    if sdk not in cards.SDKS:
        raise FieldError(f'"sdk" must be one of {", ".join(sorted(cards.SDKS))}')
    if sdk != "static" and not has_paid_plan(request, owner):
        raise HubError(
            402, f"A {sdk} Space needs a PRO account or an organization with a Team or Enterprise plan"
        )


def _save(request: Request, repo: Repo, taken: str) -> None:
    try:
        records.save(request.db, repo)
    except sqlite3.IntegrityError as error:
        raise HubError(409, taken, url=f"{request.origin}{repo.page}") from error


def _first_commit(request: Request, repo: Repo, *, author: str) -> None:
    files = {".gitattributes": lfs_rules.GITATTRIBUTES}
    if repo.kind == "space":
        files["README.md"] = (
            f"---\ntitle: {repo.name}\nemoji: 🐠\ncolorFrom: blue\ncolorTo: green\nsdk: {repo.sdk}\n---\n"
        )
    tree = {
        path: history.regular(text.encode(), request.hub.blobs.add(text.encode()))
        for path, text in files.items()
    }
    history.append(request.db, repo, "main", tree, title="initial commit", message="", author=author)


def _furnish(request: Request, repo: Repo, wanted: settings.Wanted) -> None:
    runtime.create(
        request.db, repo, hardware=wanted.hardware, sleep_time=wanted.sleep_time, volumes=wanted.volumes
    )
    for secret in wanted.secrets:
        settings.set_secret(request.db, repo, secret)
    for variable in wanted.variables:
        settings.set_variable(request.db, repo, variable)
    runtime.build(request.db, repo, pace=request.hub.config.pace)


def _kind(body: Fields) -> str:
    kind = body.text("type", "model")
    if kind not in records.KINDS.values():
        raise FieldError('"type" must be one of model, dataset, space')
    return kind


def _visibility(body: Fields, kind: str, default: str) -> str:
    default = "private" if body.flag("private") else default
    visibility = body.text("visibility", default)
    if visibility not in VISIBILITIES or (visibility == "protected" and kind != "space"):
        raise FieldError('"visibility" must be public or private; a Space may also be protected')
    return visibility


def _check_name(name: str) -> None:
    if not records.is_name(name):
        raise FieldError(
            "The name may have up to 96 letters, digits, '-', '_' and '.', without '--' or '..';"
            " it must not begin or end with '-' or '.'"
        )
