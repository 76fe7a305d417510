"""Changing an own answer: what is kept of it, and when it is too late."""

import json
import shutil

import pytest

from accounts.models import HubOrganisation
from annotations.domain import editing, responding, setting_aside, totals
from annotations.models import Contributor, Release, ReleaseState, Response, ResponseEdit
from annotations.releasing import publishing
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from projects.domain import tasks
from projects.models import Project, ProjectState
from projects.schema.definition import TaskSchema
from tests.annotations import releasing
from tests.annotations.worlds import a_project, answer, taking_part

pytestmark = pytest.mark.django_db


def counts(project: Project) -> list[object]:
    places = project.records.values_list("open_slots", "submitted_count")
    people = project.contributors.values_list(
        "submitted_count", "skipped_count", "last_queue_key", "last_answer_at"
    )
    return [totals.of(project), list(places.order_by("pk")), list(people.order_by("pk"))]


def test_an_edit_takes_the_place_of_the_answer_and_what_was_before_is_kept() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    given.refresh_from_db()

    editing.edit(given, by=user, values={"quality": 5})
    editing.edit(given, by=user, values={"quality": 1})

    assert Response.objects.get().values == {"quality": 1}
    assert [edit.values for edit in given.edits.all()] == [{"quality": 5}, {"quality": 2}]
    assert Response.objects.get().submitted_at == given.submitted_at


def test_an_edit_changes_no_count_and_no_place() -> None:
    project = a_project(records=3)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    held = responding.next_record(project, by=user)
    before = counts(project)

    editing.edit(given, by=user, values={"quality": 5})

    assert counts(project) == before
    assert responding.next_record(project, by=user) == held


def test_the_same_values_again_are_no_edit() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response

    editing.edit(given, by=user, values={"quality": 2})

    assert not ResponseEdit.objects.exists()


@pytest.mark.parametrize("values", [{}, {"quality": 9}, {"quality": "4"}, {"other": 1}, [], None])
def test_values_that_do_not_fit_the_task_change_nothing(values: object) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response

    with pytest.raises(InvalidError):
        editing.edit(given, by=user, values=values)

    assert Response.objects.get().values == {"quality": 2}
    assert not ResponseEdit.objects.exists()


def test_the_answer_of_somebody_else_is_not_there_also_for_the_lead() -> None:
    project = a_project(records=1)
    given = answer(project, taking_part(project), quality=2).response

    for other in (taking_part(project), project.leads.get()):
        with pytest.raises(NotVisibleError):
            editing.edit(given, by=other, values={"quality": 5})
        with pytest.raises(NotVisibleError):
            editing.require_editable(given, by=other)

    assert Response.objects.get().values == {"quality": 2}


def test_an_answer_that_was_deleted_meanwhile_cannot_be_changed() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user).response
    responding.take_back(given, by=user)

    with pytest.raises(NotVisibleError):
        editing.edit(given, by=user, values={"quality": 5})


def test_the_history_is_deleted_with_the_answer() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    editing.edit(given, by=user, values={"quality": 5})

    responding.take_back(given, by=user)

    assert not ResponseEdit.objects.exists()


def test_an_answer_to_an_older_version_is_changed_by_the_present_one() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    first = given.schema_version
    lead = project.leads.get()
    comment = {"kind": "text", "name": "why", "title": "Why?", "required": False}
    definition = first.schema.to_json()
    definition["questions"] = [*definition["questions"], comment]  # type: ignore[misc]
    second = tasks.save_schema(project, by=lead, schema=TaskSchema.from_json(definition))

    editing.edit(given, by=user, values={"quality": 2, "why": "Clear."})

    changed, kept = Response.objects.get(), ResponseEdit.objects.get()
    assert changed.schema_version == second
    assert (kept.schema_version, kept.values) == (first, {"quality": 2})


@pytest.mark.parametrize("state", [ProjectState.OPEN, ProjectState.PAUSED, ProjectState.COMPLETED])
def test_a_slip_can_be_set_right_while_the_project_is_paused_or_completed(state: ProjectState) -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    Project.objects.update(state=state)

    editing.edit(given, by=user, values={"quality": 5})

    assert Response.objects.get().values == {"quality": 5}
    assert editing.fixed(Response.objects.select_related("project")) == {}


def test_the_answers_of_an_archived_project_stay_as_they_are() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    Project.objects.update(state=ProjectState.ARCHIVED)

    with pytest.raises(ConflictError, match="stay as they are"):
        editing.edit(given, by=user, values={"quality": 5})

    assert list(editing.fixed(Response.objects.select_related("project"))) == [given.pk]
    assert Response.objects.get().values == {"quality": 2}


def test_who_left_the_organisation_of_a_project_changes_nothing_in_it() -> None:
    project = a_project(records=1)
    user = taking_part(project)
    given = answer(project, user, quality=2).response
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access="organisation", organisation=organisation)

    with pytest.raises(NotAllowedError, match="for members of"):
        editing.edit(given, by=user, values={"quality": 5})


def given_by(project: Project, number: int = 0) -> tuple[Response, Contributor]:
    contributor = project.contributors.order_by("pk")[number]
    return contributor.responses.order_by("pk")[0], contributor


def in_state(release: Release, state: ReleaseState) -> None:
    Release.objects.filter(pk=release.pk).update(state=state)


@pytest.mark.django_db(transaction=True)
def test_an_answer_in_a_published_release_stays_and_a_later_one_can_be_changed() -> None:
    project = releasing.answered_project(records=1, people=1)
    released, author = given_by(project)
    in_state(releasing.built(project), ReleaseState.PUBLISHED)
    late = releasing.give(
        project, releasing.a_contributor(project), released.record.external_id, {"quality": 3}
    )
    assert author.user is not None
    assert late.contributor.user is not None

    with pytest.raises(ConflictError, match="in release 1, which is published"):
        editing.edit(released, by=author.user, values={"quality": 5})
    editing.edit(late, by=late.contributor.user, values={"quality": 5})

    released.refresh_from_db()
    assert released.values == {"quality": 1}
    assert list(editing.fixed(Response.objects.select_related("project"))) == [released.pk]


@pytest.mark.django_db(transaction=True)
def test_a_surplus_answer_is_in_no_release_and_can_be_changed() -> None:
    project = releasing.answered_project(records=1, people=1)
    surplus = releasing.give(
        project, releasing.a_contributor(project), "prompt-0", {"quality": 3}, surplus=True
    )
    in_state(releasing.built(project), ReleaseState.PUBLISHED)
    assert surplus.contributor.user is not None

    changed = editing.edit(surplus, by=surplus.contributor.user, values={"quality": 4})

    assert changed.values == {"quality": 4}


def leave_out(response: Response) -> None:
    project = response.project
    setting_aside.leave_out(project, by=project.leads.get(), record_id=response.record_id)


def put_back(response: Response) -> None:
    project = response.project
    setting_aside.put_back(project, by=project.leads.get(), record_id=response.record_id)


def can_be_changed(response: Response, author: Contributor) -> bool:
    """Also as the list of own answers says it."""
    assert author.user is not None
    fixed = response.pk in editing.fixed(Response.objects.filter(pk=response.pk).select_related("project"))
    try:
        editing.edit(response, by=author.user, values={"quality": 5})
    except ConflictError:
        assert fixed
        return False
    assert not fixed
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", [ProjectState.OPEN, ProjectState.COMPLETED])
def test_an_answer_whose_record_was_left_out_of_a_release_can_be_changed(state: ProjectState) -> None:
    project = releasing.answered_project(records=2, people=1)
    first, author = given_by(project)
    second = author.responses.order_by("pk")[1]
    leave_out(first)
    in_state(releasing.built(project), ReleaseState.PUBLISHED)
    Project.objects.update(state=state)

    assert can_be_changed(first, author)
    assert not can_be_changed(second, author)


@pytest.mark.django_db(transaction=True)
def test_what_a_lead_does_with_a_record_afterwards_changes_nothing_about_what_is_released() -> None:
    project = releasing.answered_project(records=2, people=1)
    without, author = given_by(project)
    within = author.responses.order_by("pk")[1]
    leave_out(without)
    in_state(releasing.built(project), ReleaseState.PUBLISHED)

    put_back(without)
    leave_out(within)

    assert can_be_changed(without, author)
    assert not can_be_changed(within, author)
    assert not publishing_would_change(project)


def publishing_would_change(project: Project) -> bool:
    """Whether a release of now says other than the published one of an answer that is in both."""
    first = {row["response_id"]: row["values"] for row in releasing.response_rows(project.releases.get())}
    now = {str(one.public_id): json.dumps(one.values) for one in Response.objects.filter(project=project)}
    return any(now[key] != values for key, values in first.items())


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_counts_only_since_a_release_can_be_changed() -> None:
    project = releasing.answered_project(records=1, people=1)
    late_author = releasing.a_contributor(project)
    late = releasing.give(project, late_author, "prompt-0", {"quality": 3}, surplus=True)
    in_state(releasing.built(project), ReleaseState.PUBLISHED)

    Response.objects.filter(pk=late.pk).update(surplus=False)

    assert can_be_changed(late, late_author)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_does_not_fit_the_released_task_can_be_changed() -> None:
    project = releasing.answered_project(records=2, people=1)
    misfit, author = given_by(project)
    Response.objects.filter(pk=misfit.pk).update(values={"another": "task"})
    release = releasing.built(project)
    assert release.contents is not None
    assert release.contents.left_out == 1
    in_state(release, ReleaseState.PUBLISHED)

    assert can_be_changed(misfit, author)


@pytest.mark.django_db(transaction=True)
def test_where_the_files_of_a_release_are_lost_what_was_in_the_queue_stays() -> None:
    project = releasing.answered_project(records=2, people=1)
    without, author = given_by(project)
    within = author.responses.order_by("pk")[1]
    leave_out(without)
    release = releasing.built(project)
    in_state(release, ReleaseState.PUBLISHED)
    shutil.rmtree(releasing.folder(release))

    assert can_be_changed(without, author)
    assert not can_be_changed(within, author)


@pytest.mark.django_db(transaction=True)
def test_while_a_release_is_published_no_answer_changes_under_it() -> None:
    project = releasing.answered_project(records=1, people=1)
    given, author = given_by(project)
    release = releasing.built(project)
    in_state(release, ReleaseState.PUBLISHING)
    assert author.user is not None

    with pytest.raises(ConflictError, match="being published at this moment"):
        editing.edit(given, by=author.user, values={"quality": 5})
    in_state(release, ReleaseState.NOT_PUBLISHED)
    editing.edit(given, by=author.user, values={"quality": 5})

    assert Response.objects.get().values == {"quality": 5}


@pytest.mark.django_db(transaction=True)
def test_files_that_hold_an_answer_as_it_was_before_an_edit_are_made_anew_before_they_are_published() -> None:
    project = releasing.answered_project(records=1, people=1)
    given, author = given_by(project)
    assert author.user is not None
    editing.edit(given, by=author.user, values={"quality": 4})
    release = releasing.built(project)
    assert release.contents is not None
    as_built = publishing.is_stale(release, release.contents)

    editing.edit(given, by=author.user, values={"quality": 5})

    assert [row["values"] for row in releasing.response_rows(release)] == ['{"quality": 4}']
    assert not as_built
    assert publishing.is_stale(release, release.contents)
