"""The whole demo world, in the order in which it happened."""

from collections.abc import Callable

from django.db import transaction

from annotations.domain import totals
from dibt.demo import annotating, applying, cast, first_cohort, second_cohort, setting_up
from dibt.demo.cast import Cast
from dibt.demo.plans import CohortPlan, ProjectPlan
from dibt.lib import clock
from projects.domain import projects, spaces
from projects.models import Cohort

FIRST_VISIT = 80  # days ago
Tell = Callable[[str], object]


@transaction.atomic
def build(*, tell: Tell) -> None:
    """Build it, all or nothing; `tell` is given a line at each stage.

    In one transaction, so that no worker meets half a world, and a build that is killed leaves none.
    """
    people = cast.sign_in_everybody(now=clock.now(), days_ago=FIRST_VISIT)
    tell(f"{len(people.users)} people have signed in")
    for plan in (first_cohort.COHORT, second_cohort.COHORT):
        _hold(plan, people=people, tell=tell)
    totals.fold()


def _hold(plan: CohortPlan, *, people: Cast, tell: Tell) -> None:
    cohort = applying.call_for(plan, people=people)
    tell(f"{plan.name}: {len(plan.projects) + len(plan.others)} groups apply")
    for project in plan.projects:
        _run(cohort, project, people=people, tell=tell)
    # After the confirmed ones: whoever leads one of those has no other on its way at the same time.
    for application in plan.others:
        applying.apply_to(cohort, application, people=people)


def _run(cohort: Cohort, plan: ProjectPlan, *, people: Cast, tell: Tell) -> None:
    """One project, from its application to where it stands now."""
    application = applying.apply_to(cohort, plan.application, people=people)
    project = applying.confirm(application, plan.application, people=people)
    lead = people[plan.application.lead]
    records = setting_up.set_up(project, plan, people=people)
    answers = annotating.annotate(project, plan, people=people) if plan.opened else 0
    if plan.completed:
        with clock.at(people.ago(plan.completed)):
            projects.complete(project, by=lead)
    if plan.has_space:
        spaces.request_space(project, by=lead)
    tell(f"{project.title}: {records} records, {answers} answers")
