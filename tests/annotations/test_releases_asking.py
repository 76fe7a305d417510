"""Who may ask for a release, and what is refused."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from annotations.domain import releases
from annotations.models import Manifest, Release, ReleaseFile, ReleaseState
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from dibt.lib.states import move
from projects.models import ProjectState
from tests.annotations.releasing import answered_project
from tests.annotations.worlds import a_project, somebody

MANIFEST = Manifest(
    build="b",
    records=1,
    responses=2,
    contributors=2,
    named=1,
    left_out=0,
    files=(ReleaseFile("README.md", 10, "ab"),),
)


@pytest.mark.django_db
def test_releases_are_numbered_and_name_the_version_that_answers_use():
    project = answered_project()
    lead = project.leads.get()

    first = releases.request(project, by=lead)
    releases.built(first, MANIFEST)
    second = releases.request(project, by=lead)

    assert [(each.number, each.tag) for each in (first, second)] == [(1, "v1"), (2, "v2")]
    assert first.schema_version == project.schema_versions.get()
    assert first.contents == MANIFEST


@pytest.mark.django_db
def test_without_an_answer_there_is_nothing_to_release():
    project = a_project(records=1)

    with pytest.raises(ConflictError, match="no answer yet"):
        releases.request(project, by=project.leads.get())


@pytest.mark.django_db
def test_a_second_release_waits_until_the_first_is_made():
    project = answered_project()
    releases.request(project, by=project.leads.get())

    with pytest.raises(ConflictError, match="Another release is being made"):
        releases.request(project, by=project.leads.get())

    assert project.releases.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_gets_a_release():
    project = answered_project()
    lead = project.leads.get()
    refused: list[ConflictError] = []

    def ask() -> None:
        try:
            releases.request(project, by=lead)
        except ConflictError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (project.releases.count(), len(refused)) == (1, 5)


@pytest.mark.django_db
def test_only_those_who_run_the_project_can_ask_and_publish():
    project, other = answered_project(), somebody()
    release = releases.request(project, by=project.leads.get())
    releases.built(release, MANIFEST)

    for ask in (
        lambda: releases.request(project, by=other),
        lambda: releases.publish(release, by=other),
        lambda: releases.retry(release, by=other),
    ):
        with pytest.raises(NotAllowedError):
            ask()
    assert ReleaseState(Release.objects.get().state) == ReleaseState.BUILT


@pytest.mark.django_db
def test_what_is_not_built_yet_cannot_be_published_and_what_is_published_not_again():
    project = answered_project()
    lead = project.leads.get()
    release = releases.request(project, by=lead)

    with pytest.raises(ConflictError):
        releases.publish(release, by=lead)
    releases.built(release, MANIFEST)
    releases.publish(release, by=lead)
    with pytest.raises(ConflictError):
        releases.publish(release, by=lead)

    assert release.state == ReleaseState.PUBLISHING


@pytest.mark.django_db
def test_an_older_release_than_the_published_one_is_not_published():
    project = answered_project()
    lead = project.leads.get()
    older, newer = (Release.objects.get(pk=_built(project).pk) for _number in range(2))
    releases.publish(newer, by=lead)
    releases.published(newer, url="https://hub/datasets/a/b", commit="c")

    with pytest.raises(ConflictError, match="Release 2 is published"):
        releases.publish(older, by=lead)


@pytest.mark.django_db
def test_two_releases_are_not_published_at_the_same_time():
    project = answered_project()
    first, second = _built(project), _built(project)
    releases.publish(first, by=project.leads.get())

    with pytest.raises(ConflictError, match="being published"):
        releases.publish(second, by=project.leads.get())

    second.refresh_from_db()
    assert second.state == ReleaseState.BUILT


@pytest.mark.django_db
def test_a_failed_build_is_made_again_when_a_lead_says_so():
    project = answered_project()
    release = releases.request(project, by=project.leads.get())
    releases.fail(release, "The disk is full.")

    releases.retry(release, by=project.leads.get())

    assert (release.state, release.error, release.attempt) == (ReleaseState.REQUESTED, "", 0)


@pytest.mark.django_db
def test_work_that_ends_its_worker_every_time_fails_in_the_end():
    project = answered_project()
    release = releases.request(project, by=project.leads.get())

    begun = [releases.begin(release) for _number in range(releases.ATTEMPTS + 1)]

    assert begun == [True] * releases.ATTEMPTS + [False]
    assert (release.state, release.error) == (ReleaseState.NOT_BUILT, "It was tried 8 times.")


def test_waits_double_up_to_half_an_hour():
    waits = [releases.wait_after(attempt) for attempt in (1, 2, 3, 7, 8)]

    assert waits == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 1800, 1800)]


@pytest.mark.django_db
def test_others_find_only_what_is_published_of_a_project_they_may_see():
    project, other = answered_project(), somebody()
    lead = project.leads.get()
    release = _built(project)

    with pytest.raises(NotVisibleError):
        releases.find(project, number=1, by=other)
    assert releases.find(project, number=1, by=lead) == release
    releases.publish(release, by=lead)
    releases.published(release, url="https://hub/datasets/a/b", commit="c")
    assert releases.find(project, number=1, by=other) == release
    project.state = ProjectState.SETUP
    with pytest.raises(NotVisibleError):
        releases.find(project, number=1, by=other)


@pytest.mark.django_db
def test_every_move_that_is_not_in_the_table_is_refused():
    release = _built(answered_project())

    for state in (ReleaseState.REQUESTED, ReleaseState.PUBLISHED, ReleaseState.NOT_BUILT):
        with pytest.raises(ConflictError):
            move(release, releases.MOVES, to=state)


def _built(project) -> Release:
    release = releases.request(project, by=project.leads.get())
    releases.built(release, MANIFEST)
    return release
