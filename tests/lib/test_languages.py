import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibt.lib import languages
from dibt.lib.languages import Language, UnknownLanguageError, choices, close_to, get, is_known, named, search


def test_a_language_says_its_names_direction_and_tag():
    assert get("yor_Latn") == Language(
        code="yor_Latn", name="Yoruba", autonym="Èdè Yorùbá", direction="ltr", html_lang="yo", iso639_1="yo"
    )


@pytest.mark.parametrize(
    ("code", "direction", "html_lang"),
    [
        ("arb_Arab", "rtl", "ar"),
        ("heb_Hebr", "rtl", "he"),
        ("ckb_Arab", "rtl", "ckb"),
        ("hau_Latn", "ltr", "ha"),
        ("hau_Arab", "rtl", "ha-Arab"),
        ("cmn_Hans", "ltr", "zh-Hans"),
        ("cmn_Hant", "ltr", "zh-Hant"),
        ("srp_Cyrl", "ltr", "sr"),
        ("srp_Latn", "ltr", "sr-Latn"),
        ("pcm_Latn", "ltr", "pcm"),
    ],
)
def test_direction_follows_the_script_and_tags_are_those_of_browsers(code, direction, html_lang):
    language = get(code)

    assert (language.direction, language.html_lang) == (direction, html_lang)
    assert f"{language.iso639_3}_{language.script}" == code


def test_a_known_language_may_be_written_in_any_known_script():
    ajami = get("wol_Arab")

    assert (ajami.name, ajami.direction, ajami.html_lang) == ("Wolof (Arabic)", "rtl", "wo-Arab")


def test_an_unusual_script_is_not_called_by_the_qualifier_of_the_usual_one():
    assert get("cmn_Latn").name == "Mandarin Chinese (Latin)"
    assert get("cmn_Latn").html_lang == "zh-Latn"


@pytest.mark.parametrize(
    "code", ["", "yor", "yo", "yor-Latn", "yor_latn", "YOR_Latn", "xxx_Latn", "yor_Xxxx", "zho_Hans"]
)
def test_other_codes_are_unknown(code):
    assert not is_known(code)
    with pytest.raises(UnknownLanguageError):
        get(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yor", "yor_Latn"),
        ("yo", "yor_Latn"),
        ("yoruba", "yor_Latn"),
        ("YORÙBÁ", "yor_Latn"),
        ("ede yor", "yor_Latn"),
        ("عرب", "arb_Arab"),
        ("persian", "pes_Arab"),
        ("pidgin", "pcm_Latn"),
        ("traditional", "cmn_Hant"),
        ("中文", "cmn_Hans"),
        ("  igbo ", "ibo_Latn"),
    ],
)
def test_languages_are_found_by_code_and_by_either_name(text, code):
    assert code in [language.code for language in search(text)]


def test_the_exact_name_is_found_first():
    assert search("english")[0].code == "eng_Latn"
    assert search("hausa")[0].code == "hau_Latn"


@given(st.text())
def test_no_text_breaks_the_search(text):
    assert len(search(text, limit=5)) <= 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Arabic", "arb_Arab"),
        (" العربية", "arb_Arab"),
        ("persian", "pes_Arab"),
        ("yo", "yor_Latn"),
        ("Kurdish", "kmr_Latn"),
    ],
)
def test_an_everyday_name_means_the_standard_in_its_usual_script(text, code):
    assert named(text) == get(code)


@pytest.mark.parametrize("text", ["Chinese", "Malay", "Norwegian", "qqqqq", "", "|"])
def test_a_name_that_could_mean_several_or_none_means_none(text):
    assert named(text) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("chinese", ["cmn_Hans", "cmn_Hant"]),
        ("Yorubaa", ["yor_Latn"]),
        ("Klingonese", []),
    ],
)
def test_what_was_meant_is_guessed_also_from_a_slip_of_the_pen(text, codes):
    assert [language.code for language in close_to(text, limit=2)] == codes


def test_nothing_is_found_for_nothing():
    assert search(" ") == []
    assert search("qqqqq") == []


def test_every_choice_is_a_language_with_a_name_in_a_known_direction():
    codes = [code for code, _label in choices()]

    assert len(codes) == len(set(codes)) > 7000
    for code in codes:
        language = get(code)
        assert re.fullmatch("[a-z]{3}_[A-Z][a-z]{3}", code)
        assert re.fullmatch("[a-z]{2,3}(-[A-Z][a-z]{3})?", language.html_lang)
        assert language.name.strip() == language.name != ""
        assert language.direction in {"ltr", "rtl", "auto"}


def test_the_data_is_read_once():
    assert choices() is choices()
    assert languages.get("yor_Latn") is languages.get("yor_Latn")
