"""The YAML front matter of README.md: read for the card, checked before an upload."""

import re

import yaml

from dibt.sandbox.blobs import Blobs
from dibt.sandbox.files.history import Tree

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*$\r?\n?", re.DOTALL | re.MULTILINE)
COLOURS = frozenset({"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"})
SDKS = frozenset({"gradio", "docker", "static", "streamlit"})


def front_matter(readme: str) -> dict[str, object]:
    """The metadata of a card, empty where there is none; yaml.YAMLError if it is broken."""
    found = FRONT_MATTER.match(readme)
    try:
        content: object = yaml.safe_load(found.group(1)) if found else {}
    except (ValueError, RecursionError) as error:  # a date that is none, a nesting without end
        raise yaml.YAMLError(str(error)) from error
    return {str(name): value for name, value in content.items()} if isinstance(content, dict) else {}


def readme_in(tree: Tree, blobs: Blobs) -> str:
    blob = tree.get("README.md")
    return "" if blob is None else blobs.read(blob.sha256).decode("utf-8", "replace")


def data_in(tree: Tree, blobs: Blobs) -> dict[str, object]:
    """The metadata in a tree; broken metadata counts as none, as such a card cannot be committed."""
    try:
        return front_matter(readme_in(tree, blobs))
    except yaml.YAMLError:
        return {}


def complaints(readme: str, kind: str) -> list[str]:
    """What the Hub would refuse a card for."""
    try:
        data = front_matter(readme)
    except yaml.YAMLError as error:
        return [f"The YAML metadata in README.md is broken: {' '.join(str(error).split())}"]
    checks = {
        '"license" must be a string or an array of strings': _is_text_or_texts(data.get("license")),
        '"tags" must be an array of strings': _is_texts(data.get("tags")),
        '"language" must be a string or an array of strings': _is_text_or_texts(data.get("language")),
        '"pretty_name" must be a string': isinstance(data.get("pretty_name", ""), str),
        '"configs" must be an array of objects with a "config_name"': _is_configs(data.get("configs")),
    }
    if kind == "space":
        checks |= {
            f'"sdk" must be one of {", ".join(sorted(SDKS))}': data.get("sdk") in SDKS,
            f'"colorFrom" must be one of {", ".join(sorted(COLOURS))}': data.get("colorFrom", "red")
            in COLOURS,
            f'"colorTo" must be one of {", ".join(sorted(COLOURS))}': data.get("colorTo", "red") in COLOURS,
        }
    return [complaint for complaint, holds in checks.items() if not holds]


def _is_texts(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _is_text_or_texts(value: object) -> bool:
    return isinstance(value, str) or _is_texts(value)


def _is_configs(value: object) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(item, dict) and "config_name" in item for item in value)
    )
