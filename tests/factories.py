"""Things tests start from, made as the site makes them: through its domain functions."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.domain import people
from accounts.domain.people import HubOrg, HubProfile
from accounts.models import HubOrganisation, User
from dibt.lib import clock
from projects.domain import applications, cohorts
from projects.models import Application, Cohort, Project

_numbers = count(1)


def hub_profile(
    name: str, *, organisations: Iterable[str] = (), sub: str = "", role: str = "read"
) -> HubProfile:
    """What the Hub would say about somebody called `name`; the same name gives the same `sub`."""
    return HubProfile(
        sub=sub or f"sub-{name}",
        username=name,
        full_name=name.title(),
        organisations=tuple(
            HubOrg(sub=f"org-{handle}", handle=handle, name=handle.replace("-", " ").title(), role=role)
            for handle in organisations
        ),
    )


def person(name: str = "ibis", *, organisations: Iterable[str] = (), sub: str = "") -> User:
    """Somebody who has signed in, as a member of these organisations; again under the same name the same one."""
    return people.sign_in(hub_profile(name, organisations=organisations, sub=sub))


def organiser(name: str = "weaver") -> User:
    """Somebody who runs cohorts."""
    user = person(name, organisations=["data-is-better-together"])
    people.make_organiser(user)
    return user


def organisation(handle: str) -> HubOrganisation:
    """The organisation as the site knows it, once a member has signed in."""
    return HubOrganisation.objects.get(handle=handle)


def a_cohort(*, by: User | None = None, **fields: Any) -> Cohort:
    """A published cohort that is open now, unless `fields` say otherwise."""
    now = clock.now()
    said: dict[str, Any] = {
        "name": f"Cohort {next(_numbers)}",
        "opens_at": now - timedelta(days=7),
        "closes_at": now + timedelta(days=7),
        "seats": 10,
        "monthly_budget": Decimal(100),
        "hosting_organisation": "data-is-better-together",
        "is_published": True,
    }
    return cohorts.create(by=by or organiser(), **{**said, **fields})


def a_proposal(**fields: Any) -> dict[str, Any]:
    """Everything an application has to say before it can be submitted."""
    said: dict[str, Any] = {
        "title": "Prompts in Yoruba",
        "pitch": "Prompts that are worth answering, by people who speak Yoruba every day.",
        "languages": ["yor_Latn"],
        "domain": "general",
        "task_kind": "prompt_rating",
        "data_source": "Written by our members.",
        "licence": "cc-by-4.0",
        "target": 500,
        "access": "open",
        "organisation": None,
    }
    return {**said, **fields}


def a_draft(cohort: Cohort | None = None, *, lead: User | None = None, **fields: Any) -> Application:
    """A draft that says everything, by a lead of its own."""
    lead = lead or person(f"lead-{next(_numbers)}")
    application = applications.start(cohort or a_cohort(), by=lead)
    applications.save(application, by=lead, edition=application.edition, **a_proposal(**fields))
    return application


def an_application(cohort: Cohort | None = None, *, lead: User | None = None, **fields: Any) -> Application:
    """A submitted application."""
    application = a_draft(cohort, lead=lead, **fields)
    applications.submit(application, by=application.lead)
    return application


def a_project(cohort: Cohort | None = None, *, lead: User | None = None, **fields: Any) -> Project:
    """A project that is being set up, from an application that was accepted and confirmed."""
    application = an_application(cohort, lead=lead, **fields)
    applications.accept(application, by=organiser(), feedback="Welcome.")
    return applications.confirm(application, by=application.lead)
