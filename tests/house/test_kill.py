"""An answer that was acknowledged is in the database, also after `kill -9` of the web process while people answer, and
what they held then goes to others once its time is up."""

import contextlib
import http.client
import itertools
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.house.running import PATIENCE, eventually
from tests.house.web import web

pytestmark = pytest.mark.slow
RECORDS, PEOPLE, OVERLAP = 120, 4, 3
KILLED_AFTER = (40, 90)  # answers acknowledged in all


@dataclass
class Load:
    """What all clients together were told: answers by public id, as `[record, quality, surplus]`."""

    acknowledged: dict[str, list[Any]] = field(default_factory=dict)
    surprises: list[object] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Annotator:
    """A program that holds several records, answers them, and after a lost connection sends the answer again. Now
    and then it keeps what it holds, returns it, or takes some along."""

    port: int
    path: str
    token: str
    load: Load

    def annotate(self) -> None:
        held = self.post("next/", {"count": 3})["held"]
        for number in itertools.count():
            if not held or self.load.ended.is_set():
                return
            records = [one["record"]["id"] for one in held]
            sent = {
                "record": records[number % len(records)],
                "values": {"quality": 1 + number % 5},
                "count": 3,
            }
            told = self.post("responses/", sent)
            if "response" not in told:
                return
            given, held = told["response"], told["held"]
            self.load.acknowledged[given["id"]] = [
                given["record"],
                given["values"]["quality"],
                given["surplus"],
            ]
            held = self.move_about(number, held)

    def move_about(self, number: int, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
        records = {"records": [one["record"]["id"] for one in held]}
        match number % 12:
            case 3:
                self.post("held/keep/", records)
            case 7:
                self.post("held/leave/", records)
                return list(self.post("next/", {"count": 3})["held"])
            case 11:
                return list(self.post("taken-along/", {"count": 5})["held"])
        return held

    def post(self, to: str, body: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        while not self.load.ended.wait(0.01):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                connection.request("POST", self.path + to, json.dumps(body), headers)
                answer = connection.getresponse()
                told: dict[str, Any] = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                continue  # it was just killed
            finally:
                connection.close()
            if answer.status not in (200, 201):
                self.load.surprises.append(told)
            return told
        return {"held": []}


def test_no_acknowledged_answer_is_lost_when_the_web_process_is_killed_under_load(
    tmp_path: Path, database: dict[str, str]
) -> None:
    load = Load()

    with web(tmp_path, **database) as site, contextlib.ExitStack() as stack:
        world = site.world("seed", records=RECORDS, people=PEOPLE, overlap=OVERLAP)
        path = f"/api/v1/projects/{world['slug']}/"
        people = [
            threading.Thread(target=Annotator(site.port, path, token, load).annotate)
            for token in world["tokens"]
        ]
        stack.callback(load.ended.set)
        site.start()
        for person in people:
            person.start()
        for many in KILLED_AFTER:
            assert eventually(lambda many=many: len(load.acknowledged) >= many)
            site.kill()
            site.start()
        enough = len(load.acknowledged) + 20
        assert eventually(lambda: len(load.acknowledged) >= enough)
        load.ended.set()
        for person in people:
            person.join()
        site.kill()
        in_database = site.world("judge")
        finished = site.world("finish")

    assert load.surprises == []
    assert {public_id: in_database.get(public_id) for public_id in load.acknowledged} == load.acknowledged
    assert finished["places"] == [[OVERLAP, 0]]
    assert (
        sum(not surplus for _record, _quality, surplus in finished["answers"].values()) == RECORDS * OVERLAP
    )
    assert in_database.items() <= finished["answers"].items()
