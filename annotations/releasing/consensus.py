"""What the answers to one question come to. The card prints these formulas word for word."""

from collections import Counter
from collections.abc import Sequence

MEAN = "`{name}.mean` is the arithmetic mean of `{name}.responses`: their sum divided by their number."
MAJORITY = (
    "`{name}.majority` is the label that occurs most often in `{name}.responses`; "
    "null where two or more labels occur most often."
)


def mean(ratings: Sequence[int]) -> float | None:
    """The arithmetic mean; None of nothing."""
    return sum(ratings) / len(ratings) if ratings else None


def majority(labels: Sequence[str]) -> str | None:
    """The label given most often (relative majority); None on a tie for the first place, and of nothing."""
    first_two = Counter(labels).most_common(2)
    if not first_two or (len(first_two) == 2 and first_two[0][1] == first_two[1][1]):
        return None
    return first_two[0][0]
