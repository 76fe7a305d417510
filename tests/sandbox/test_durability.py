"""What the sandbox keeps: over a restart, through `kill -9`, and with many clients at once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.sandbox.conftest import ORG, TEMPLATE

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def process(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The sandbox as a process of its own, and where it is."""
    port = free_port()
    command = [sys.executable, "-m", "dibt.sandbox", "--port", str(port), "--data", str(data), "--pace", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        try:
            _wait_until_up(f"http://127.0.0.1:{port}", running)
            yield running, f"http://127.0.0.1:{port}"
        finally:
            running.kill()


def _wait_until_up(url: str, running: subprocess.Popen[bytes]) -> None:
    while running.poll() is None:
        try:
            httpx2.get(f"{url}/_sandbox/health").raise_for_status()
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(running.stdout.read() if running.stdout else "ended at once")


def test_everything_is_still_there_after_a_restart(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as first:
        api = HfApi(endpoint=first.url, token=PLATFORM_TOKEN)
        api.duplicate_repo(
            TEMPLATE, f"{ORG}/kept", repo_type="space", space_variables=[{"key": "A", "value": "1"}]
        )
        api.create_repo(f"{ORG}/rows", repo_type="dataset")
        api.upload_file(
            path_or_fileobj=b"PAR1", path_in_repo="a.parquet", repo_id=f"{ORG}/rows", repo_type="dataset"
        )
        before, keys = api.dataset_info(f"{ORG}/rows").sha, httpx2.get(f"{first.url}/oauth/jwks").json()

    with SandboxServer(tmp_path) as second:
        api = HfApi(endpoint=second.url, token=PLATFORM_TOKEN)
        assert api.get_space_variables(f"{ORG}/kept")["A"].value == "1"
        assert api.get_space_runtime(f"{ORG}/kept").stage == "RUNNING"
        assert api.dataset_info(f"{ORG}/rows").sha == before
        assert httpx2.get(f"{second.url}/oauth/jwks").json() == keys


def test_an_acknowledged_commit_survives_kill_9(tmp_path: Path) -> None:
    acknowledged: list[str] = []

    with process(tmp_path) as (running, url), ThreadPoolExecutor(1) as pool:
        HfApi(endpoint=url, token=PLATFORM_TOKEN).create_repo(f"{ORG}/rows", repo_type="dataset")
        writing = pool.submit(commit_until_killed, url, acknowledged)
        while len(acknowledged) < 20:
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
        writing.result()

    with process(tmp_path) as (_, url):
        api = HfApi(endpoint=url, token=PLATFORM_TOKEN)
        kept = [commit.commit_id for commit in api.list_repo_commits(f"{ORG}/rows", repo_type="dataset")][
            ::-1
        ]
        # The very last one may have been kept without its answer having arrived.
        assert kept[1 : len(acknowledged) + 1] == acknowledged
        assert len(kept) - 1 - len(acknowledged) in {0, 1}
        last = len(acknowledged) - 1
        path = api.hf_hub_download(
            f"{ORG}/rows",
            f"{last}.txt",
            repo_type="dataset",
            revision=acknowledged[-1],
            local_dir=tmp_path / "down",
        )
        assert Path(path).read_text() == f"content {last}"


def commit_until_killed(url: str, acknowledged: list[str]) -> None:
    """Commit one file after another over one connection, without the client's patience with a dead server."""
    with httpx2.Client(headers={"Authorization": f"Bearer {PLATFORM_TOKEN}"}) as client:
        for number in range(100_000):
            lines = [
                {"key": "header", "value": {"summary": str(number)}},
                {
                    "key": "file",
                    "value": {"path": f"{number}.txt", "content": f"content {number}", "encoding": "utf-8"},
                },
            ]
            body = "\n".join(json.dumps(line) for line in lines)
            try:
                answer = client.post(f"{url}/api/datasets/{ORG}/rows/commit/main", content=body.encode())
            except httpx2.TransportError:
                return
            acknowledged.append(answer.json()["commitOid"])


def test_a_terminated_sandbox_ends_silently(tmp_path: Path) -> None:
    with process(tmp_path) as (running, url):
        with httpx2.Client() as kept_open:
            kept_open.get(f"{url}/")
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0
        assert running.stdout is not None
        assert running.stdout.read() == b""


def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path, sandbox: SandboxServer) -> None:
    command = [sys.executable, "-m", "dibt.sandbox", "--port", str(sandbox.port), "--data", str(tmp_path)]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith(b"The sandbox cannot listen on 127.0.0.1:")


def test_of_many_who_want_one_name_one_gets_it(sandbox: SandboxServer, name: str) -> None:
    def duplicate(_number: int) -> int:
        api = HfApi(endpoint=sandbox.url, token=PLATFORM_TOKEN)
        try:
            api.duplicate_repo(TEMPLATE, name, repo_type="space")
        except HfHubHTTPError as error:
            return error.response.status_code
        return 200

    with ThreadPoolExecutor(32) as pool:
        statuses = sorted(pool.map(duplicate, range(32)))

    assert statuses == [200] + [409] * 31


def test_many_clients_write_and_nothing_is_lost(
    sandbox: SandboxServer, platform: HfApi, dataset: str
) -> None:
    def tag(number: int) -> None:
        platform.create_tag(dataset, tag=f"v{number}", repo_type="dataset")
        platform.upload_file(
            path_or_fileobj=b"%d" % number,
            path_in_repo=f"{number}.parquet",
            repo_id=dataset,
            repo_type="dataset",
        )

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(tag, range(64)))

    assert len(platform.list_repo_refs(dataset, repo_type="dataset").tags) == 64
    assert len(platform.list_repo_files(dataset, repo_type="dataset")) == 65
