"""What a card says of a release beside its rows: how much there is, who gave it, under which guidelines."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from annotations.domain.contributors import shown_name
from annotations.models import Contributor, Response
from annotations.releasing.snapshot import Item
from projects.models import GuidelinesVersion, Project


@dataclass
class Tally:
    """Counts that grow while the rows are written.

    `left_out` and `earlier` are answers to another version of the task: those that do not fit the released
    one, and those that do and are included.
    """

    records: int = 0
    completed: int = 0
    responses: int = 0
    left_out: int = 0
    earlier: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, item: Item, *, overlap: int, version: int) -> None:
        """Count a record that is released; one without a fitting answer counts only what was left out."""
        self.left_out += item.left_out
        if not item.answers:
            return
        self.records += 1
        self.completed += item.counted >= overlap
        self.responses += len(item.answers)
        for answered in item.answers:
            at = answered.response.submitted_at
            self.earlier += answered.response.schema_version.number != version
            self.first = min(self.first or at, at)
            self.last = max(self.last or at, at)


@dataclass(frozen=True)
class Credits:
    """Who gave answers: `names` of those who want to be named, by the alphabet; `hidden` only counts.

    The names carry no counts and no ids, since either would tell which rows are whose.
    """

    names: tuple[str, ...]
    hidden: int

    @property
    def people(self) -> int:
        return len(self.names) + self.hidden


@dataclass(frozen=True)
class Facts:
    """All that the card needs and that is not in the release's and the project's own rows."""

    moment: datetime
    tally: Tally
    credits: Credits
    guidelines: GuidelinesVersion | None


def credits_of(project: Project) -> Credits:
    """Everybody with an answer in the project, surplus ones included, as each of them chose to be shown."""
    answers = Response.objects.filter(contributor=OuterRef("pk"))
    contributors = Contributor.objects.filter(Exists(answers), project=project).select_related("user")
    names = [shown_name(contributor) for contributor in contributors.iterator()]
    shown = sorted((name for name in names if name), key=lambda name: (name.casefold(), name))
    return Credits(tuple(shown), len(names) - len(shown))
