"""The address of the app in a Space, and who gets through to it.

On the Hub an app lives at `owner-name.hf.space`; here below `/apps/owner-name`, on the sandbox's own port. While it is
not up, 503. A visit wakes a Space that sleeps. The app of a private Space is not there for strangers: as the Hub does,
it looks at the bearer token, and the app's own key travels in a header of its own.
"""

import time
from dataclasses import dataclass
from html import escape

from dibt.sandbox.identity import caller_of
from dibt.sandbox.pages import layout
from dibt.sandbox.repos import access, records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import boots, runtime
from dibt.sandbox.spaces.boots import Boot
from dibt.sandbox.spaces.runtime import Runtime
from dibt.sandbox.wire import HubError, Request, Response

router = Router()


@dataclass(frozen=True, slots=True)
class Visit:
    """A Space that was visited: its stage at that moment, and the start whose app answers, if one does."""

    repo: Repo
    stage: str
    boot: Boot | None


def address(request: Request, repo: Repo) -> str:
    """Where the app is: what `host` of a Space answers."""
    return f"{request.origin}/apps/{runtime.subdomain(repo)}"


def is_up(request: Request, now: Runtime) -> bool:
    """Whether the app answers: that of before while a new one is on its way, else once it has had time to start."""
    if now.stage == "RUNNING":
        return time.time() >= now.stage_since + request.hub.config.app_delay
    return now.stage in runtime.UP


def visit(request: Request) -> Visit:
    """Knock at `{subdomain}`; 404 if there is nothing for the caller. Whoever sleeps wakes up."""
    repo, pace = _space(request), request.hub.config.pace
    now = runtime.of(request.db, repo, pace=pace)
    if now.stage == "SLEEPING":
        runtime.restart(request.db, repo, cause="visit", pace=pace)
    if not is_up(request, now):
        return Visit(repo, now.stage, None)
    if boots.last(request.db, repo) is None:  # it was running before starts were noted
        boots.record(request.db, repo, cause="found running", instead_of=0, volumes=now.volumes)
    return Visit(repo, now.stage, runtime.serving(request.db, repo, now.stage))


def not_up(visit: Visit) -> Response:
    """What the Hub answers for an app that does not. It is no exception, as that would undo the waking."""
    return HubError(503, f"The Space is {visit.stage}, and its app does not answer").response()


@router.route("GET", "/apps/{subdomain}")
@router.route("GET", "/apps/{subdomain}/")
def app(request: Request) -> Response:
    found = visit(request)
    words = (
        "It is up. The sandbox runs no annotation interface inside; Argilla's HTTP API answers below /api/v1/."
        if found.boot
        else "It is not up."
    )
    main = f"<p>{escape(words)}</p><p><a href='{escape(found.repo.page)}'>The Space’s page</a></p>"
    return layout.page(request, f"{found.repo.name}: {found.stage}", main, status=200 if found.boot else 503)


def _space(request: Request) -> Repo:
    wanted = request.params["subdomain"].lower()
    for repo in records.everything(request.db, "space"):
        if runtime.subdomain(repo) == wanted and (
            not repo.is_private or access.may_read(caller_of(request), repo)
        ):
            return repo
    raise HubError(404, "There is no Space at this address")
