"""The app's users: who asks, what they sign in with by hand, and another password for them."""

import secrets

from dibt.sandbox.argilla import answers, disks
from dibt.sandbox.argilla.answers import RefusalError
from dibt.sandbox.argilla.app import API, App, answering, api_key, caller
from dibt.sandbox.argilla.disks import User
from dibt.sandbox.identity import digest
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import Request, Response

PASSWORD_LENGTH = (8, 100)

router = Router()


@router.route("GET", f"{API}/me")
@answering
def me(request: Request, app: App) -> Response:
    return Response.json(_as_json(caller(request, app), request))


@router.route("POST", f"{API}/token")
@answering
def token(request: Request, app: App) -> Response:
    """Sign in by hand, with a form: `username`, `password`. The token is not taken by anything else here."""
    form = request.form()
    username, password = (form.get(name, [""])[0] for name in ("username", "password"))
    if app.disk.user_signing_in(username, digest(password)) is None:
        raise answers.unauthorized()
    return Response.json({"access_token": secrets.token_urlsafe(32), "token_type": "bearer"}, status=201)


@router.route("PATCH", f"{API}/users/{{user}}")
@answering
def change(request: Request, app: App) -> Response:
    """Body: `password`. The other properties of a user stay as they are here."""
    caller(request, app)
    wanted = answers.identifier(request.params["user"], ["path", "user_id"])
    user = next((user for user in app.disk.users if user.id == wanted), None)
    if user is None:
        raise RefusalError(404, f"User with id `{wanted}` not found")
    fields = answers.body(request.body)
    if "password" in fields:
        user.password = digest(answers.text(fields, "password", length=PASSWORD_LENGTH))
        disks.save(request.db, app.boot.disk, app.disk)
    return Response.json(_as_json(user, request))


def _as_json(user: User, request: Request) -> dict[str, object]:
    """The server keeps keys in clear and tells them; here one that is known at all comes from the caller."""
    key = api_key(request)
    return {
        "id": user.id,
        "first_name": user.username,
        "last_name": None,
        "username": user.username,
        "role": "owner",
        "api_key": key if user.api_key == digest(key) else "",
        "inserted_at": user.inserted_at,
        "updated_at": user.inserted_at,
    }
