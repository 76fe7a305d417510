"""Guidelines that changed since somebody's last answer: told once, to those whom it concerns."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.domain import guidelines
from annotations.models import Response
from projects.domain import tasks
from projects.models import GuidelinesVersion, Project
from tests.annotations.pages import on_screen
from tests.annotations.worlds import a_project, answer, contributor, somebody, taking_part

pytestmark = pytest.mark.django_db
TOLD = "The guidelines changed since your last answer"


def page_of(project: Project) -> str:
    return reverse("projects:annotate", args=[project.slug])


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rewrite(project: Project, text: str) -> None:
    tasks.save_guidelines(project, by=project.leads.get(), text=text)


def test_what_was_added_and_removed_is_told_and_what_stayed_is_not() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    rewrite(project, "Read twice.\n\nRate from 1.\n\nThank you.")
    answer(project, user)
    rewrite(project, "Read twice.\n\nRate from 1 to 5 <b>only</b>.\n\nThank you.")

    text = as_user(user).get(page_of(project)).content.decode()

    assert TOLD in text
    assert '<del dir="auto">Rate from 1.</del>' in text
    assert '<ins dir="auto">Rate from 1 to 5 &lt;b&gt;only&lt;/b&gt;.</ins>' in text
    assert text.count("<ins") == text.count("<del") == 1


def test_it_goes_with_the_next_answer() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    answer(project, user)
    rewrite(project, "All is new.")
    client = as_user(user)
    record = on_screen(client, page_of(project))

    client.post(page_of(project), {"record": record, "answer.quality": "4"})

    assert TOLD not in client.get(page_of(project)).content.decode()


def test_a_form_that_is_shown_again_still_tells_it() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    answer(project, user)
    rewrite(project, "All is new.")
    client = as_user(user)
    record = on_screen(client, page_of(project))

    again = client.post(page_of(project), {"record": record})

    assert again.status_code == 422
    assert TOLD in again.content.decode()


def test_who_has_answered_nothing_is_told_nothing() -> None:
    project = a_project(records=1)
    rewrite(project, "All is new.")

    assert guidelines.changes_for(contributor(project, taking_part(project))) == ()
    assert TOLD not in as_user(somebody()).get(page_of(project)).content.decode()


def test_another_version_with_the_same_words_is_no_change() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    answer(project, user)
    current = tasks.current_guidelines(project)
    assert current is not None
    GuidelinesVersion.objects.create(
        project=project,
        number=current.number + 1,
        text=current.text + "\n\n",
        created_at=current.created_at,
        created_by=current.created_by,
    )

    assert guidelines.changes_for(contributor(project, user)) == ()


def test_the_last_answer_counts_and_not_an_earlier_one() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    answer(project, user)
    rewrite(project, "All is new.")
    told_after_the_first = guidelines.changes_for(contributor(project, user))
    answer(project, user)

    assert told_after_the_first
    assert guidelines.changes_for(contributor(project, user)) == ()


def test_an_answer_that_knows_no_guidelines_is_compared_with_none() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    answer(project, user)
    Response.objects.update(guidelines_version=None)
    rewrite(project, "All is new.")

    assert guidelines.changes_for(contributor(project, user)) == ()
