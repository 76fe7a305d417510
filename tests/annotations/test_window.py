"""People fill a moving window of the queue: what is begun is soon complete."""

import random

import pytest

from annotations.domain import leasing, records, responding, skipping
from annotations.domain.queue_search import LOOK_BACK_AMONG, LOOK_BACK_EVERY
from annotations.domain.responding import PREFETCH
from projects.models import Project
from tests.annotations.worlds import a_project, answer, contributor, taking_part

pytestmark = pytest.mark.django_db
PEOPLE, OVERLAP, TURNS = 32, 3, 450
WINDOW = (
    PEOPLE + PEOPLE * PREFETCH // OVERLAP
)  # what they hold, and as much again that waits for the next of them


def begun_and_incomplete(project: Project) -> int:
    return project.records.filter(submitted_count__range=(1, OVERLAP - 1)).count()


def names_of_next(project: Project, user, *, turns: int) -> list[str]:
    return [answer(project, user).response.record.external_id for _ in range(turns)]


def test_few_records_are_begun_and_incomplete_at_any_time() -> None:
    chance, project = random.Random(7), a_project(records=2 * TURNS // OVERLAP, overlap=OVERLAP)
    users = [taking_part(project) for _ in range(PEOPLE)]
    begun = []

    for turn in range(TURNS):
        user = chance.choice(users)
        record_id = responding.held(project, by=user)[0].record_id
        match chance.choices(["answer", "skip", "leave"], weights=[90, 6, 4])[0]:
            case "answer":
                responding.submit(project, by=user, record_id=record_id, values={"quality": 3})
            case "skip":
                responding.skip(project, by=user, record_id=record_id)
            case "leave":
                leasing.leave_everything(by=user)
        if turn % 10 == 0:
            begun.append(begun_and_incomplete(project))

    assert max(begun) <= WINDOW
    answered = sum(project.records.values_list("submitted_count", flat=True))
    assert project.records.filter(submitted_count=OVERLAP).count() >= answered // OVERLAP - WINDOW


def test_places_that_are_returned_behind_everybody_are_soon_taken() -> None:
    project = a_project(records=60, overlap=1)
    away, *others = (taking_part(project) for _ in range(3))
    responding.held(project, by=away)
    for user in others:
        names_of_next(project, user, turns=4)
    leasing.leave_everything(by=away)

    given = [name for user in others for name in names_of_next(project, user, turns=2 * LOOK_BACK_EVERY)]

    assert {"prompt-0", "prompt-1", "prompt-2"} <= {*given}


def test_looking_back_leads_nobody_back() -> None:
    project = a_project(records=60, overlap=1)
    away, user = taking_part(project), taking_part(project)
    responding.held(project, by=away, most=1)
    names_of_next(project, user, turns=LOOK_BACK_EVERY - 1)
    leasing.leave_everything(by=away)

    given = names_of_next(project, user, turns=2)

    assert given == ["prompt-0", f"prompt-{LOOK_BACK_EVERY}"]
    assert contributor(project, user).last_queue_key == LOOK_BACK_EVERY


def test_who_is_far_ahead_of_the_others_looks_back_among_few() -> None:
    ahead = LOOK_BACK_AMONG + LOOK_BACK_EVERY
    project = a_project(records=ahead + 3, overlap=2)
    user = taking_part(project)

    given = names_of_next(project, user, turns=ahead)

    assert given == [f"prompt-{number}" for number in range(ahead)]


def test_skipped_ones_that_are_wanted_again_and_a_raised_overlap_are_found_behind() -> None:
    project = a_project(records=12, overlap=1)
    user, other = taking_part(project), taking_part(project)
    first = responding.next_record(project, by=user)
    assert first is not None
    responding.skip(project, by=user, record_id=first.record_id)
    names_of_next(project, user, turns=5)
    skipping.reopen_skipped(project, by=user)
    records.set_overlap(project, by=project.leads.get(), overlap=2)
    project.refresh_from_db()

    assert names_of_next(project, user, turns=2) == ["prompt-0", "prompt-6"]
    assert names_of_next(project, other, turns=12) == [f"prompt-{number}" for number in range(12)]
