import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibt.lib.text import (
    bidi_controls,
    content_hash,
    control_character,
    direction,
    excerpt,
    unstorable_character,
)


@pytest.mark.parametrize(
    ("text", "control", "unstorable"),
    [
        ("tab\tline\r\nend", None, None),
        ("ZWJ 👩\u200d🌾 ZWNJ می\u200cروم", None, None),
        ("bell\x07", "U+0007", None),
        ("nul\0", "U+0000", "U+0000"),
        ("half \ud83d", "U+D83D", "U+D83D"),
    ],
)
def test_characters_that_are_no_text_are_named(text, control, unstorable):
    assert (control_character(text), unstorable_character(text)) == (control, unstorable)


def test_only_characters_that_force_a_direction_are_counted():
    assert bidi_controls("\u202eabc\u202c \u2066x\u2069") == 4
    assert bidi_controls("\u200e\u200f\u061c\u200d\u200c") == 0


def test_the_same_text_in_one_and_in_two_code_points_is_the_same_content():
    assert content_hash({"text": "\u00e9"}) == content_hash({"text": "e\u0301"})


def test_the_order_of_keys_does_not_matter_but_everything_else_does():
    assert content_hash({"a": "x", "b": "y"}) == content_hash({"b": "y", "a": "x"})
    assert len({content_hash(value) for value in ({"a": "x"}, {"a": "X"}, {"b": "x"}, {"a": ["x"]}, {})}) == 5


@given(st.dictionaries(st.text(), st.text(st.characters())))
def test_any_text_has_a_hash_of_32_hex_digits(value):
    assert len(content_hash(value)) == 32


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()), st.lists)
)
def test_any_value_can_be_quoted_on_one_line(value):
    shown = excerpt(value, 20)

    assert len(shown) <= 20
    assert len(shown.splitlines()) <= 1
    assert shown.encode("utf-8") is not None


def test_quoting_writes_out_what_would_deceive():
    assert excerpt("a\u202eb\x00\n") == "aU+202EbU+0000 "


@pytest.mark.parametrize(
    ("text", "expected", "runs"),
    [
        ("مرحبا", "rtl", "rtl"),
        ("@user مرحبا hello", "rtl", "rtl"),
        ("Write a short story", "rtl", "ltr"),
        ("12 + 3 = 😀", "rtl", "rtl"),
        ("مرحبا", "ltr", "rtl"),
        ("hello שלום", "ltr", "ltr"),
        ("hello", "auto", "auto"),
    ],
)
def test_a_text_runs_as_its_language_unless_none_of_its_letters_does(
    text: str, expected: str, runs: str
) -> None:
    assert direction(text, expected=expected) == runs
