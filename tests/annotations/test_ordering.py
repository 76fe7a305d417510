"""In which order records are handed out: as in the file or shuffled, before all others or when nothing else is left."""

from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from annotations.domain import contributors, imports, leasing, queue, records, releases, responding
from annotations.domain.ordering import BAND
from annotations.models import Contributor, Order, Priority, Record
from annotations.releasing import snapshot
from annotations.tasks import imports as work
from dibt.lib.errors import InvalidError
from projects.models import Project
from tests.annotations import worlds
from tests.annotations.import_worlds import check, external_ids, fresh, lead_of, prompts, uploaded
from tests.annotations.test_imports import KilledError
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import answer, contributor, taking_part

pytestmark = pytest.mark.django_db


def a_project(*, overlap: int = 2) -> Project:
    return worlds.a_project(overlap=overlap)


def bring_in(
    project: Project, number: int, *, start: int = 0, order: str = Order.FILE, priority: str = Priority.NORMAL
) -> None:
    import_ = check(uploaded(project, prompts(number, start=start)))
    imports.commit(import_, by=lead_of(project), order=order, priority=priority)
    work.commit(import_.pk)
    assert fresh(import_).state == "done", fresh(import_).error


def names(project: Project, user: User, *, most: int) -> list[str]:
    return [one.record.external_id for one in responding.held(project, by=user, most=most)]


def test_records_that_come_first_are_next_for_everybody_after_what_they_have_open() -> None:
    project = a_project()
    bring_in(project, 6)
    further_on, at_work, newcomer = (taking_part(project) for _ in range(3))
    for _ in range(3):
        answer(project, further_on)
    assert names(project, at_work, most=3) == ["p0", "p1", "p2"]

    bring_in(project, 2, start=10, priority=Priority.FIRST)

    assert names(project, further_on, most=3) == ["p10", "p11", "p3"]
    answer(project, at_work)
    assert names(project, at_work, most=4) == ["p1", "p2", "p10", "p11"]
    assert names(project, newcomer, most=1) == ["p3"]
    assert_invariants(project, most=2)


def test_who_is_through_with_what_comes_first_goes_on_where_they_were() -> None:
    project = a_project(overlap=9)
    bring_in(project, 30)
    user = taking_part(project)
    for _ in range(20):
        answer(project, user)
    bring_in(project, 2, start=100, priority=Priority.FIRST)

    given = [answer(project, user).response.record.external_id for _ in range(4)]

    assert given == ["p100", "p101", "p20", "p21"]


def test_an_answer_to_what_was_open_does_not_hide_what_comes_first() -> None:
    project = a_project()
    bring_in(project, 6)
    user = taking_part(project)
    opened = responding.held(project, by=user, most=3)
    bring_in(project, 3, start=10, priority=Priority.FIRST)

    for assignment in reversed(opened):
        submitted = responding.submit(project, by=user, record_id=assignment.record_id, values={"quality": 2})

    after = responding.held_after(submitted)
    assert [one.record.external_id for one in after] == ["p10", "p11", "p12"]


def test_a_search_that_was_just_being_made_does_not_hide_what_comes_first() -> None:
    project = a_project()
    bring_in(project, 6)
    user = taking_part(project)
    answer(project, user)
    as_read_before = contributor(project, user)
    bring_in(project, 3, start=10, priority=Priority.FIRST)

    (held,) = queue.hold(as_read_before)
    answer(project, user)

    assert held.record.external_id == "p1"
    assert names(project, user, most=2) == ["p10", "p11"]


def test_a_late_answer_does_not_hide_what_comes_first() -> None:
    project = a_project()
    bring_in(project, 6)
    user = taking_part(project)
    opened = responding.held(project, by=user, most=1)[0]
    leasing.leave_everything(by=user)
    bring_in(project, 1, start=10, priority=Priority.FIRST)

    responding.submit(project, by=user, record_id=opened.record_id, values={"quality": 2})

    assert names(project, user, most=1) == ["p10"]


def test_records_for_the_end_come_when_nothing_else_is_left_also_of_later_files() -> None:
    project = a_project(overlap=1)
    bring_in(project, 2, priority=Priority.LAST)
    bring_in(project, 2, start=10)
    user = taking_part(project)
    assert names(project, user, most=4) == ["p10", "p11", "p0", "p1"]
    for _ in range(3):
        answer(project, user)

    bring_in(project, 1, start=20)
    answer(project, user)  # of the one that was open

    assert external_ids(project) == ["p10", "p11", "p20", "p0", "p1"]
    assert names(project, user, most=1) == ["p20"]


def test_each_band_goes_on_where_it_ended() -> None:
    project = a_project()
    for start, priority in enumerate([Priority.NORMAL, Priority.FIRST, Priority.LAST] * 2):
        bring_in(project, 1, start=start, priority=priority)

    assert external_ids(project) == ["p1", "p4", "p0", "p3", "p2", "p5"]
    assert [record.queue_key for record in project.records.all()] == [
        -BAND, -BAND + 1, 0, 1, BAND, BAND + 1,
    ]  # fmt: skip


def test_shuffled_records_fill_the_same_places_in_another_order() -> None:
    project = a_project()
    bring_in(project, 3)
    bring_in(project, 40, start=10, order=Order.SHUFFLED)

    shuffled = external_ids(project)[3:]

    assert set(shuffled) == {f"p{number}" for number in range(10, 50)}
    assert shuffled != [f"p{number}" for number in range(10, 50)]
    assert list(project.records.values_list("queue_key", flat=True)) == list(range(43))
    # neighbours of the file have come apart: in order, all of these would be 1
    places = {name: place for place, name in enumerate(shuffled)}
    apart = [abs(places[f"p{number}"] - places[f"p{number + 1}"]) for number in range(10, 49)]
    assert sum(apart) / len(apart) > 5


def test_a_shuffle_that_a_killed_worker_began_ends_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    project = a_project()
    import_ = check(uploaded(project, prompts(1_200)))
    imports.commit(import_, by=lead_of(project), order=Order.SHUFFLED, priority=Priority.FIRST)
    begun: list[dict[str, int]] = []
    chunks = records._chunks

    def dying(rows):  # type: ignore[no-untyped-def]
        first = next(chunks(rows))
        begun.append({record.external_id: record.queue_key for record in first})
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(records, "_chunks", dying)
        with suppress(KilledError):
            work.commit(import_.pk)
    assert not Record.objects.exists()

    work.commit(import_.pk)

    came = dict(project.records.values_list("external_id", "queue_key"))
    assert {name: came[name] for name in begun[0]} == begun[0]
    assert sorted(came.values()) == list(range(-BAND, -BAND + 1_200))


@pytest.mark.parametrize("said", [{"order": "upside-down"}, {"priority": "highest"}, {"order": ""}])
def test_a_place_that_is_none_is_refused_and_nothing_comes_in(said: dict[str, str]) -> None:
    project = a_project()
    import_ = check(uploaded(project, prompts(2)))

    with pytest.raises(InvalidError) as refusal:
        imports.commit(import_, by=lead_of(project), **said)

    assert list(refusal.value.fields) == list(said)
    assert fresh(import_).state == "checked"


def test_a_file_checked_before_another_came_first_is_checked_again() -> None:
    project = a_project()
    waiting = check(uploaded(project, prompts(2)))
    bring_in(project, 2, priority=Priority.FIRST)

    imports.commit(waiting, by=lead_of(project), order=Order.SHUFFLED)
    work.commit(waiting.pk)

    assert fresh(waiting).state == "checking"
    assert fresh(waiting).order == Order.SHUFFLED
    assert project.records.count() == 2


def test_a_release_holds_what_came_first_first() -> None:
    project = a_project(overlap=1)
    user = taking_part(project)
    bring_in(project, 3)
    for _ in range(3):
        answer(project, user)
    bring_in(project, 2, start=10, priority=Priority.FIRST)
    for _ in range(2):
        answer(project, user)
    release = releases.request(project, by=lead_of(project))

    chunks = list(snapshot.items(release, at_once=2))

    assert [item.record.external_id for items in chunks for item in items] == ["p10", "p11", "p0", "p1", "p2"]


def test_bringing_in_costs_the_same_number_of_queries_whatever_the_number_of_people() -> None:
    counted = []
    for people in (1, 20):
        project = a_project()
        bring_in(project, 3)
        for _ in range(people):
            contributors.join(project, by=taking_part(project))
        answer(project, taking_part(project))
        import_ = check(uploaded(project, prompts(2, start=10)))
        imports.commit(import_, by=lead_of(project), priority=Priority.FIRST)
        with CaptureQueriesContext(connection) as captured:
            work.commit(import_.pk)
        counted.append(len(captured))
        assert set(Contributor.objects.filter(project=project).values_list("last_queue_key", flat=True)) <= {
            -BAND - 1,
            contributors.Contributor._meta.get_field("last_queue_key").default,
        }

    assert counted[0] == counted[1]


def test_people_of_other_projects_go_on_as_they_were() -> None:
    project, other = a_project(), a_project()
    for each in (project, other):
        bring_in(each, 3)
    user = taking_part(other)
    answer(other, user)
    before = contributor(other, user).last_queue_key

    bring_in(project, 1, start=10, priority=Priority.FIRST)

    assert contributor(other, user).last_queue_key == before
