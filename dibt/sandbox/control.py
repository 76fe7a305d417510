"""`/_sandbox/…`: what a test or a developer tells the sandbox. The real Hub has none of it.

Writes want `Content-Type: application/json`, which a page of another site cannot send here.
"""

import sqlite3

from dibt.sandbox import actions, directory
from dibt.sandbox.faults import Fault
from dibt.sandbox.fields import FieldError
from dibt.sandbox.identifiers import stamp
from dibt.sandbox.limits import Rule
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import boots, runtime
from dibt.sandbox.wire import HubError, Request, Response

router = Router()


@router.route("GET", "/_sandbox/health")
def health(request: Request) -> Response:
    request.db.execute("SELECT 1")
    return Response.json({"status": "ok"})


@router.route("POST", "/_sandbox/faults")
def add_fault(request: Request) -> Response:
    _wants_json(request)
    request.hub.faults.add(Fault.from_json(request.json()))
    return Response.json({}, status=201)


@router.route("GET", "/_sandbox/faults")
def list_faults(request: Request) -> Response:
    pending = request.hub.faults.pending()
    return Response.json(
        [
            {"kind": fault.kind, "method": fault.method, "path": fault.path, "times": left}
            for fault, left in pending
        ]
    )


@router.route("DELETE", "/_sandbox/faults")
def clear_faults(request: Request) -> Response:
    request.hub.faults.clear()
    return Response.json({})


@router.route("GET", "/_sandbox/requests")
def list_requests(request: Request) -> Response:
    return Response.json([entry.as_json() for entry in request.hub.journal.entries()])


@router.route("DELETE", "/_sandbox/requests")
def clear_requests(request: Request) -> Response:
    request.hub.journal.clear()
    return Response.json({})


@router.route("GET", "/_sandbox/limits")
def get_limits(request: Request) -> Response:
    return _limits(request)


@router.route("POST", "/_sandbox/limits")
def set_limits(request: Request) -> Response:
    """Body: any of `quota` and `window` (seconds), and `actions`, where null takes an action's quota away."""
    _wants_json(request)
    limits, wanted = request.hub.limits, request.json()
    rule = Rule(
        wanted.number("quota") if wanted.has("quota") else limits.rule.quota,
        wanted.number("window") if wanted.has("window") else limits.rule.window,
    )
    per_hour = wanted.mapping("actions")
    quotas = {name: per_hour.number(name) if per_hour.has(name) else None for name in per_hour.values}
    if rule.quota < 1 or rule.window < 1 or not actions.ACTIONS.keys() >= quotas.keys():
        raise FieldError(f'"quota" and "window" are 1 or more, "actions" are of {", ".join(actions.ACTIONS)}')
    limits.set(rule)
    for action, quota in quotas.items():
        limits.set_action(action, per_hour=quota)
    return _limits(request)


@router.route("DELETE", "/_sandbox/limits")
def reset_limits(request: Request) -> Response:
    """As at the start, with nothing used."""
    request.hub.limits.reset()
    return _limits(request)


@router.route("POST", "/_sandbox/spaces/{owner}/{name}/stage")
def force_stage(request: Request) -> Response:
    """Body: `stage`, `errorMessage`, and `sticky` to keep it through restarts. The next restart ends it otherwise."""
    _wants_json(request)
    wanted = request.json()
    repo = _space(request)
    if wanted.text("stage") not in runtime.STAGES:
        raise FieldError(f'"stage" must be one of {", ".join(sorted(runtime.STAGES))}')
    runtime.force(
        request.db,
        repo,
        wanted.text("stage"),
        error_message=wanted.text("errorMessage", ""),
        sticky=wanted.flag("sticky"),
        pace=request.hub.config.pace,
    )
    return Response.json({})


@router.route("POST", "/_sandbox/spaces/{owner}/{name}/sleep")
def let_sleep(request: Request) -> Response:
    """As if nobody had visited for the Space's sleep time; 409 if it is not running, or never sleeps."""
    _wants_json(request)
    try:
        runtime.fall_asleep(request.db, _space(request), pace=request.hub.config.pace)
    except ValueError as error:
        raise HubError(409, str(error)) from error
    return Response.json({})


@router.route("GET", "/_sandbox/spaces/{owner}/{name}/starts")
def starts(request: Request) -> Response:
    """What led to each start of a Space, and when, oldest first."""
    found = boots.every(request.db, _space(request))
    return Response.json([{"cause": boot.cause, "at": stamp(boot.at)} for boot in found])


@router.route("POST", "/_sandbox/people/{handle}")
def change_person(request: Request) -> Response:
    """Body: any of `handle`, `fullname`, `hint`, `isPro`, `memberships`. An unknown handle is a new person."""
    _wants_json(request)
    try:
        person = directory.change(request.db, request.params["handle"], request.json())
    except sqlite3.IntegrityError as error:
        raise HubError(409, "That handle is somebody else's") from error
    return Response.json(
        {"sub": person.sub, "handle": person.handle, "memberships": dict(person.memberships)}
    )


def _space(request: Request) -> Repo:
    repo = records.find(request.db, "space", f"{request.params['owner']}/{request.params['name']}")
    if repo is None:
        raise HubError(404, "There is no such Space")
    return repo


def _wants_json(request: Request) -> None:
    if request.headers.get_content_type() != "application/json":
        raise HubError(415, "Send application/json")


def _limits(request: Request) -> Response:
    limits = request.hub.limits
    return Response.json(
        {"quota": limits.rule.quota, "window": limits.rule.window, "actions": limits.per_hour}
    )
