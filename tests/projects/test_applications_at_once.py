"""What several people or clicks do at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from dibt.lib.errors import ConflictError
from projects.domain import applications
from projects.models import Application, Project
from tests.factories import a_cohort, an_application, organiser, person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What came of each act, all of them begun together; a refusal counts as its result."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait()
            results[place] = acts[place]()
        except ConflictError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_last_seat_is_given_once():
    cohort, judge = a_cohort(seats=1), organiser()
    waiting = [an_application(cohort) for _ in range(4)]

    results = at_once([lambda each=each: applications.accept(each, by=judge) for each in waiting])

    assert sum(isinstance(result, ConflictError) for result in results) == 3
    assert Application.objects.filter(state="accepted").count() == 1


def test_confirming_in_several_tabs_makes_one_project():
    application = an_application()
    applications.accept(application, by=organiser())
    tabs = [Application.objects.get() for _ in range(4)]

    results = at_once([lambda tab=tab: applications.confirm(tab, by=tab.lead) for tab in tabs])

    assert results == [Project.objects.get()] * 4


def test_applying_in_several_tabs_makes_one_draft():
    cohort, lead = a_cohort(), person()

    results = at_once([lambda: applications.start(cohort, by=lead)] * 4)

    assert results == [Application.objects.get()] * 4


def test_projects_of_one_title_confirmed_at_once_get_addresses_of_their_own():
    confirmed = [an_application(title="The same") for _ in range(4)]
    for application in confirmed:
        applications.accept(application, by=organiser())

    at_once([lambda each=each: applications.confirm(each, by=each.lead) for each in confirmed])

    slugs = sorted(Project.objects.values_list("slug", flat=True))
    assert slugs == ["the-same", "the-same-2", "the-same-3", "the-same-4"]
