"""Only the web processes of a site, on data of their own, and a project on it that people answer by the API."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dibt.management.site import answers, web_command
from tests.house.running import PATIENCE, ROOT, eventually, newcomer, two_free_ports


@dataclass
class Web:
    """The web processes, which can be killed, and commands on the same data."""

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
            self.process = None

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

    def world(self, verb: str, **said: int) -> dict[str, Any]:
        """What `kill_world` tells of this site's data."""
        told: dict[str, Any] = json.loads(self.run("-m", "tests.house.kill_world", verb, json.dumps(said)))
        return told


@contextlib.contextmanager
def web(folder: Path, **settings: str) -> Iterator[Web]:
    """Web processes that are not started yet, on a database with all its tables; killed at the end."""
    environment = newcomer(DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE="dibt.settings", **settings)
    site = Web(environment, two_free_ports())
    site.run("manage.py", "migrate", "--verbosity", "0")
    try:
        yield site
    finally:
        site.kill()
