"""Records that a program holds: several at once, kept, returned, taken along, and the skipped ones again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.domain import queue, responding
from annotations.domain.leasing import A_DAY
from annotations.models import Assignment, Response
from dibt.lib import clock
from projects.models import Project, ProjectState
from tests.annotations.test_api import Api
from tests.annotations.worlds import a_project, somebody, taking_part

pytestmark = pytest.mark.django_db
LEASES = [
    ("post", "held/keep/"),
    ("post", "held/leave/"),
    *((verb, "taken-along/") for verb in ("get", "post", "delete")),
]
SKIPPED = [("get", "skips/"), ("delete", "skips/")]


class OfProject(Api):
    """A program that only knows one project."""

    def __init__(self, project: Project, user=None) -> None:
        super().__init__(user)
        self.path = f"/api/v1/projects/{project.slug}/"

    def ask(self, verb: str, path: str, body: object = None):
        return self.client.generic(verb.upper(), self.path + path, *self._body(body))

    def _body(self, body: object) -> tuple[str, ...]:
        return (
            () if body is None else (self.client._encode_json(body, "application/json"), "application/json")
        )


def names(answer: dict) -> list[str]:
    return [one["record"]["external_id"] for one in answer["held"]]


def test_a_program_holds_as_many_as_it_asks_for_and_gets_one_for_each_answer() -> None:
    project = a_project(records=5)
    program = OfProject(project, taking_part(project))

    opened = program.ask("post", "next/", {"count": 3}).json()
    record = opened["next"]["record"]["id"]
    body = {"record": record, "values": {"quality": 4}, "count": 3}
    answered = program.ask("post", "responses/", body).json()

    assert names(opened) == ["prompt-0", "prompt-1", "prompt-2"]
    assert opened["next"] == opened["held"][0]
    assert names(answered) == ["prompt-1", "prompt-2", "prompt-3"]
    assert answered["next"] == answered["held"][0]


@pytest.mark.parametrize(
    ("path", "said"), [("skips/", {}), ("discards/", {}), ("flags/", {"reason": "broken"})]
)
def test_what_is_let_go_is_followed_by_as_many_as_the_program_asks_for(path: str, said: dict) -> None:
    project = a_project(records=5)
    program = OfProject(project, taking_part(project))
    record = program.ask("post", "next/", {"count": 2}).json()["next"]["record"]["id"]

    let_go = program.ask("post", path, {"record": record, "count": 2, **said}).json()

    assert names(let_go) == ["prompt-1", "prompt-2"]
    assert let_go["next"] == let_go["held"][0]


def test_without_a_number_it_is_one() -> None:
    project = a_project(records=3)
    program = OfProject(project, taking_part(project))

    assert names(program.ask("post", "next/").json()) == ["prompt-0"]
    assert names(program.ask("post", "next/", {}).json()) == ["prompt-0"]


@pytest.mark.parametrize("count", [0, 11, -1, "many", None, 2**70, 1.5])
@pytest.mark.parametrize("path", ["next/", "responses/", "skips/", "discards/", "flags/"])
def test_a_number_that_is_none_is_refused_and_changes_nothing(path: str, count: object) -> None:
    project = a_project(records=3)
    user = taking_part(project)
    record = responding.held(project, by=user, most=1)[0].record_id
    body = {"record": record, "values": {"quality": 4}, "reason": "broken", "count": count}

    refused = OfProject(project, user).ask("post", path, body)

    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["count"]
    assert Assignment.objects.count() == 1
    assert not Response.objects.exists()


def test_three_at_once_cost_no_more_queries_than_one() -> None:
    project = a_project(records=9)
    program = OfProject(project, taking_part(project))
    program.ask("post", "next/", {})
    counted = []
    for count in (1, 3):
        record = program.ask("post", "next/", {"count": count}).json()["next"]["record"]["id"]
        with CaptureQueriesContext(connection) as captured:
            program.ask("post", "responses/", {"record": record, "values": {"quality": 4}, "count": count})
        counted.append(len(captured))

    more = 0 if connection.vendor == "postgresql" else 2  # SQLite keeps each that was held
    assert counted[1] <= counted[0] + more


def test_a_program_keeps_what_it_works_on() -> None:
    project, now = a_project(records=3), clock.now()
    user = taking_part(project)
    with clock.at(now):
        mine = [one.record_id for one in responding.held(project, by=user)]
    theirs = [one.record_id for one in responding.held(project, by=taking_part(project))]

    with clock.at(now + timedelta(minutes=9)):
        kept = OfProject(project, user).ask("post", "held/keep/", {"records": [*mine[:2], *theirs[2:]]})

    assert kept.json() == {"records": mine}
    assert set(Assignment.objects.filter(contributor__user=user).values_list("expires_at", flat=True)) == {
        now + timedelta(minutes=9) + queue.LEASE
    }


def test_a_program_that_leaves_returns_what_it_has_not_shown() -> None:
    project = a_project(records=4)
    user = taking_part(project)
    records = [one.record_id for one in responding.held(project, by=user)]
    program = OfProject(project, user)

    left = program.ask("post", "held/leave/", {"records": records, "seen": records[0]})
    again = program.ask("post", "held/leave/", {"records": records})

    assert (left.json(), again.json()) == ({"returned": 2}, {"returned": 1})
    assert not Assignment.objects.exists()


def test_a_program_takes_records_along_and_gives_them_back() -> None:
    project = a_project(records=60)
    program = OfProject(project, taking_part(project))

    few = program.ask("post", "taken-along/", {"count": 2}).json()
    many = program.ask("post", "taken-along/").json()
    listed = program.ask("get", "taken-along/").json()
    returned = program.ask("delete", "taken-along/").json()

    assert names(few) == ["prompt-0", "prompt-1"]
    assert len(many["held"]) == 50
    assert listed == many
    assert many["held"][0]["expires_at"] > (clock.now() + A_DAY - timedelta(minutes=1)).isoformat()
    assert returned == {"returned": 50}
    assert program.ask("get", "taken-along/").json() == {"guidelines_version": 1, "held": []}


def test_a_program_asks_for_its_skipped_ones() -> None:
    project = a_project(records=2)
    program = OfProject(project, taking_part(project))
    for _ in range(2):
        record = program.ask("post", "next/").json()["next"]["record"]["id"]
        program.ask("post", "skips/", {"record": record})
    assert program.ask("post", "next/").json() == {"guidelines_version": 1, "next": None, "held": []}

    waiting = program.ask("get", "skips/").json()
    reopened = program.ask("delete", "skips/").json()

    assert (waiting, reopened) == ({"waiting": 2}, {"offered_again": 2})
    assert names(program.ask("post", "next/", {"count": 9}).json()) == ["prompt-0", "prompt-1"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("held/keep/", {}),
        ("held/keep/", {"records": ["x"]}),
        ("held/keep/", {"records": [1] * 51}),
        ("held/leave/", {"records": 3}),
        ("held/leave/", {"records": [], "seen": "x"}),
        ("taken-along/", {"count": 51}),
        ("taken-along/", []),
    ],
)
def test_what_makes_no_sense_is_refused(path: str, body: object) -> None:
    project = a_project(records=1)

    refused = OfProject(project, taking_part(project)).ask("post", path, body)

    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("verb", "path"), LEASES + SKIPPED)
def test_who_has_no_token_is_asked_for_one_and_others_see_no_project_in_setup(verb: str, path: str) -> None:
    project = a_project(records=3)
    held = responding.held(project, by=taking_part(project))
    body = {"records": [one.record_id for one in held]} if verb == "post" and "held" in path else None

    assert OfProject(project).ask(verb, path, body).status_code == 401
    told = OfProject(project, somebody()).ask(verb, path, body)
    Project.objects.update(state=ProjectState.SETUP)
    hidden = OfProject(project, somebody()).ask(verb, path, body)

    assert told.status_code == 200
    assert hidden.status_code == 404
    assert Assignment.objects.filter(pk__in=[one.pk for one in held]).count() == 3
