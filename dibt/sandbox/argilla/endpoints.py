"""The app's HTTP API below `/apps/{subdomain}/api/v1`: is it up, who am I, which workspaces are there."""

from dibt.sandbox.argilla import answers, disks, signin, users
from dibt.sandbox.argilla.answers import RefusalError
from dibt.sandbox.argilla.app import API, App, answering, caller
from dibt.sandbox.argilla.disks import Workspace
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import Request, Response

VERSION = "2.8.0"
MEMORY = {"rss": "262M", "vms": "1G", "shared": "79M", "text": "4K", "lib": "0B", "data": "1G", "dirty": "0B"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

router = Router()
router.include(users.router)


@router.route("GET", f"{API}/version")
@answering
def version(_request: Request, _app: App) -> Response:
    return Response.json({"version": VERSION})


@router.route("GET", f"{API}/status")
@answering
def status(_request: Request, _app: App) -> Response:
    engine = {"cluster_name": "docker-cluster", "tagline": "You Know, for Search"}
    return Response.json({"version": VERSION, "search_engine": engine, "memory": MEMORY})


@router.route("GET", f"{API}/oauth2/providers")
@answering
def providers(_request: Request, app: App) -> Response:
    """What the file says, as in Argilla; whether the Hub lends a client is seen by following the sign-in."""
    return Response.json({"items": [{"name": name} for name in app.sign_in.providers]})


@router.route("GET", f"{API}/oauth2/providers/{{provider}}/authentication")
@answering
def authentication(request: Request, app: App) -> Response:
    provider = request.params["provider"]
    if provider not in app.sign_in.providers:
        raise RefusalError(404, f"OAuth Provider '{provider}' not found")
    return signin.to_the_hub(request, app.sign_in)


@router.route("GET", f"{API}/me/workspaces")
@answering
def workspaces(request: Request, app: App) -> Response:
    """All of them: the only user with a key is the owner. There is no `GET /workspaces`."""
    caller(request, app)
    return Response.json({"items": [_as_json(workspace) for workspace in app.disk.workspaces]})


@router.route("POST", f"{API}/workspaces")
@answering
def create_workspace(request: Request, app: App) -> Response:
    """Body: `name`, and `id` for who wants to choose it."""
    caller(request, app)
    fields = answers.body(request.body)
    wanted = fields.get("id")
    chosen = "" if wanted is None else answers.identifier(wanted, ["body", "id"])
    name = answers.text(fields, "name")
    if app.disk.has_workspace_named(name):
        raise RefusalError(409, f"Workspace name `{name}` is not unique")
    if app.disk.workspace(chosen) is not None:
        raise RefusalError(409, f"Workspace with id `{chosen}` is not unique")
    made = app.disk.add_workspace(name, workspace_id=chosen)
    disks.save(request.db, app.boot.disk, app.disk)
    return Response.json(_as_json(made), status=201)


@router.route("GET", f"{API}/workspaces/{{workspace}}")
@answering
def workspace(request: Request, app: App) -> Response:
    caller(request, app)
    return Response.json(_as_json(_workspace(request, app)))


@router.route("DELETE", f"{API}/workspaces/{{workspace}}")
@answering
def delete_workspace(request: Request, app: App) -> Response:
    caller(request, app)
    gone = _workspace(request, app)
    app.disk.workspaces.remove(gone)
    disks.save(request.db, app.boot.disk, app.disk)
    return Response.json(_as_json(gone))


@answering
def nowhere(request: Request, _app: App) -> Response:
    """Any other address: the app's own words for it."""
    if router.knows(request.path, but=nowhere):
        raise RefusalError(405, "Method Not Allowed")
    raise RefusalError(404, "Not Found")


for method in METHODS:
    router.route(method, "/apps/{subdomain}/api/{rest*}")(nowhere)


def _workspace(request: Request, app: App) -> Workspace:
    wanted = answers.identifier(request.params["workspace"], ["path", "workspace_id"])
    found = app.disk.workspace(wanted)
    if found is None:
        raise RefusalError(404, f"Workspace with id `{wanted}` not found")
    return found


def _as_json(workspace: Workspace) -> dict[str, object]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "inserted_at": workspace.inserted_at,
        "updated_at": workspace.inserted_at,
    }
