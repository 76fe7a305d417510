"""Text can be read on every ground it stands on, by daylight and in the dark.

Contrast is that of WCAG 2.2 (success criteria 1.4.3 and 1.4.11); OKLCH is turned into sRGB as in CSS Color 4.
"""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "dibt/static/dibt/css/tokens.css"
TEXT, SHAPE = 4.5, 3.0
SCHEMES = ("light", "dark")

GROUNDS = ("canvas", "surface", "surface-sunken")
MARKS = tuple(f"mark-{number}" for number in range(1, 9))
TONES = ("accent", "good", "warn", "bad", "note")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent-text", "bad-text") for ground in GROUNDS),
    *((f"{tone}-text", f"{tone}-soft") for tone in TONES),
    *(("ink", f"{tone}-soft") for tone in (*TONES, "yellow")),
    *(("ink-soft", f"{tone}-soft") for tone in (*TONES, "yellow")),
    *(("on-accent", ground) for ground in ("accent", "accent-deep", "bad", "bad-deep")),
    *(("ink", f"{mark}-soft") for mark in MARKS),
    *(("surface", mark) for mark in MARKS),
    ("on-yellow", "yellow-soft"),
    ("on-bright", "yellow"),
]
SHAPE_PAIRS = [
    *(("line-strong", ground) for ground in ("canvas", "surface")),
    *(("focus", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in ("canvas", "surface")),
    *((tone, "surface") for tone in ("good", "bad", "note")),
    *((mark, "surface") for mark in MARKS),
]

Colour = tuple[float, float, float]


def tokens() -> dict[str, dict[str, Colour]]:
    """Token name → scheme → linear sRGB."""
    pair = re.compile(r"--([\w-]+): light-dark\(oklch\(([^)/]+)\), oklch\(([^)/]+)\)\);")
    return {
        name: {"light": linear(light), "dark": linear(dark)}
        for name, light, dark in pair.findall(TOKENS.read_text())
    }


def linear(oklch: str) -> Colour:
    """``L C H`` as linear sRGB, clipped to what a screen can show."""
    lightness, chroma, hue = map(float, oklch.split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1)


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other))
    return (light + 0.05) / (dark + 0.05)


def too_weak(pairs: list[tuple[str, str]], least: float, scheme: str) -> dict[tuple[str, str], float]:
    colours = tokens()
    found = {
        (front, ground): contrast(colours[front][scheme], colours[ground][scheme]) for front, ground in pairs
    }
    return {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < least}


def test_black_on_white_has_the_contrast_that_wcag_says():
    assert round(contrast(linear("0 0 0"), linear("1 0 0")), 1) == 21.0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_from_its_ground(scheme: str):
    assert too_weak(TEXT_PAIRS, TEXT, scheme) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_borders_of_controls_and_the_focus_ring_stand_out(scheme: str):
    assert too_weak(SHAPE_PAIRS, SHAPE, scheme) == {}
