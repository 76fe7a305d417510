"""An answer that was acknowledged is in the database, also after `kill -9` of the web process while people answer."""

import contextlib
import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from dibt.management.site import answers, web_command
from tests.house.running import PATIENCE, ROOT, eventually, newcomer, two_free_ports

pytestmark = pytest.mark.slow
KILLED_AFTER = (40, 90)  # answers acknowledged in all


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """The setting for a database of this test alone, on the server of DATABASE_URL; none for a SQLite file."""
    url, name = os.environ.get("DATABASE_URL", ""), f"kill_{uuid.uuid4().hex}"
    if not url.startswith("postgres"):
        yield {}
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # a name made above
        try:
            yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]  # the same


@dataclass
class Site:
    """Only the web processes, which are killed, and commands on the same data."""

    environment: dict[str, str]
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = web_command(host="127.0.0.1", port=self.port)
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        assert eventually(lambda: answers(f"http://127.0.0.1:{self.port}", path="/healthz"))

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout


@dataclass
class Load:
    """What all clients together were told: answers by public id, as `[record, quality]`."""

    acknowledged: dict[str, list[int]] = field(default_factory=dict)
    surprises: list[object] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Annotator:
    """A program that answers one record after the other, and after a lost connection sends the answer again."""

    port: int
    path: str
    token: str
    load: Load

    def annotate(self) -> None:
        following = self.post("next/", {})["next"]
        for number in itertools.count():
            if following is None or self.load.ended.is_set():
                return
            sent = {"record": following["record"]["id"], "values": {"quality": 1 + number % 5}}
            told = self.post("responses/", sent)
            if "response" not in told:
                return
            given, following = told["response"], told["next"]
            self.load.acknowledged[given["id"]] = [given["record"], given["values"]["quality"]]

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
        return {"next": None}


def test_no_acknowledged_answer_is_lost_when_the_web_process_is_killed_under_load(
    tmp_path: Path, database: dict[str, str]
) -> None:
    port, load = two_free_ports(), Load()
    site = Site(newcomer(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="dibt.settings", **database), port)
    site.run("manage.py", "migrate", "--verbosity", "0")
    world = json.loads(site.run("-m", "tests.house.kill_world", "seed"))
    path = f"/api/v1/projects/{world['slug']}/"
    people = [
        threading.Thread(target=Annotator(port, path, token, load).annotate) for token in world["tokens"]
    ]

    with contextlib.ExitStack() as stack:
        stack.callback(site.kill)
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

    in_database = json.loads(site.run("-m", "tests.house.kill_world", "judge"))
    assert load.surprises == []
    assert {public_id: in_database.get(public_id) for public_id in load.acknowledged} == load.acknowledged
