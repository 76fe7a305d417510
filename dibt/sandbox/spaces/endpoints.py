"""The runtime of a Space over HTTP: hardware, sleep time, volumes, pause, restart, logs, templates."""

from dibt.sandbox.fields import FieldError
from dibt.sandbox.repos import access
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import hardware, logs, runtime, settings, template
from dibt.sandbox.wire import HubError, Request, Response

SPACE = "/api/spaces/{owner}/{name}"

router = Router()


@router.route("GET", "/api/spaces/hardware")
def hardware_list(_request: Request) -> Response:
    return Response.json([flavor.as_json() for flavor in hardware.FLAVORS.values()])


@router.route("GET", "/api/spaces/templates")
def templates(_request: Request) -> Response:
    return Response.json({"templates": template.as_json()})


@router.route("GET", f"{SPACE}/runtime")
def get_runtime(request: Request) -> Response:
    return _runtime(request, _space(request))


@router.route("POST", f"{SPACE}/hardware")
def set_hardware(request: Request) -> Response:
    repo, body, pace = _running_space(request), request.json(), request.hub.config.pace
    flavor = hardware.known(body.text("flavor"))
    sleep_time = body.number("sleepTimeSeconds") if body.has("sleepTimeSeconds") else None
    if sleep_time is not None and flavor == hardware.FREE:
        raise _fixed_sleep_time()
    runtime.set_hardware(request.db, repo, hardware=flavor, sleep_time=sleep_time, pace=pace)
    runtime.changed(request.db, repo, cause="hardware", pace=pace)
    return _runtime(request, repo)


@router.route("POST", f"{SPACE}/sleeptime")
def set_sleep_time(request: Request) -> Response:
    repo, seconds = _running_space(request), request.json().number("seconds")
    if runtime.of(request.db, repo, pace=request.hub.config.pace).requested == hardware.FREE:
        raise _fixed_sleep_time()
    if seconds < -1 or seconds == 0:
        raise FieldError('"seconds" must be positive, or -1 for never')
    runtime.set_sleep_time(request.db, repo, seconds)
    return _runtime(request, repo)


@router.route("PUT", f"{SPACE}/volumes")
def set_volumes(request: Request) -> Response:
    repo, wanted = _running_space(request), settings.volumes(request.json())
    if not wanted:
        raise FieldError('"volumes" must name at least one volume')
    runtime.set_volumes(request.db, repo, wanted)
    runtime.changed(request.db, repo, cause="volumes", pace=request.hub.config.pace)
    return _runtime(request, repo)


@router.route("DELETE", f"{SPACE}/volumes")
def delete_volumes(request: Request) -> Response:
    repo, pace = _running_space(request), request.hub.config.pace
    if not runtime.of(request.db, repo, pace=pace).volumes:
        raise HubError(400, "This Space has no volumes")
    runtime.set_volumes(request.db, repo, [])
    runtime.changed(request.db, repo, cause="volumes", pace=pace)
    return _runtime(request, repo)


@router.route("POST", f"{SPACE}/pause")
def pause(request: Request) -> Response:
    repo = _running_space(request)
    runtime.pause(request.db, repo, pace=request.hub.config.pace)
    return _runtime(request, repo)


@router.route("POST", f"{SPACE}/restart")
def restart(request: Request) -> Response:
    repo, factory = _running_space(request), request.asks("factory")
    cause = "factory reboot" if factory else "restart"
    runtime.restart(request.db, repo, cause=cause, factory=factory, pace=request.hub.config.pace)
    return _runtime(request, repo)


@router.route("GET", f"{SPACE}/logs/{{which}}")
def log(request: Request) -> Response:
    """Server-sent events, one per line of the log, and then the end: nothing is written while somebody reads."""
    repo, which = _space(request, write=True), request.params["which"]
    if which not in {"build", "run"}:
        raise HubError(404, "Sorry, we can't find the page you are looking for.")
    lines = logs.build(request, repo) if which == "build" else logs.run(request, repo)
    return Response.text(logs.events(lines), kind="text/event-stream")


def _space(request: Request, *, write: bool = False) -> Repo:
    request.params["kind"] = "spaces"
    return access.writable_repo(request) if write else access.readable_repo(request)


def _running_space(request: Request) -> Repo:
    repo = _space(request, write=True)
    if repo.sdk == "static":
        raise HubError(400, "A static Space has no runtime")
    return repo


def _runtime(request: Request, repo: Repo) -> Response:
    return Response.json(runtime.as_json(request.db, repo, pace=request.hub.config.pace))


def _fixed_sleep_time() -> HubError:
    return HubError(400, "The sleep time of cpu-basic is fixed at 48 hours: ask for other hardware first")
