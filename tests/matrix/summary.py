"""The matrix of faults in numbers, at the end of a run and over all of its processes."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import pytest

PROPERTY = "matrix of faults"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each part of the matrix, and one for all of them."""
    parts: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY and report.when == "call":
                    title, calls, counted = value
                    parts[title, calls].update(counted)
    for (title, calls), counted in parts.items():
        terminalreporter.write_line(f"Fault matrix, {title}: {line(counted, calls=calls)}")
    if len(parts) > 1:
        whole: Counter[str] = Counter()
        for counted in parts.values():
            whole.update(counted)
        terminalreporter.write_line(f"Fault matrix: {line(whole)}")


def line(counted: Mapping[str, int], *, calls: int = 0) -> str:
    """How many runs ended how, and, given the number of calls, how that many runs come about."""
    size = f"{calls} call{'s' * (calls != 1)} × {counted['faults']} faults = " if calls else ""
    rest = ", ".join(f"{number} {what}" for what, number in counted.items() if what not in {"runs", "faults"})
    return f"{size}{counted['runs']} runs: {rest}"
