"""One run of pytest, and what became of it."""

import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from scripts.outcome import Outcome

NO_TESTS = 5  # pytest's exit code when nothing was collected


def run_pytest(name: str, options: list[str], env: dict[str, str], *, folder: Path) -> Outcome:
    """Run it, showing what it prints. A run without a single test has failed: something was misspelt."""
    print(f"\n{name}", flush=True)
    started = time.monotonic()
    results = folder / f"{name.replace(' ', '-')}.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={results}", *options]
    code = subprocess.run(command, env=env, check=False).returncode
    total, failed, skipped = counted(results)
    if code and not failed:
        failed = (
            1  # no test failed, and yet it did not go well: an error while collecting, or nothing to collect
        )
    if code == NO_TESTS:
        print("No test was found.", flush=True)
    passed = max(0, total - failed - skipped)
    return Outcome(name, passed, failed, skipped, seconds=time.monotonic() - started)


def counted(results: Path) -> tuple[int, int, int]:
    """How many tests there were, how many failed, how many were skipped."""
    if not results.exists():
        return 0, 0, 0
    suite = ElementTree.parse(results).getroot().find("testsuite")
    if suite is None:
        return 0, 0, 0
    number = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    return number["tests"], number["failures"] + number["errors"], number["skipped"]
