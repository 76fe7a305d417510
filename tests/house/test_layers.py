"""What import-linter cannot say: parts of a library that some of our modules must not import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

WEB = ("django.http", "django.views", "django.shortcuts", "django.urls")
NETWORK = ("urllib.request", "http.client", "socket")
RULES = [
    *((f"{app}/domain", WEB + NETWORK) for app in ("accounts", "projects", "annotations")),
    ("projects/schema", (*WEB, *NETWORK, "django.db")),
    *((app, NETWORK) for app in ("accounts", "projects", "annotations", "dibt/lib")),
]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("folder", "forbidden"), RULES)
def test_a_layer_imports_nothing_it_must_not_know(folder: str, forbidden: tuple[str, ...]) -> None:
    found = [
        f"{path}: {name}"
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
        for name in imported(path)
        if any(name == module or name.startswith(f"{module}.") for module in forbidden)
    ]

    assert found == []


def test_the_rule_would_notice(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    source.write_text("from django import http\nimport urllib.request\n")

    assert list(imported(source)) == ["django.http", "urllib.request"]
