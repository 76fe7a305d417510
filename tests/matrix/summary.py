"""The matrix of faults in numbers, at the end of a run and over all of its processes."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import pytest

PROPERTY = "matrix of faults"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each part of the matrix, over all processes of the run."""
    parts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY and report.when == "call":
                    parts[value[0]].update(value[1])
    for title, counted in parts.items():
        terminalreporter.write_line(line(title, counted))


def line(title: str, counted: Mapping[str, int]) -> str:
    """The results of a part of the matrix in one line."""
    rest = ", ".join(f"{number} {what}" for what, number in counted.items() if what != "runs")
    return f"Fault matrix, {title} = {counted['runs']} runs: {rest}"
