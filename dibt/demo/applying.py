"""Cohorts and the applications to them, played from their plans."""

from decimal import Decimal

from accounts.models import User
from dibt.demo import cast
from dibt.demo.cast import Cast
from dibt.demo.plans import ApplicationPlan, CohortPlan, Fate, Said
from dibt.lib import clock
from projects.domain import applications, cohorts, reviews
from projects.domain.proposals import ProposalFields
from projects.models import Access, Application, Cohort, Project

HOST = "data-is-better-together"
# Days that the stations of an application are apart.
TO_SUBMIT, TO_CONFIRM, REVIEWED_BEFORE = 0.6, 0.8, 0.1
TO_REVIEW = 1.7


def call_for(plan: CohortPlan, *, people: Cast) -> Cohort:
    """Make the cohort, a few days before it opened."""
    with clock.at(people.ago(plan.opens + 3)):
        return cohorts.create(
            by=people.organiser,
            name=plan.name,
            description=plan.description,
            opens_at=people.ago(plan.opens),
            closes_at=people.ago(plan.closes),
            seats=plan.seats,
            monthly_budget=Decimal(plan.monthly_budget),
            hosting_organisation=HOST,
            wanted_languages=list(plan.wanted_languages),
            wanted_domains=list(plan.wanted_domains),
            wanted_tasks=list(plan.wanted_tasks),
            is_published=True,
        )


def apply_to(cohort: Cohort, plan: ApplicationPlan, *, people: Cast) -> Application:
    """Bring an application as far as its plan says, short of confirming it."""
    lead = people[plan.lead]
    with clock.at(people.ago(plan.started)):
        application = applications.start(cohort, by=lead)
        said = proposal(plan.said)
        applications.save(application, by=lead, edition=application.edition, **said)
    if plan.fate is not Fate.DRAFT:
        with clock.at(people.ago(plan.started - TO_SUBMIT)):
            applications.submit(application, by=lead)
    _review(application, plan, people=people)
    _decide(application, plan, people=people)
    return application


def confirm(application: Application, plan: ApplicationPlan, *, people: Cast) -> Project:
    """The project that the accepted application becomes when its lead confirms."""
    with clock.at(people.ago(plan.decided - TO_CONFIRM)):
        return applications.confirm(application, by=people[plan.lead])


def proposal(said: Said) -> ProposalFields:
    organisation = cast.organisation(said.organisation)
    return {
        "title": said.title,
        "pitch": said.pitch,
        "languages": list(said.languages),
        "domain": said.domain,
        "task_kind": said.task_kind,
        "data_source": said.data_source,
        "licence": said.licence,
        "target": said.target,
        "access": Access.ORGANISATION if organisation else Access.OPEN,
        "organisation": organisation,
    }


def _review(application: Application, plan: ApplicationPlan, *, people: Cast) -> None:
    opinion = plan.opinion
    if opinion is None:
        return
    moment = plan.decided + REVIEWED_BEFORE if plan.decided else plan.started - TO_REVIEW
    with clock.at(people.ago(moment)):
        reviews.review(
            application,
            by=people.organiser,
            need=opinion.need,
            feasibility=opinion.feasibility,
            community=opinion.community,
            comment=opinion.comment,
        )


def _decide(application: Application, plan: ApplicationPlan, *, people: Cast) -> None:
    organiser: User = people.organiser
    with clock.at(people.ago(plan.decided)):
        if plan.fate in {Fate.ACCEPTED, Fate.CONFIRMED}:
            applications.accept(application, by=organiser, feedback=plan.feedback)
        elif plan.fate is Fate.DECLINED:
            applications.decline(application, by=organiser, feedback=plan.feedback)
