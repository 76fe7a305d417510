"""What the whole site agrees on about text: what is text at all, how it is quoted, what is the same."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping

# PostgreSQL cannot store NUL, and UTF-8 cannot write half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Embeddings, overrides and isolates (UAX #9): they can make a text look like another one. The marks
# U+200E, U+200F, U+061C and the joiners U+200C, U+200D are everyday spelling and are not among them.
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")


def unstorable_character(text: str) -> str | None:
    """The first character no database or file can keep (NUL, a lone surrogate), as `U+0000`; else None."""
    found = _UNSTORABLE.search(text)
    return code_point(found.group()) if found else None


def control_character(text: str) -> str | None:
    """The first control character other than tab and line ends, or lone surrogate, as `U+001B`; else None."""
    found = _CONTROL.search(text)
    return code_point(found.group()) if found else None


def bidi_controls(text: str) -> int:
    """How many characters of the text force the direction of others (explicit formatting of UAX #9)."""
    return len(_BIDI_CONTROL.findall(text))


def code_point(character: str) -> str:
    """One character as Unicode names it: `U+202E`."""
    return f"U+{ord(character):04X}"


def excerpt(value: object, length: int = 60) -> str:
    """A value as it can be quoted in a sentence: short, on one line, control characters written out.

    Of lists and mappings only the kind is shown.
    """
    text = value if isinstance(value, str) else _scalar(value)
    shown = "".join(_printable(character) for character in text[: length + 1])
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def _scalar(value: object) -> str:
    if isinstance(value, int) and abs(value) >= 10**18:  # Python refuses to write out the very long ones
        return "…"
    if value is None or isinstance(value, int | float):
        return json.dumps(value)
    return "[…]" if isinstance(value, list | tuple) else "{…}"


def _printable(character: str) -> str:
    if character.isspace():
        return " "
    return code_point(character) if _CONTROL.match(character) or _BIDI_CONTROL.match(character) else character


def content_hash(value: Mapping[str, object]) -> str:
    """32 hex digits that are equal for equal content.

    Strings are compared in Unicode normal form C, so that é in one and in two code points is the same
    text; what is stored stays as it was given. The order of the keys does not matter.
    """
    canonical = json.dumps(_normalised(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(canonical.encode("ascii"), digest_size=16).hexdigest()


def _normalised(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(item) for item in value]
    return value


def direction(text: str, *, expected: str) -> str:
    """How this text runs, `ltr` or `rtl`: as expected of its language, unless it has no letter that runs so.

    That tells the English original beside an Arabic translation, while a tweet in Arabic that begins with a
    Latin name keeps its direction. "auto" is left to the browser.
    """
    other = {"ltr": "rtl", "rtl": "ltr"}.get(expected)
    found = {_STRONG.get(unicodedata.bidirectional(character)) for character in text}
    return other if other and other in found and expected not in found else expected
