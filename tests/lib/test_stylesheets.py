"""What keeps pages right in every script and under the content policy, read off the files themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from dibt.lib.styles import SHEETS

STATIC = Path(settings.BASE_DIR) / "dibt/static/dibt"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# `max-width` and its kin stay in media queries, where there is no logical spelling.
PHYSICAL = re.compile(
    r"""(?:^|[;{\s])(
        (?:margin|padding|border|scroll-(?:margin|padding))-(?:left|right|top|bottom)
        | left | right | top | bottom | (?:min-|max-)?(?:width|height) | float | clear
    )\s*:(?=[^;}]*[;}])
    | text-align:\s*(?:left|right)""",
    re.VERBOSE,
)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("css/*.css")), ids=name)
def test_layout_follows_the_line_of_reading_and_not_left_and_right(sheet: Path):
    rules = re.sub(r"@media[^{]*", "", COMMENT.sub("", sheet.read_text()))

    assert [found.group(0).strip() for found in PHYSICAL.finditer(rules)] == []


def test_colours_have_one_home():
    homes = {
        sheet.name
        for sheet in STATIC.glob("css/*.css")
        if re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch)\(", COMMENT.sub("", sheet.read_text()))
    }

    assert homes == {"tokens.css"}


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("css/*.css")), ids=name)
def test_every_token_that_is_used_exists(sheet: Path):
    known = set(re.findall(r"(--[\w-]+)\s*:", "".join(path.read_text() for path in STATIC.glob("css/*.css"))))

    assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text())) <= known


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("css/*.css")), ids=name)
def test_every_style_sheet_is_loaded_by_every_page(sheet: Path):
    assert sheet.stem in SHEETS


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=name)
def test_no_template_has_styles_or_scripts_that_the_content_policy_would_stop(template: Path):
    source = template.read_text()

    assert re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\shx-on", source) == []
    assert re.findall(r"<script(?![^>]*\s(?:src|type=\"application/json\"))[^>]*>", source) == []
