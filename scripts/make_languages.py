"""Make dibt/lib/data/languages.tsv and scripts.tsv, the data of dibt.lib.languages.

Needs, outside the project's own environment:

    python -m venv /tmp/languages && /tmp/languages/bin/pip install pycountry==26.2.16
    npm pack cldr-core@48.2.0 cldr-localenames-full@48.2.0      # unpack each with `tar xzf`

    /tmp/languages/bin/python scripts/make_languages.py CLDR_CORE_FOLDER CLDR_LOCALENAMES_FOLDER

pycountry has the tables of ISO 639-3 and ISO 15924 (LGPL-2.1, from Debian's iso-codes); the two npm packages
are Unicode CLDR 48.2 (Unicode-3.0 licence): likely scripts, names of languages in themselves, and which
languages CLDR speaks of by the code of their macrolanguage (arb as ar, cmn as zh).
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycountry

DATA = Path(__file__).resolve().parent.parent / "dibt" / "lib" / "data"
UNWRITTEN, UNKNOWN = "Zxxx", "Zyyy"
# CLDR lists these for curiosities and transliterations that nobody would build a dataset in.
UNUSUAL = {"eng": {"Dsrt", "Shaw"}, "cmn": {"Latn", "Bopo", "Phag"}}
_QUALIFIER = re.compile(r" \((individual language|[^()]*\d[^()]*)\)$")


class Cldr:
    """What is read from the two folders of CLDR."""

    def __init__(self, core: Path, names: Path) -> None:
        supplemental = core / "supplemental"
        self.locales = names / "main"
        self.likely = _json(supplemental / "likelySubtags.json", "supplemental", "likelySubtags")
        self.aliases = _json(
            supplemental / "aliases.json", "supplemental", "metadata", "alias", "languageAlias"
        )
        self.usual = _json(supplemental / "languageData.json", "supplemental", "languageData")
        self.metadata = _json(core / "scriptMetadata.json", "scriptMetadata")
        self.english = self._names("en", "languages")
        self.english_scripts = self._names("en", "scripts")

    def tag(self, code: str, two_letters: str | None) -> str:
        """The BCP 47 language subtag that browsers and CLDR know the language by."""
        alias = self.aliases.get(code, {}).get("_replacement", "")
        return two_letters or (alias if re.fullmatch("[a-z]{2,3}", alias) else code)

    def scripts(self, code: str, tag: str, name: str) -> list[str]:
        """The scripts the language is usually written in, the likeliest first."""
        likely = self.likely.get(tag) or self.likely.get(code)
        first = likely.split("-")[1] if likely else UNWRITTEN if "Sign Language" in name else UNKNOWN
        others = [*self.usual.get(tag, {}).get("_scripts", [])]
        others += sorted(
            path.name.split("-")[1] for path in self.locales.glob(f"{tag}-????") if path.is_dir()
        )
        found = [first, *(script for script in others if re.fullmatch("[A-Z][a-z]{3}", script))]
        return [script for script in dict.fromkeys(found) if script not in UNUSUAL.get(code, ())]

    def autonym(self, tag: str, script: str, *, likeliest: bool) -> str:
        for locale in (f"{tag}-{script}", *([tag] if likeliest else [])):
            if (self.locales / locale / "languages.json").exists():
                names = self._names(locale, "languages")
                name: str = names.get(locale) or names.get(tag, "")
                if name and name not in {tag, locale, f"{tag} ({script})"}:
                    return name
        return ""

    def _names(self, locale: str, kind: str) -> dict[str, str]:
        folder = self.locales / locale / f"{kind}.json"
        return _json(folder, "main", locale, "localeDisplayNames", kind)


def _json(path: Path, *keys: str) -> dict[str, Any]:
    value = json.loads(path.read_text("utf-8"))
    for key in keys:
        value = value[key]
    return dict(value)


def languages(cldr: Cldr) -> Iterator[list[str]]:
    """Rows of languages.tsv: living individual languages, and others that have a two-letter code."""
    for entry in sorted(pycountry.languages, key=lambda entry: entry.alpha_3):
        two_letters = getattr(entry, "alpha_2", None)
        if entry.scope != "I" or not (entry.type == "L" or two_letters):
            continue
        tag = cldr.tag(entry.alpha_3, two_letters)
        own = cldr.english.get(two_letters or entry.alpha_3, "")
        name = own or _QUALIFIER.sub("", entry.name)
        also = {entry.name, cldr.english.get(tag, ""), getattr(entry, "common_name", "")} - {name, ""}
        scripts = cldr.scripts(entry.alpha_3, tag, entry.name)
        for index, script in enumerate(scripts):
            shown = f"{name} ({script_name(cldr, script)})" if index or script == "Hans" else name
            autonym = cldr.autonym(tag, script, likeliest=index == 0)
            yield [f"{entry.alpha_3}_{script}", tag, shown, autonym, "; ".join(sorted(also))]


def script_name(cldr: Cldr, script: str) -> str:
    name = cldr.english_scripts.get(script) or pycountry.scripts.get(alpha_4=script).name
    return name.removesuffix(" Han").removesuffix(" (Nastaliq variant)")


def scripts(cldr: Cldr) -> Iterator[list[str]]:
    """Rows of scripts.tsv: every script of ISO 15924, with its direction where CLDR knows it."""
    for entry in sorted(pycountry.scripts, key=lambda entry: entry.alpha_4):
        code = entry.alpha_4
        # Aran is Arab in another hand; CLDR describes only Arab.
        known = cldr.metadata.get("Arab" if code == "Aran" else code)
        vague = code in {UNWRITTEN, UNKNOWN, "Zzzz", "Zinh", "Zmth", "Zsym"}
        direction = "auto" if vague or not known else "rtl" if known["rtl"] == "YES" else "ltr"
        yield [code, cldr.english_scripts.get(code) or entry.name, direction]


def write(name: str, header: list[str], rows: Iterator[list[str]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{DATA / name}: {len((DATA / name).read_text('utf-8').splitlines()) - 1} rows")


if __name__ == "__main__":
    source = Cldr(Path(sys.argv[1]), Path(sys.argv[2]))
    write("languages.tsv", ["code", "tag", "name", "autonym", "also"], languages(source))
    write("scripts.tsv", ["code", "name", "direction"], scripts(source))
