"""Pictures of people and organisations, drawn from their handle: the same handle, the same picture."""

import hashlib
from html import escape

from dibt.sandbox.identity import namespace
from dibt.sandbox.people import ORGANISATIONS
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import Request, Response

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="12" fill="#6d4fc4"/>'
    '<path d="M10 33c6-5 9-5 14 0s8 5 14 0" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>'
    '<circle cx="24" cy="18" r="7" fill="#ffd21e"/></svg>'
)

router = Router()


@router.route("GET", "/avatars/{file}")
def avatar(request: Request) -> Response:
    handle = request.params["file"].removesuffix(".svg")
    drawing = MARK if handle == "sandbox" else draw(namespace(request, handle))
    return Response.text(drawing, kind="image/svg+xml", headers={"Cache-Control": "max-age=3600"})


def draw(handle: str) -> str:
    """Two letters before two hills: round for a person, square for an organisation."""
    seed = hashlib.sha256(handle.encode()).digest()
    hue, shift = seed[0] * 360 // 256, 40 + seed[1] % 60
    corner = 8 if handle in ORGANISATIONS else 32
    near, far = (f"hsl({(hue + times * shift) % 360} 45% {32 - 6 * (times - 1)}%)" for times in (2, 1))
    left, right = 36 + seed[2] % 14, 44 + seed[3] % 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="{escape(handle)}">'
        f'<clipPath id="c"><rect width="64" height="64" rx="{corner}"/></clipPath><g clip-path="url(#c)">'
        f'<rect width="64" height="64" fill="hsl({hue} 45% 38%)"/>'
        f'<path d="M0 {left} Q16 {left - 14} 32 {left} T64 {left} V64 H0z" fill="{far}"/>'
        f'<path d="M0 {right} Q16 {right + 10} 32 {right} T64 {right} V64 H0z" fill="{near}"/></g>'
        '<text x="32" y="41" text-anchor="middle" font-family="system-ui, sans-serif" font-size="26"'
        f' font-weight="600" fill="#fff">{escape(handle[:2].capitalize())}</text></svg>'
    )
