"""The address of the app in a Space.

On the Hub an app lives at `owner-name.hf.space`; here below `/apps/owner-name`, on the sandbox's own port. It answers
the two health addresses of an annotation server while the Space is up, and a short page otherwise. A visit wakes a
Space that sleeps.
"""

from html import escape

from dibt.sandbox.pages import layout
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import runtime
from dibt.sandbox.wire import HubError, Request, Response

VERSION = "2.8.0"

router = Router()


def address(request: Request, repo: Repo) -> str:
    """Where the app is: what `host` of a Space answers."""
    return f"{request.origin}/apps/{runtime.subdomain(repo)}"


@router.route("GET", "/apps/{subdomain}/api/v1/version")
@router.route("GET", "/apps/{subdomain}/api/v1/status")
def health(request: Request) -> Response:
    _, stage = _visit(request)
    if stage not in runtime.UP:
        # Returned, not raised: a refusal would undo the waking.
        return HubError(503, f"The Space is {stage}").response()
    return Response.json({"version": VERSION})


@router.route("GET", "/apps/{subdomain}")
@router.route("GET", "/apps/{subdomain}/")
def app(request: Request) -> Response:
    repo, stage = _visit(request)
    up = stage in runtime.UP
    words = (
        "It is up. The sandbox runs no app inside; its health answers below /api/v1/."
        if up
        else "It is not up."
    )
    main = f"<p>{escape(words)}</p><p><a href='{escape(repo.page)}'>The Space’s page</a></p>"
    return layout.page(request, f"{repo.name}: {stage}", main, status=200 if up else 503)


def _visit(request: Request) -> tuple[Repo, str]:
    wanted, pace = request.params["subdomain"].lower(), request.hub.config.pace
    for repo in records.everything(request.db, "space"):
        if runtime.subdomain(repo) == wanted:
            stage = runtime.of(request.db, repo, pace=pace).stage
            if stage == "SLEEPING":
                runtime.restart(request.db, repo, factory=False, pace=pace)
            return repo, stage
    raise HubError(404, "There is no Space at this address")
