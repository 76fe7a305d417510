"""Markdown written by people, as HTML that can do no harm.

CommonMark with tables and strikethrough. Raw HTML is shown as text, images become links to them, headings
start two levels below the page's own title, and links carry ``rel="nofollow noopener noreferrer"``.
"""

import re
from collections.abc import Sequence
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LOWEST_HEADING = 6
DEMOTED_BY = 2
# An address with a scheme we know, or a place on this site; "//elsewhere" is neither.
SAFE_LINK = re.compile(r"(https?://|mailto:|#|/(?!/)|[^/:?#]+([/?#]|$))", re.IGNORECASE)


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name markdown-it calls
        return bool(SAFE_LINK.match(url.strip()))


class _Renderer(RendererHTML):
    """HTML for pages that already have a title of their own and vouch for no link."""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        token.tag = f"h{min(int(token.tag[1:]) + DEMOTED_BY, LOWEST_HEADING)}"
        return self.renderToken(tokens, idx, options, env)

    heading_close = heading_open

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].attrSet("rel", "nofollow noopener noreferrer")
        return self.renderToken(tokens, idx, options, env)


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "linkify": False, "breaks": True}, renderer_cls=_Renderer)
    return parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])


def render(text: str) -> SafeString:
    """``text`` as safe HTML blocks; an empty text is an empty string.

    Links to ``http``, ``https``, ``mailto`` and places of this site survive; any other is left as text.
    """
    return mark_safe(str(_parser().render(text)))  # noqa: S308 - the parser escapes what people wrote
