"""Guidelines are written by strangers: what they write is shown, and can do nothing."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from dibt.lib.markdown import render

HARMLESS_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"),
    *("s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
HARMLESS_ATTRIBUTES = {"href", "rel", "title", "class", "start"}

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick='x'>b</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//elsewhere.example)",
    "[x](\\\\elsewhere.example)",
    "<javascript:alert(1)>",
    '[x](http://a "onmouseover=alert(1) \\" style=x")',
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://elsewhere.example/pixel.png)",
    "```<script>\nalert(1)\n```",
    "<iframe src=//x></iframe>\n\n<style>*{}</style>",
    "<!-- --><svg/onload=alert(1)>",
]


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_written_only_harmless_tags_and_links_come_out(attack: str):
    seen = Seen(render(attack))

    assert {tag for tag, _ in seen.tags} <= HARMLESS_TAGS
    assert {name for _, attributes in seen.tags for name in attributes} <= HARMLESS_ATTRIBUTES
    links = [attributes["href"] or "" for tag, attributes in seen.tags if tag == "a"]
    assert {urlsplit(link).scheme for link in links} <= {"http", "https", ""}
    assert not any(link.startswith(("//", "\\", "/\\")) for link in links)


def test_html_is_shown_as_it_was_typed():
    assert render("1 < 2 & <b>") == "<p>1 &lt; 2 &amp; &lt;b&gt;</p>\n"


@pytest.mark.parametrize(
    "address", ["https://a.example/b?c=d", "mailto:a@b.example", "/projects/", "#rules", "next"]
)
def test_links_to_the_web_and_to_this_site_work_and_vouch_for_nothing(address: str):
    expected = f'<p><a href="{address}" rel="nofollow noopener noreferrer">x</a></p>\n'

    assert render(f"[x]({address})") == expected


def test_an_image_becomes_a_link_since_looking_at_it_would_tell_its_owner_who_reads():
    assert [tag for tag, _ in Seen(render("![x](https://a.example/x.png)")).tags] == ["p", "a"]


def test_headings_start_below_those_of_the_page():
    html = render("# one\n\n## two\n\n###### six")

    assert html == "<h3>one</h3>\n<h4>two</h4>\n<h6>six</h6>\n"


def test_tables_and_strikethrough_are_understood():
    tags = [tag for tag, _ in Seen(render("|a|\n|-|\n|~~b~~|")).tags]

    assert tags == ["table", "thead", "tr", "th", "tbody", "tr", "td", "s"]


def test_nothing_is_nothing():
    assert render("") == ""
