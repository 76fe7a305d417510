"""`manage.py states_doc` draws docs/reference/states.md from the tables of moves; `--check` only compares."""

from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import TextChoices

from dibt.lib.states import Moves

APPS = ("accounts", "projects", "annotations")
LAYERS = ("models", "domain", "provisioning")
HEAD = """# States

Drawn by `manage.py states_doc` from the tables in the code; do not edit. A move is made by one
compare-and-swap (`dibt.lib.states.move`), and whoever comes second is told what the state is now.
"""


class Command(BaseCommand):
    help = "Draws docs/reference/states.md from the tables of moves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="fail if the file is not as it would be drawn"
        )

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "reference" / "states.md"
        drawn = document()
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(drawn, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != drawn:
            raise CommandError(f"{path} is not what the tables say. Run manage.py states_doc and commit it.")


def document() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *(_section(name, moves) for name, moves in machines())])


def machines() -> Iterator[tuple[str, Moves[TextChoices]]]:
    """Every table of moves of the site once, with the first module in which it is met."""
    met: list[Moves[TextChoices]] = []
    for layer in (f"{app}.{layer}" for app in APPS for layer in LAYERS):
        for module in _modules(layer):
            for value in vars(import_module(module)).values():
                if isinstance(value, Moves) and not any(value is known for known in met):
                    met.append(value)
                    yield module, value


def _modules(package: str) -> list[str]:
    try:
        root = import_module(package)
    except ModuleNotFoundError as missing:
        if missing.name != package:
            raise
        return []
    inside = walk_packages(getattr(root, "__path__", []), f"{package}.")
    return [package, *sorted(found.name for found in inside)]


def _section(module: str, moves: Moves[TextChoices]) -> str:
    states = list(type(next(iter(moves.allowed))))
    after = {state: sorted(moves.allowed.get(state, ())) for state in states}
    names = [f"    {state}: {state.label}" for state in states]
    arrows = [f"    {state} --> {target}" for state in states for target in after[state]]
    ends = [f"    {state} --> [*]" for state in states if not after[state]]
    head = [f"## {str(moves.noun).capitalize()}", "", f"`{module}`", "", "```mermaid", "stateDiagram-v2"]
    return "\n".join([*head, *names, f"    [*] --> {states[0]}", *arrows, *ends, "```", ""])
