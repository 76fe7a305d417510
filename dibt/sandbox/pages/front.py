"""The index, a page for every repository, and one for every owner.

There is no sign-in to these pages, so a private repository shows that it is there and how it runs, never what is in it.
"""

from html import escape
from urllib.parse import quote

from dibt.sandbox.files import cards, history
from dibt.sandbox.identity import namespace
from dibt.sandbox.pages.layout import link, listing, page
from dibt.sandbox.people import ORGANISATIONS
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.routing import Router
from dibt.sandbox.spaces import apps, runtime
from dibt.sandbox.wire import HubError, Request, Response

SHOWN = 50_000

router = Router()


@router.route("GET", "/")
def index(request: Request) -> Response:
    organisations = [link(f"/{org.handle}", org.fullname) for org in ORGANISATIONS.values()]
    main = (
        '<p class="lead">A stand-in for the Hugging Face Hub on this machine. Real clients talk to it,'
        " and nothing leaves it.</p>"
        f"<h2>Spaces</h2>{_repos(request, 'space')}<h2>Datasets</h2>{_repos(request, 'dataset')}"
        f"<h2>Organisations</h2>{listing(organisations, empty='None.')}"
    )
    return page(request, "What is here", main)


@router.route("GET", "/favicon.ico")
def favicon(_request: Request) -> Response:
    return Response(303, b"", {"Location": "/avatars/sandbox.svg"})


@router.route("GET", "/{area}/{owner}/{name}")
@router.route("GET", "/{owner}/{name}")
def repository(request: Request) -> Response:
    kind = request.params.get("area", "models").removesuffix("s")
    full_name = f"{request.params['owner']}/{request.params['name']}"
    repo = records.find(request.db, kind, full_name)
    if repo is None:
        moved = records.moved(request.db, kind, full_name)
        return _nowhere(request) if moved is None else Response(307, b"", {"Location": moved.page})
    badges = [
        repo.kind.capitalize(),
        repo.visibility.capitalize(),
        *([f"Gated: {repo.gated}"] if repo.gated else []),
    ]
    parts = [f'<p class="badges">{"".join(f"<span>{escape(badge)}</span>" for badge in badges)}</p>']
    parts += [_stage(request, repo)] if repo.kind == "space" else []
    parts += (
        ["<p class='quiet'>What is in a private repository is for its members.</p>"]
        if repo.is_private
        else _inside(request, repo)
    )
    return page(request, repo.full_name, "".join(parts))


@router.route("GET", "/{owner}")
def owner(request: Request) -> Response:
    try:
        handle = namespace(request, request.params["owner"])
    except HubError:
        return _nowhere(request)
    picture = (
        f'<p><img class="portrait" src="/avatars/{escape(handle)}.svg" alt="" width="96" height="96"></p>'
    )
    spaces, datasets = _repos(request, "space", owner=handle), _repos(request, "dataset", owner=handle)
    return page(request, handle, f"{picture}<h2>Spaces</h2>{spaces}<h2>Datasets</h2>{datasets}")


def _repos(request: Request, kind: str, *, owner: str = "") -> str:
    found = records.everything(request.db, kind, owner=owner)
    return listing(
        [link(repo.page, repo.full_name) for repo in found if not repo.is_private], empty="None yet."
    )


def _stage(request: Request, repo: Repo) -> str:
    now = runtime.of(request.db, repo, pace=request.hub.config.pace)
    error = f"<pre>{escape(now.error_message)}</pre>" if now.error_message else ""
    return (
        f'<dl><dt>Stage</dt><dd><span class="stage">{escape(now.stage)}</span></dd>'
        f"<dt>Hardware</dt><dd>{escape(now.requested)}</dd>"
        f"<dt>App</dt><dd>{link(apps.address(request, repo), 'Open')}</dd></dl>{error}"
    )


def _inside(request: Request, repo: Repo) -> list[str]:
    head = history.find(request.db, repo, "main")
    if head is None:
        return []
    files = [
        f"{link(f'{repo.page}/resolve/main/{quote(path)}', path)} <small>{blob.size:,} bytes</small>"
        for path, blob in sorted(head.tree.items())
    ]
    card = cards.readme_in(head.tree, request.hub.blobs)[:SHOWN]
    tags = listing([escape(tag) for tag in history.refs(request.db, repo, "tag")], empty="No tags.")
    card_shown = f'<pre dir="auto">{escape(card)}</pre>' if card else "<p class='quiet'>No card.</p>"
    return [f"<h2>Files</h2>{listing(files, empty='No files.')}<h2>Tags</h2>{tags}<h2>Card</h2>{card_shown}"]


def _nowhere(request: Request) -> Response:
    return page(request, "Nothing here", "<p>There is nothing at this address.</p>", status=404)
