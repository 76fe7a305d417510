"""`./run` as a whole: it starts, stops, is killed, and starts again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.running import PATIENCE, ROOT, eventually, newcomer, started, two_free_ports

pytestmark = [pytest.mark.slow, pytest.mark.once]


def test_ctrl_c_stops_everything_and_the_next_start_finds_the_data(tmp_path: Path) -> None:
    with started(tmp_path, "--empty") as site:
        assert eventually(site.is_up), site.log.read_text()
        secret = (tmp_path / "django.secret").read_text()

        site.process.send_signal(signal.SIGINT)
        output = site.finish()

        assert site.process.returncode == 0, output
        assert site.url in output
        assert "Traceback" not in output
        assert site.processes() == {}

    with started(tmp_path, "--empty") as site:
        assert eventually(site.is_up), site.log.read_text()
        assert (tmp_path / "django.secret").read_text() == secret


def test_killing_it_with_minus_nine_leaves_no_orphan_and_it_starts_again(tmp_path: Path) -> None:
    with started(tmp_path, "--empty") as site:
        assert eventually(site.is_up), site.log.read_text()

        os.kill(site.process.pid, signal.SIGKILL)

        assert eventually(lambda: site.processes() == {}), site.processes()

    with started(tmp_path, "--empty") as site:
        assert eventually(site.is_up), site.log.read_text()


def test_a_worker_that_dies_takes_the_rest_along_and_is_named(tmp_path: Path) -> None:
    with started(tmp_path, "--empty") as site:
        assert eventually(site.is_up), site.log.read_text()

        os.kill(site.find("dibt.management.worker"), signal.SIGKILL)
        output = site.finish()

        assert site.process.returncode == 1
        assert "The worker process ended by itself" in output
        assert eventually(lambda: site.processes() == {}), site.processes()


def test_two_cannot_run_on_one_folder(tmp_path: Path) -> None:
    with started(tmp_path, "--empty") as site:
        assert eventually(site.is_up), site.log.read_text()

        with started(tmp_path, "--empty") as other:
            output = other.finish()

        assert other.process.returncode == 1
        assert f"The site already runs on the data in {tmp_path}" in output
        assert "Traceback" not in output


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"PORT": "abc"}, "PORT cannot be used: it has to be a whole number"),
        ({"PORT": "70000"}, "PORT cannot be used: it has to be a whole number from 1 to 65534"),
        ({"HOST": "nowhere.invalid"}, "HOST=nowhere.invalid is no address of this machine"),
        (
            {"DATA_DIR": "/proc/nothing"},
            "DATA_DIR cannot be used: it has to be a folder that this user can write",
        ),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "The server of REDIS_URL does not answer"),
        ({"DATABASE_URL": "postgres://127.0.0.1:1/x"}, "The database of DATABASE_URL does not answer"),
        ({"DATABASE_URL": "mysql://127.0.0.1/x"}, "DATABASE_URL cannot be used: it has to be a URL such as"),
        ({"DIBT_ENV": "prod"}, "DIBT_ENV is neither demo nor production"),
    ],
    ids=lambda value: next(iter(value), None) if isinstance(value, dict) else "",
)
def test_what_keeps_it_from_starting_is_said_in_a_sentence(
    given: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    surroundings = newcomer(**{"DATA_DIR": str(tmp_path), "PORT": str(two_free_ports())} | given)

    ended = subprocess.run(
        [sys.executable, "manage.py", "dev", "--empty"],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ended.returncode == 1
    assert sentence in " ".join((ended.stdout + ended.stderr).split())
    assert "Traceback" not in ended.stderr
