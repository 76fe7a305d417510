"""`/oauth/authorize`: the page on which one picks a person, and what follows from it.

A wrong client or return address is told to the person and goes nowhere; everything else goes back to the client as an
`error`. PKCE with S256 is required.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from dibt.sandbox import directory
from dibt.sandbox.config import origin_of
from dibt.sandbox.pages import layout, picking
from dibt.sandbox.routing import Router
from dibt.sandbox.signin import grants
from dibt.sandbox.signin.claims import SCOPES
from dibt.sandbox.wire import Request, Response

CARRIED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)

router = Router()


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request with a client and a return address that are right."""

    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    error: str

    def back(self, **answer: str) -> Response:
        """Send the browser back to the client with an answer; `state` goes along."""
        joined = "&" if urlsplit(self.redirect_uri).query else "?"
        query = urlencode(answer | ({"state": self.state} if self.state else {}))
        return Response(
            303, b"", {"Location": f"{self.redirect_uri}{joined}{query}", "Cache-Control": "no-store"}
        )


@router.route("GET", "/oauth/authorize")
def ask(request: Request) -> Response:
    given = {name: request.first(name) for name in CARRIED}
    asked = _read(request, given)
    if isinstance(asked, Response):
        return asked
    if asked.error:
        return asked.back(error=asked.error)
    people = [person for person in directory.everybody(request.db) if person.hint]
    main = picking.form(request, people, asked.scope.split(), given, origin_of(asked.redirect_uri))
    return layout.page(request, "Pick who you are", main, form_action=origin_of(asked.redirect_uri))


@router.route("POST", "/oauth/authorize")
def decide(request: Request) -> Response:
    form = {name: values[0] for name, values in request.form().items()}
    asked = _read(request, {name: form.get(name, "") for name in CARRIED})
    if isinstance(asked, Response):
        return asked
    if asked.error:
        return asked.back(error=asked.error)
    person = directory.by_handle(request.db, form.get("person", ""))
    if person is None or not person.hint:
        return asked.back(error="access_denied", error_description="The person did not agree.")
    grant = grants.Grant(person.sub, asked.scope, asked.redirect_uri, asked.challenge, asked.nonce)
    return asked.back(code=grants.issue_code(request.db, grant))


def _read(request: Request, given: Mapping[str, str]) -> Asked | Response:
    """What is asked, or a page that says why nothing can be."""
    config = request.hub.config
    if given["client_id"] != config.client_id:
        return _dead_end(request, "The application that sent you is not registered here.")
    if not config.may_return_to(given["redirect_uri"]):
        return _dead_end(
            request, "The application that sent you wants to return to an address that is not registered."
        )
    scope = given["scope"] or "openid profile"
    return Asked(
        given["redirect_uri"],
        scope,
        given["state"],
        given["nonce"],
        given["code_challenge"],
        _error(given, scope),
    )


def _error(given: Mapping[str, str], scope: str) -> str:
    if given["response_type"] != "code":
        return "unsupported_response_type"
    if not set(scope.split()) <= set(SCOPES):
        return "invalid_scope"
    if given["code_challenge_method"] != "S256" or len(given["code_challenge"]) != 43:
        return "invalid_request"
    return ""


def _dead_end(request: Request, words: str) -> Response:
    return layout.page(request, "Sign-in cannot begin", f"<p>{words} Go back and try again.</p>", status=400)
