"""Small worlds for the tests of annotating: a project with records, and people who may answer."""

import json
from datetime import timedelta
from itertools import count

from django.db import transaction

from accounts.domain import people
from accounts.domain.people import HubProfile
from accounts.models import ShownAs, User
from annotations.domain import contributors, records, responding, totals
from annotations.domain.queue import LEASE
from annotations.models import Contributor, Import, Order, Priority, Record
from dibt.lib import clock
from projects.domain import tasks
from projects.models import Application, Cohort, Project, ProjectRole, ProjectState, Role

_numbers = count(1)
AFTER_THE_LEASE = LEASE + timedelta(seconds=1)


def somebody(name: str = "") -> User:
    """A person who has signed in and chosen to be shown by name."""
    name = name or f"person-{next(_numbers)}"
    user = people.sign_in(
        HubProfile(sub=f"sub-{name}", username=name, full_name="", avatar_url="", organisations=())
    )
    people.choose_shown_as(user, shown_as=ShownAs.HUB_NAME)
    return user


def a_project(*, records: int = 0, overlap: int = 2, state: ProjectState = ProjectState.OPEN) -> Project:
    """A project that rates prompts, led by a person of its own."""
    number = next(_numbers)
    lead, now = somebody(f"lead-{number}"), clock.now()
    cohort = Cohort.objects.create(
        slug=f"cohort-{number}",
        name=f"Cohort {number}",
        opens_at=now - timedelta(days=9),
        closes_at=now + timedelta(days=9),
        hosting_organisation="data-is-better-together",
        is_published=True,
        created_at=now,
        created_by=lead,
    )
    said = {
        "title": f"Project {number}",
        "pitch": "Prompts worth answering.",
        "languages": ["eng_Latn"],
        "domain": "general",
        "task_kind": "prompt_rating",
        "data_source": "Written by people.",
        "licence": "cc-by-4.0",
    }
    application = Application.objects.create(
        cohort=cohort, lead=lead, created_at=now, updated_at=now, state="confirmed", **said
    )
    project = Project.objects.create(
        slug=f"project-{number}",
        cohort=cohort,
        application=application,
        created_at=now,
        opened_at=now,
        state=state,
        overlap=overlap,
        **said,
    )
    ProjectRole.objects.create(project=project, user=lead, role=Role.LEAD)
    tasks.start_from_preset(project, by=lead)
    tasks.freeze(project)
    add_records(project, records)
    return project


def add_records(project: Project, number: int) -> None:
    lead = project.leads.get()
    source = Import.objects.create(
        project=project,
        created_by=lead,
        created_at=clock.now(),
        file_name="prompts.jsonl",
        size=0,
        state="done",
    )
    start = project.records.count()
    Record.objects.bulk_create(
        Record(
            project=project,
            imported_by=source,
            external_id=f"prompt-{start + place}",
            content_hash=f"{start + place}",
            fields={"prompt": f"Prompt number {start + place}"},
            queue_key=start + place,
            overlap=project.overlap,
            open_slots=project.overlap,
        )
        for place in range(number)
    )
    totals.change(project.pk, records=number)


def import_records(
    project: Project, names: list[str], *, order: str = Order.FILE, priority: str = Priority.NORMAL
) -> None:
    """Bring records of these names in as an import does at its end."""
    source = Import.objects.create(
        project=project,
        created_by=project.leads.get(),
        created_at=clock.now(),
        file_name="prompts.jsonl",
        size=0,
        state="done",
        rows_good=len(names),
        order=order,
        priority=priority,
    )
    lines = [
        json.dumps({"external_id": name, "content_hash": name, "fields": {"prompt": name}}) for name in names
    ]
    with transaction.atomic():
        records.add(Project.objects.select_for_update(no_key=True).get(pk=project.pk), source, lines)


def taking_part(project: Project, user: User | None = None) -> User:
    """A person who has opened the project and accepted its licence."""
    user = user or somebody()
    contributors.accept_licence(contributors.join(project, by=user))
    return user


def answer(project: Project, user: User, *, quality: int = 4) -> responding.Submitted:
    """Open the next record and answer it."""
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    return responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": quality})


def contributor(project: Project, user: User) -> Contributor:
    return Contributor.objects.get(project=project, user=user)
