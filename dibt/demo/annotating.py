"""A project's life while it is open: people come back, annotate, and skip now and then."""

from collections.abc import Mapping
from random import Random

from accounts.models import User
from annotations.domain import contributors, responding
from dibt.demo import answers, excerpts
from dibt.demo.cast import Cast
from dibt.demo.plans import ProjectPlan
from dibt.demo.sessions import turns
from dibt.lib import clock
from projects.domain import tasks
from projects.models import Project


def annotate(project: Project, plan: ProjectPlan, *, people: Cast) -> int:
    """Play the sessions of the project's crew, at their moments; returns how many answers were given."""
    crew = _Crew(project, right=excerpts.right_labels(plan.source))
    until = people.ago(plan.completed) if plan.completed else people.now
    since = people.ago(plan.opened)
    given = 0
    for turn in turns(plan.crew, since=since, until=until, number=plan.turns, chance=crew.chance):
        with clock.at(turn.moment):
            given += crew.take(people[turn.handle])
    return given


class _Crew:
    """Those who annotate one project, with what they need to know of it at every record."""

    def __init__(self, project: Project, *, right: Mapping[str, str]) -> None:
        self.project = tasks.with_current(Project.objects.filter(pk=project.pk)).get()
        self.schema = tasks.current_schema(self.project).schema
        self.right = right
        self.chance = Random(project.slug)  # noqa: S311  the same at every building
        self.joined: set[int] = set()

    def take(self, person: User) -> bool:
        """Open the next record and answer it; False where there is none for this person, or it was skipped."""
        self._join(person)
        assignment = responding.next_record(self.project, by=person)
        if assignment is None:
            return False
        record = assignment.record
        if answers.skips(self.chance):
            responding.skip(self.project, by=person, record_id=record.pk)
            return False
        right = next((self.right[text] for text in record.fields.values() if text in self.right), "")
        values = answers.answer_to(self.schema, record.external_id, right=right, chance=self.chance)
        responding.submit(self.project, by=person, record_id=record.pk, values=values)
        return True

    def _join(self, person: User) -> None:
        if person.pk not in self.joined:
            contributors.accept_licence(contributors.join(self.project, by=person))
            self.joined.add(person.pk)
