"""The one registry of languages: ISO 639-3 code and ISO 15924 script, `yor_Latn`, `arb_Arab`.

It knows every living individual language of ISO 639-3 and those others that have a two-letter code, each in
the scripts it is usually written in; any other pair of a known language and a known script can be used too.
The data is made by scripts/make_languages.py. A language without a known script has `Zyyy`, one that is
signed and not written `Zxxx`.
"""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal, cast

from django.utils.translation import gettext as _

from dibt.lib.errors import InvalidError
from dibt.lib.text import excerpt

Direction = Literal["ltr", "rtl", "auto"]
_DATA = Path(__file__).parent / "data"
# Tags without these would leave open which letters to draw, or name what is no script at all.
_ALWAYS_NAMED = {"Hans", "Hant"}
_NEVER_NAMED = {"Zxxx", "Zyyy"}
# Of 1; about one wrong letter in four.
_ALIKE = 0.8


class UnknownLanguageError(InvalidError):
    """No language has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _(
                "“%(code)s” is not a language code that is known here. A code is made of ISO 639-3 and "
                "ISO 15924, such as yor_Latn or arb_Arab; search for the language by its name."
            )
            % {"code": excerpt(code)}
        )


@dataclass(frozen=True, slots=True)
class Language:
    """A language in one script. `autonym` is its name in itself, or "" where CLDR has none."""

    code: str
    name: str
    autonym: str
    direction: Direction
    html_lang: str
    iso639_1: str | None

    @property
    def iso639_3(self) -> str:
        return self.code[:3]

    @property
    def script(self) -> str:
        return self.code[4:]

    @property
    def label(self) -> str:
        """Both names: `Yoruba · Èdè Yorùbá`; for a place with one direction only, mark up each on its own."""
        return f"{self.name} · {self.autonym}" if self.autonym not in {"", self.name} else self.name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class _Script:
    name: str
    direction: Direction


@dataclass(frozen=True)
class _Registry:
    usual: dict[str, Language]
    likeliest: dict[str, Language]
    words: dict[str, str]
    scripts: dict[str, _Script]


def get(code: str) -> Language:
    """The language of a code. Raises `UnknownLanguageError`."""
    known = _registry()
    if code in known.usual:
        return known.usual[code]
    likeliest, script = known.likeliest.get(code[:3]), known.scripts.get(code[4:])
    if likeliest is None or script is None or code[3:4] != "_":
        raise UnknownLanguageError(code)
    return Language(
        code=code,
        name=f"{likeliest.name.split(' (')[0]} ({script.name})",
        autonym="",
        direction=script.direction,
        html_lang=_tag(likeliest.html_lang.split("-")[0], code[4:], likeliest=False),
        iso639_1=likeliest.iso639_1,
    )


def is_known(code: str) -> bool:
    """Whether `get` has a language for this code."""
    try:
        get(code)
    except UnknownLanguageError:
        return False
    return True


def search(text: str, *, limit: int = 20) -> list[Language]:
    """Languages found by a code or by a name in English or in themselves, the closest first.

    Case and diacritics do not matter. An exact name or code comes before the start of a name, that
    before the start of a word within it, that before any other part.
    """
    wanted = _plain(text)
    if not wanted:
        return []
    known = _registry()
    ranks = ((_rank(wanted, words), code) for code, words in known.words.items())
    found = sorted((rank, len(known.usual[code].name), code) for rank, code in ranks if rank is not None)
    return [known.usual[code] for *_order, code in found[:limit]]


def named(text: str) -> Language | None:
    """The one language that a code, or a name in whatever spelling, can only mean; else None.

    The everyday name of a family of languages, such as Arabic, means the one that ISO 639-3 takes for its standard;
    a language without its script means the script it is mostly written in, if people would expect that one.
    """
    known, wanted = _registry(), f"|{_plain(text)}|"
    codes = [code for code, words in known.words.items() if wanted in words]
    if len(codes) == 1:
        return known.usual[codes[0]]
    if len({code[:3] for code in codes}) != 1:
        return None
    likeliest = known.likeliest[codes[0][:3]]
    return None if likeliest.script in _ALWAYS_NAMED else likeliest


def close_to(text: str, *, limit: int = 3) -> list[Language]:
    """Languages somebody may have meant: what `search` finds, or names that are written almost so."""
    if found := search(text, limit=limit):
        return found
    known = _registry()
    names = {
        _plain(name): language
        for language in known.usual.values()
        for name in (language.name, language.autonym)
    }
    alike = get_close_matches(_plain(text), names, n=limit, cutoff=_ALIKE)
    return [names[name] for name in alike]


def choices() -> tuple[tuple[str, str], ...]:
    """All usual languages as (code, label), by English name. Made once; several thousand."""
    return _choices()


@cache
def _choices() -> tuple[tuple[str, str], ...]:
    languages = sorted(
        _registry().usual.values(), key=lambda language: (_plain(language.name), language.code)
    )
    return tuple((language.code, language.label) for language in languages)


def _rank(wanted: str, words: str) -> int | None:
    for rank, pattern in enumerate((f"|{wanted}|", f"|{wanted}", f" {wanted}", wanted)):
        if pattern in words:
            return rank
    return None


def _plain(text: str) -> str:
    """Small letters without diacritics, words separated by one space."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.replace("|", " ").split())


@cache
def _registry() -> _Registry:
    scripts = {
        row["code"]: _Script(row["name"], cast(Direction, row["direction"])) for row in _rows("scripts.tsv")
    }
    usual: dict[str, Language] = {}
    likeliest: dict[str, Language] = {}
    words: dict[str, str] = {}
    for row in _rows("languages.tsv"):
        code, tag = row["code"], row["tag"]
        language = Language(
            code=code,
            name=row["name"],
            autonym=row["autonym"],
            direction=scripts[code[4:]].direction,
            html_lang=_tag(tag, code[4:], likeliest=code[:3] not in likeliest),
            iso639_1=tag if len(tag) == 2 else None,
        )
        usual[code] = language
        likeliest.setdefault(code[:3], language)
        names = (code, code[:3], tag, language.name, language.autonym, *row["also"].split("; "))
        words[code] = "|" + "|".join(_plain(name) for name in names) + "|"
    return _Registry(usual, likeliest, words, scripts)


def _tag(tag: str, script: str, *, likeliest: bool) -> str:
    """The BCP 47 tag; the script is left out where everybody expects it."""
    if script in _NEVER_NAMED or (likeliest and script not in _ALWAYS_NAMED):
        return tag
    return f"{tag}-{script}"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
