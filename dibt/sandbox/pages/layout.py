"""The frame of every page. All text passed in as `main` is markup and must have been escaped by its maker."""

from html import escape
from pathlib import Path

from dibt.sandbox.config import origin_of
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import Request, Response

STYLESHEET = Path(__file__).with_name("sandbox.css")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Sandbox Hub</title>
<link rel="stylesheet" href="/sandbox.css">
<link rel="icon" href="/avatars/sandbox.svg" type="image/svg+xml">
</head>
<body>
<header class="bar">
<a class="mark" href="/"><img src="/avatars/sandbox.svg" alt="" width="28" height="28"> Sandbox Hub</a>
<span class="note">Everybody and everything here is made up</span>{site}</header>
<main>
<h1>{title}</h1>
{main}
</main>
</body>
</html>
"""

router = Router()


def page(request: Request, title: str, main: str, *, status: int = 200, form_action: str = "") -> Response:
    """A page; `form_action` is an origin to which a form on it may lead in the end."""
    site = request.hub.config.site
    link = f'<a class="site" href="{escape(site)}">To the platform</a>' if site else ""
    targets = " ".join(sorted({"'self'", form_action, origin_of(site) if site else ""} - {""}))
    policy = f"{POLICY}; form-action {targets}"
    content = DOCUMENT.format(title=escape(title), main=main, site=link)
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Response.text(content, status=status, kind="text/html", headers=headers)


def link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def listing(items: list[str], *, empty: str) -> str:
    """A list of markup, or a sentence where there is nothing."""
    return (
        f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
        if items
        else f"<p class='quiet'>{escape(empty)}</p>"
    )


@router.route("GET", "/sandbox.css")
def stylesheet(_request: Request) -> Response:
    return Response.text(STYLESHEET.read_text(), kind="text/css", headers={"Cache-Control": "max-age=300"})
