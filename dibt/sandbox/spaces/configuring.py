"""A Space's secrets and variables over HTTP.

Writing one that exists replaces it; deleting one that does not is fine.
"""

from dibt.sandbox.repos import access
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import runtime, settings
from dibt.sandbox.wire import Request, Response

SPACE = "/api/spaces/{owner}/{name}"

router = Router()


@router.route("GET", f"{SPACE}/secrets")
def get_secrets(request: Request) -> Response:
    return Response.json(settings.secrets(request.db, _space(request)))


@router.route("POST", f"{SPACE}/secrets")
def add_secret(request: Request) -> Response:
    repo = _space(request)
    settings.set_secret(request.db, repo, settings.setting(request.json()))
    return _changed(request, repo, {}, what="secret")


@router.route("DELETE", f"{SPACE}/secrets")
def delete_secret(request: Request) -> Response:
    repo = _space(request)
    settings.delete_secret(request.db, repo, settings.key(request.json()))
    return _changed(request, repo, {}, what="secret")


@router.route("GET", f"{SPACE}/variables")
def get_variables(request: Request) -> Response:
    return Response.json(settings.variables(request.db, _space(request)))


@router.route("POST", f"{SPACE}/variables")
def add_variable(request: Request) -> Response:
    repo = _space(request)
    settings.set_variable(request.db, repo, settings.setting(request.json()))
    return _changed(request, repo, settings.variables(request.db, repo), what="variable")


@router.route("DELETE", f"{SPACE}/variables")
def delete_variable(request: Request) -> Response:
    repo = _space(request)
    settings.delete_variable(request.db, repo, settings.key(request.json()))
    return _changed(request, repo, settings.variables(request.db, repo), what="variable")


def _space(request: Request) -> Repo:
    request.params["kind"] = "spaces"
    return access.writable_repo(request)


def _changed(request: Request, repo: Repo, answer: object, *, what: str) -> Response:
    runtime.changed(request.db, repo, cause=what, pace=request.hub.config.pace)
    return Response.json(answer)
