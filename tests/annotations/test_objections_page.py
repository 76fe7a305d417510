"""The lead's page of records that people object to."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.domain import responding, setting_aside
from annotations.models import Record
from projects.models import Project, ProjectState
from tests.annotations.worlds import a_project, somebody, taking_part

pytestmark = pytest.mark.django_db


def url(project: Project, record: Record | None = None) -> str:
    if record is None:
        return reverse("records:objections", args=[project.slug])
    return reverse("records:decide", args=[project.slug, record.pk])


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def flagged(project: Project, note: str = "") -> Record:
    user = taking_part(project)
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    setting_aside.flag(project, by=user, record_id=assignment.record_id, reason="toxic", note=note)
    return Record.objects.get(pk=assignment.record_id)


def test_a_lead_sees_what_is_said_against_a_record_with_markup_as_text() -> None:
    project = a_project(records=1, overlap=3)
    flagged(project, "<b>Insults</b>")

    page = as_user(project.leads.get()).get(url(project)).content.decode()

    assert "prompt-0" in page
    assert "Prompt number 0" in page
    assert "Toxic" in page
    assert "&lt;b&gt;Insults&lt;/b&gt;" in page
    assert "in the queue" in page


def test_a_lead_leaves_a_record_out_and_puts_it_back() -> None:
    project = a_project(records=1, overlap=3)
    record, lead = flagged(project), as_user(project.leads.get())

    left_out = lead.post(url(project, record), {"decision": "leave_out"}, follow=True)
    record.refresh_from_db()
    out = record.set_aside
    put_back = lead.post(url(project, record), {"decision": "put_back"}, follow=True)
    record.refresh_from_db()

    assert (out, record.set_aside) == ("left_out", "")
    assert "The record is left out." in left_out.content.decode()
    assert "Nothing to decide" in put_back.content.decode()


def test_a_decision_that_is_none_is_refused() -> None:
    project = a_project(records=1)
    record = flagged(project)

    refused = as_user(project.leads.get()).post(url(project, record), {"decision": "burn"})

    record.refresh_from_db()
    assert refused.status_code in {400, 422}
    assert record.set_aside == ""


def test_the_list_has_the_records_of_this_project_alone_those_out_of_the_queue_first() -> None:
    project, other = a_project(records=3, overlap=1), a_project(records=1)
    flagged(other)
    lead = project.leads.get()
    first = flagged(project)
    setting_aside.leave_out(project, by=lead, record_id=first.pk)
    second, third = flagged(project), project.records.get(external_id="prompt-2")
    Record.objects.filter(pk=third.pk).update(set_aside="flagged")

    page = as_user(lead).get(url(project))

    assert [objected.record.pk for objected, _shown in page.context["rows"]] == [
        third.pk,
        second.pk,
        first.pk,
    ]


@pytest.mark.parametrize(("state", "status"), [(ProjectState.OPEN, 403), (ProjectState.SETUP, 404)])
def test_an_outsider_neither_sees_nor_decides(state: ProjectState, status: int) -> None:
    project = a_project(records=1, state=state)
    record, outsider = project.records.get(), as_user(somebody())

    assert outsider.get(url(project)).status_code == status
    assert outsider.post(url(project, record), {"decision": "leave_out"}).status_code == status
    assert Client().get(url(project)).status_code == 302
    assert Client().post(url(project, record), {"decision": "leave_out"}).status_code == 302
    assert not Record.objects.exclude(set_aside="").exists()
