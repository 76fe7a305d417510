"""Where to go on once nothing is left: a project one may annotate, in which a record waits, most like the last."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import HubOrganisation, Membership, User
from annotations.domain import responding
from annotations.domain.matching import next_project
from annotations.models import Contributor, Discard, Flag, FlagReason, Record
from dibt.lib import clock
from projects.models import Project, ProjectState
from tests.annotations.worlds import a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db


def like(**said: object) -> Project:
    """An open project in Yoruba on law, unless said otherwise, with a record."""
    project = a_project(records=1)
    other = {"languages": ["yor_Latn"], "domain": "law", "task_kind": "preference", **said}
    Project.objects.filter(pk=project.pk).update(**other)
    return project


def test_language_counts_more_than_domain_and_domain_more_than_the_kind_of_task() -> None:
    here, user = a_project(), somebody()
    by_kind = like(task_kind="prompt_rating")
    assert next_project(here, by=user) == by_kind
    by_domain = like(domain="general")
    like(task_kind="prompt_rating")
    assert next_project(here, by=user) == by_domain
    by_language = like(languages=["hau_Latn", "eng_Latn"])
    like(domain="general", task_kind="prompt_rating")

    assert next_project(here, by=user) == by_language


@pytest.mark.parametrize("state", [state for state in ProjectState if state != ProjectState.OPEN])
def test_a_project_that_takes_no_answers_is_not_offered(state: ProjectState) -> None:
    here = a_project()
    a_project(records=1, state=state)

    assert next_project(here, by=somebody()) is None


def test_this_project_itself_is_not_offered() -> None:
    assert next_project(a_project(records=1), by=somebody()) is None


def test_a_project_for_members_is_offered_to_them_alone() -> None:
    here, member = a_project(), somebody()
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    theirs = like(access="organisation", organisation=organisation)
    Membership.objects.create(user=member, organisation=organisation, seen_at=clock.now())

    assert next_project(here, by=member) == theirs
    assert next_project(here, by=somebody()) is None
    assert next_project(here, by=theirs.leads.get()) is None


def answered(project: Project, user: User) -> None:
    answer(project, user)


def skipped(project: Project, user: User) -> None:
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    responding.skip(project, by=user, record_id=assignment.record_id)


def discarded(project: Project, user: User) -> None:
    Discard.objects.create(
        record=project.records.get(), contributor=contributor(project, user), created_at=clock.now()
    )


def flagged(project: Project, user: User) -> None:
    Flag.objects.create(
        record=project.records.get(),
        contributor=contributor(project, user),
        reason=FlagReason.BROKEN,
        created_at=clock.now(),
    )


@pytest.mark.parametrize("deal", [answered, skipped, discarded, flagged])
def test_a_project_whose_every_record_one_has_dealt_with_is_not_offered(deal: object) -> None:
    here, other = a_project(), a_project(records=1)
    user = taking_part(other)
    assert next_project(here, by=user) == other

    deal(other, user)  # type: ignore[operator]

    assert next_project(here, by=user) is None
    assert next_project(here, by=somebody()) == other


@pytest.mark.parametrize("out", [{"open_slots": 0}, {"set_aside": "discarded"}])
def test_a_project_without_a_record_that_has_room_is_not_offered(out: dict[str, object]) -> None:
    here, other = a_project(), a_project(records=1)
    Record.objects.filter(project=other).update(**out)

    assert next_project(here, by=somebody()) is None


def workspace(project: Project, user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("projects:annotate", args=[project.slug])).content.decode()


def test_the_page_leads_straight_there_when_nothing_is_left() -> None:
    here, other = a_project(), a_project(records=1)
    user = somebody()

    text = workspace(here, user)

    assert "Nothing is left for you here" in text
    assert f'href="{reverse("projects:annotate", args=[other.slug])}"' in text
    assert other.title in text
    assert reverse("projects:list") in text


def test_without_a_match_the_list_is_still_there() -> None:
    text = workspace(a_project(), somebody())

    assert "Here your answers are wanted too" not in text
    assert reverse("projects:list") in text


def test_nobody_looks_for_it_while_there_are_records() -> None:
    here = a_project(records=1)
    user = taking_part(here)
    a_project(records=1)
    client = Client()
    client.force_login(user)

    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("projects:annotate", args=[here.slug]))

    assert "next_project" not in page.context
    assert not [
        query for query in captured if "projects_project" in query["sql"] and "EXISTS" in query["sql"]
    ]
    assert Contributor.objects.count() == 1
