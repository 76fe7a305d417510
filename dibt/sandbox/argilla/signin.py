"""Sign-in to the app through the Hub, as far as its beginning.

The file `.oauth.yaml` of the Space says which providers there are and which workspaces they open; the client they use
is lent by the Hub to a Space whose card says `hf_oauth: true`. Without it Argilla sends people to the Hub all the same,
as client `None`.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import yaml

from dibt.sandbox.files import cards, history
from dibt.sandbox.files.history import Tree
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import apps
from dibt.sandbox.spaces.boots import Boot
from dibt.sandbox.wire import Request, Response

FILE = ".oauth.yaml"
NO_CLIENT = "None"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people may come in; `host` is the app's own address."""

    host: str
    providers: tuple[str, ...]
    workspaces: tuple[str, ...]
    client_id: str


def of(request: Request, repo: Repo, boot: Boot) -> SignIn:
    """The sign-in of an app since this start."""
    commit = history.find(request.db, repo, boot.commit) if boot.commit else None
    tree: Tree = {} if commit is None else commit.tree
    wanted = _file(request, tree)
    lent = cards.data_in(tree, request.hub.blobs).get("hf_oauth") is True
    return SignIn(
        host=apps.address(request, repo),
        providers=_names(wanted.get("providers")),
        workspaces=_names(wanted.get("allowed_workspaces")),
        client_id=f"space-{repo.id}" if lent else NO_CLIENT,
    )


def to_the_hub(request: Request, sign_in: SignIn) -> Response:
    """Send a browser to the Hub's sign-in."""
    state = secrets.token_hex(16)
    query = {
        "response_type": "code",
        "client_id": sign_in.client_id,
        "redirect_uri": f"{sign_in.host.replace('http://', 'https://', 1)}/oauth/huggingface/callback",
        "scope": "openid profile",
        "state": state,
    }
    cookie = f"huggingface_oauth2_state={state}; HttpOnly; Max-Age=90; Path=/; SameSite=none; Secure"
    headers = {"Location": f"{request.origin}/oauth/authorize?{urlencode(query)}", "Set-Cookie": cookie}
    return Response(303, b"", headers)


def _file(request: Request, tree: Tree) -> dict[object, object]:
    blob = tree.get(FILE)
    if blob is None:
        return {}
    try:
        content: object = yaml.safe_load(request.hub.blobs.read(blob.sha256))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _names(items: object) -> tuple[str, ...]:
    """The `name` of each item of a list."""
    found = items if isinstance(items, list) else []
    return tuple(str(item["name"]) for item in found if isinstance(item, dict) and "name" in item)
