"""What is wrong with something that was measured against a schema."""

from dataclasses import dataclass

from dibt.lib.errors import InvalidError


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `questions[0].min`, the name of a question or field, or "" for the whole."""

    place: str
    sentence: str


class ProblemsError(InvalidError):
    """Something does not fit; `problems` has all that was found, in the order of the schema."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        fields: dict[str, list[str]] = {}
        for problem in problems:
            fields.setdefault(problem.place, []).append(problem.sentence)
        super().__init__(" ".join(problem.sentence for problem in problems), fields)
        self.problems = problems
