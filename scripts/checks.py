"""The checks that read the code without running it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts import variables
from scripts.outcome import Outcome

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
SCRIPTS = ("run", "test", "bench")  # Python, though their names do not say so
MANAGE = ("python", "manage.py")
# The slowest first, since two run at a time.
CHECKS = {
    "types": ("mypy",),
    "migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "settings": (*MANAGE, "check", "--fail-level", "WARNING"),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
    "imports": ("lint-imports",),
    "lint": ("ruff", "check", ".", *SCRIPTS),
    "format": ("ruff", "format", "--check", ".", *SCRIPTS),
}


@dataclass(frozen=True)
class Done:
    """A check that was run."""

    name: str
    ok: bool
    output: str


def run_checks(folder: Path) -> Iterator[Outcome]:
    """Run all of them, print what the failed ones say, and give one outcome for all."""
    print("checks", flush=True)
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda name: run(name, folder), CHECKS))
    passed = sum(check.ok for check in done)
    yield Outcome("checks", passed, len(done) - passed, seconds=time.monotonic() - started)


def run(name: str, folder: Path) -> Done:
    clean = {key: value for key, value in os.environ.items() if key not in variables.known()}
    started = time.monotonic()
    program, *arguments = CHECKS[name]
    process = subprocess.run(
        [PROGRAMS / program, *arguments],
        cwd=ROOT,
        env=clean | {"DATA_DIR": str(folder / "checks")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    done = Done(name, process.returncode == 0, process.stdout)
    took = f"{time.monotonic() - started:.1f} s"
    print(f"  {name:<10} {took}" if done.ok else f"  {name:<10} FAILED\n{done.output}", flush=True)
    return done
