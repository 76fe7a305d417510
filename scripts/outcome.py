"""What became of each part of a test run, and the summary at its end."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One part: how many passed, failed and were skipped, or why it was left out."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    left_out: str = ""

    @classmethod
    def left(cls, name: str, why: str) -> "Outcome":
        return cls(name, left_out=why)

    def __str__(self) -> str:
        if self.left_out:
            return f"  left out  {self.name}: {self.left_out}"
        word = "FAILED" if self.failed else "passed"
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"  {word:<8}  {self.name}: {self.passed} passed, {self.failed} failed{skipped} ({self.seconds:.0f} s)"


def report(outcomes: Sequence[Outcome], *, seconds: float, ci: bool) -> int:
    """Print the summary; the exit code is 1 if anything failed, nothing ran, or CI left something out."""
    left_out = [outcome for outcome in outcomes if outcome.left_out]
    failed = sum(outcome.failed for outcome in outcomes) + (len(left_out) if ci else 0)
    print("\n" + "\n".join(map(str, outcomes)))
    if left_out and ci:
        print("  In CI nothing may be left out, so that counts as failed.")
    passed, skipped = (sum(getattr(o, what) for o in outcomes) for what in ("passed", "skipped"))
    print(f"  {seconds:.0f} s\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0
