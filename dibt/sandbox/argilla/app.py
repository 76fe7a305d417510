"""The app that answers below `/apps/{subdomain}`: one start of a Space, and who asks it."""

from collections.abc import Callable
from dataclasses import dataclass

from dibt.sandbox.argilla import answers, disks, signin
from dibt.sandbox.argilla.answers import RefusalError
from dibt.sandbox.argilla.disks import Disk, User
from dibt.sandbox.identity import digest
from dibt.sandbox.routing import Handler
from dibt.sandbox.spaces import apps
from dibt.sandbox.spaces.boots import Boot
from dibt.sandbox.wire import Request, Response

API = "/apps/{subdomain}/api/v1"


@dataclass(frozen=True, slots=True)
class App:
    """The app that answers: the start it runs since, its sign-in, and what is on its disk."""

    boot: Boot
    sign_in: signin.SignIn
    disk: Disk


def answering(answer: Callable[[Request, App], Response]) -> Handler:
    """A handler that is asked only while the app is up."""

    def handler(request: Request) -> Response:
        visit = apps.visit(request)
        if visit.boot is None:
            return apps.not_up(visit)
        sign_in = signin.of(request, visit.repo, visit.boot)
        disk = disks.start(request.db, visit.repo, visit.boot, workspaces=sign_in.workspaces)
        try:
            return answer(request, App(visit.boot, sign_in, disk))
        except RefusalError as error:
            return error.response

    return handler


def api_key(request: Request) -> str:
    return request.headers.get("X-Argilla-Api-Key") or ""


def caller(request: Request, app: App) -> User:
    """Whose key came with the request."""
    user = app.disk.user_of(digest(api_key(request)))
    if user is None:
        raise answers.unauthorized()
    return user
