"""The options of a question as text, one on each line, and the names that are made from what people type."""

import re
from collections.abc import Sequence

from django.utils.text import slugify

from projects.schema import limits
from projects.schema.questions import Option

_LINE = re.compile(r"((?:[^\\:]|\\.)*):(.*)")


def as_lines(options: Sequence[Option]) -> str:
    """`value: Text` on each line; a colon or backslash in a value has a backslash before it."""
    return "\n".join(f"{_escaped(option.value)}: {option.text}" for option in options)


def of_lines(text: str) -> tuple[Option, ...]:
    """The options of lines `value: Text`, or `Text` alone: its value is then made from the text."""
    return tuple(_option(line.strip()) for line in re.split(r"\r\n|\r|\n", text) if line.strip())


def name_of(text: str) -> str:
    """A text as a name: small letters a–z, digits and underscores; "" where too little would be left of it.

    Of a text in another script hardly more than its digits and a stray Latin word would be.
    """
    name = slugify(text).replace("-", "_").lstrip("0123456789_")[: limits.NAME_LENGTH].strip("_")
    letters = sum(letter.isalnum() for letter in text[: limits.NAME_LENGTH])
    return name if 2 * len(name) >= letters else ""


def _option(line: str) -> Option:
    match = _LINE.fullmatch(line)
    if match is None:
        return Option(value=name_of(line) or line[: limits.OPTION_VALUE_LENGTH].strip(), text=line)
    value, text = match.groups()
    return Option(value=re.sub(r"\\(.)", r"\1", value.strip()), text=text.strip())


def _escaped(value: str) -> str:
    return re.sub(r"([\\:])", r"\\\1", value)
