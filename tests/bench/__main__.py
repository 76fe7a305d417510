"""`./bench NAME`: find the measurement of that name, run it, print what it found."""

import argparse
import ast
import importlib
import sys
from pathlib import Path

from tests.bench import servers
from tests.bench.harness import Bench, as_json, as_table

FOLDER = Path(__file__).parent


def measurements() -> dict[str, str]:
    """The measurements there are: those modules that define `measure`, with the first line of what they say."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "measure" for node in module.body):
            found[path.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def main() -> int:
    known = measurements()
    listing = "\n".join(f"  {name:<12} {says}" for name, says in known.items())
    parser = argparse.ArgumentParser(
        "./bench", epilog=f"measurements:\n{listing}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "name", nargs="?", choices=list(known), help="what to measure; without it they are listed"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    parser.add_argument("--rounds", type=int, default=30, help="how often each is timed (30)")
    options = parser.parse_args()
    if options.name is None:
        print(listing)
        return 0
    bench = Bench(rounds=max(1, options.rounds))
    with servers.prepared() as site:  # first, since the measurement may import models
        importlib.import_module(f"tests.bench.{options.name}").measure(bench, site)
    print(as_json(bench) if options.json else as_table(bench))
    return 0 if bench.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
