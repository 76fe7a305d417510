"""Texts that are found by each other, in all scripts: by Python, and the same by either database."""

import re
import unicodedata

import pytest
from django.db import connection
from django.db.models import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from dibt.lib import folding
from dibt.lib.folding import COMPOSED, fold, holds
from tests.annotations.worlds import somebody

LETTERS = "aAäÄßẞſkKKåÅÅiIıİ\u0307\u0300\u0301\u0323eéẹẸσςΣΐΪжЖأآمشნ한가가丂👩🏽\u200d\n\\%_'\" "
TEXTS = st.text(LETTERS, max_size=8)


def in_database(text: str, stands: str) -> bool:
    return User.objects.filter(holds(Value(stands), text)).exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("İstanbul", "istanbul"),
        ("ısparta", "ISPARTA"),
        ("i\u0307", "I"),
        ("é", "E\u0301"),
        ("ọ\u0301", "O\u0301\u0323"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("ΐ", "Ϊ\u0301"),
        ("\u212b", "å"),
    ],
)
def test_texts_that_differ_in_case_or_code_points_alone_are_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("e", "é"), ("o", "ø"), ("ا", "أ"), ("ẹ", "e")])
def test_texts_with_other_letters_are_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_what_is_taken_for_composed_is_whatever_stands_before_it() -> None:
    everything = [chr(number) for number in range(1, 0x110000) if not 0xD800 <= number < 0xE000]
    decomposed = [
        unicodedata.decomposition(each).split()
        for each in everything
        if unicodedata.decomposition(each) and "<" not in unicodedata.decomposition(each)
    ]
    follows = {chr(int(parts[1], 16)) for parts in decomposed if len(parts) == 2}
    composed = [each for each in everything if re.fullmatch(f"[{COMPOSED}]", each)]

    assert len(composed) > 20_000
    assert not follows & set(composed)
    for each in composed:
        assert unicodedata.combining(each) == 0
        assert unicodedata.is_normalized("NFC", each)
        assert unicodedata.is_normalized("NFC", each.upper())


@pytest.mark.django_db
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS.filter(bool), before=TEXTS, after=TEXTS, other=TEXTS)
def test_the_database_finds_what_folds_alike(text: str, before: str, after: str, other: str) -> None:
    if not User.objects.exists():
        somebody()

    assert in_database(text, before + text.swapcase() + after) is (
        fold(text) in fold(before + text.swapcase() + after)
    )
    assert in_database(text, other) is (fold(text) in fold(other))


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is taught by us")
def test_where_no_collation_knows_all_letters_those_of_english_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody()
    monkeypatch.setattr(folding, "COLLATIONS", ())
    folding._collation.cache_clear()

    assert in_database("KAFF", "der kaffee é")
    assert in_database("É", "É")
    folding._collation.cache_clear()
