"""Scripted faults as the real client meets them, and the request log."""

import threading

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.sandbox.conftest import TEMPLATE


def test_a_status_is_answered_as_often_as_scripted(
    platform: HfApi, sandbox: SandboxServer, space: str
) -> None:
    limits = {"RateLimit": '"api";r=0;t=55', "Retry-After": "55"}
    sandbox.faults.add("status", path="/runtime$", status=429, headers=limits, times=2)

    for _ in range(2):
        with pytest.raises(HfHubHTTPError) as refused:
            platform.get_space_runtime(space)
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["RateLimit"] == '"api";r=0;t=55'

    assert platform.get_space_runtime(space).stage == "RUNNING"


def test_a_fault_can_spare_the_first_requests(platform: HfApi, sandbox: SandboxServer, space: str) -> None:
    sandbox.faults.add("status", path="/runtime$", status=500, after=2)

    for _ in range(2):
        assert platform.get_space_runtime(space).stage == "RUNNING"
    with pytest.raises(HfHubHTTPError):
        platform.get_space_runtime(space)

    assert platform.get_space_runtime(space).stage == "RUNNING"


def test_two_faults_of_the_same_requests_count_for_themselves(
    platform: HfApi, sandbox: SandboxServer, space: str
) -> None:
    sandbox.faults.add("status", path="/runtime$", status=500, after=2)
    sandbox.faults.add("status", path="/runtime$", status=503)

    statuses = [httpx2.get(f"{sandbox.url}/api/spaces/{space}/runtime").status_code for _ in range(5)]

    assert statuses == [503, 200, 500, 200, 200]


def test_who_comes_while_nobody_is_there_is_refused(
    platform: HfApi, sandbox: SandboxServer, space: str
) -> None:
    assert platform.get_space_runtime(space).stage == "RUNNING"
    sandbox.leave()
    try:
        with pytest.raises(httpx2.ConnectError, match="refused"):
            platform.get_space_runtime(space)
    finally:
        sandbox.listen()

    assert platform.get_space_runtime(space).stage == "RUNNING"


def test_a_reset_happens_before_the_work(platform: HfApi, sandbox: SandboxServer, name: str) -> None:
    sandbox.faults.add("reset", method="POST", path="/duplicate$")

    with pytest.raises(httpx2.TransportError):
        platform.duplicate_repo(TEMPLATE, name, repo_type="space")

    assert not platform.repo_exists(name, repo_type="space")


def test_a_lost_answer_happens_after_the_work(platform: HfApi, sandbox: SandboxServer, name: str) -> None:
    sandbox.faults.add("lost_answer", method="POST", path="/duplicate$")

    with pytest.raises(httpx2.TransportError):
        platform.duplicate_repo(TEMPLATE, name, repo_type="space")

    assert platform.repo_exists(name, repo_type="space")


def test_a_lost_commit_is_found_by_trying_again(
    platform: HfApi, sandbox: SandboxServer, dataset: str
) -> None:
    def upload() -> str:
        return platform.upload_file(
            path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=dataset, repo_type="dataset"
        ).oid

    sandbox.faults.add("lost_answer", path="/commit/")
    with pytest.raises(httpx2.TransportError):
        upload()

    assert upload() == platform.dataset_info(dataset).sha
    assert len(platform.list_repo_commits(dataset, repo_type="dataset")) == 2


def test_a_late_answer_comes_after_the_work(platform: HfApi, sandbox: SandboxServer, name: str) -> None:
    sandbox.faults.add("late_answer", method="POST", path="/duplicate$")
    answers: list[str] = []
    waiting = threading.Thread(
        target=lambda: answers.append(platform.duplicate_repo(TEMPLATE, name, repo_type="space").repo_id)
    )

    waiting.start()
    while not sandbox.requests.all(method="POST", path=f"/api/spaces/{TEMPLATE}/duplicate"):
        waiting.join(0.01)

    assert sandbox.faults.left() == 0
    assert name in sandbox.state.repos("space")
    assert answers == []
    sandbox.faults.clear()
    waiting.join(10)
    assert answers == [name]


def test_a_hanging_call_ends_when_the_client_gives_up(sandbox: SandboxServer, space: str) -> None:
    sandbox.faults.add("hang", path="/runtime$")

    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(f"{sandbox.url}/api/spaces/{space}/runtime", timeout=0.2)

    last = sandbox.requests.all()[-1]
    assert (last.fault, last.status) == ("hang", None)


def test_a_hanging_call_is_let_go_when_the_faults_are_cleared(sandbox: SandboxServer, space: str) -> None:
    sandbox.faults.add("hang", path="/runtime$", seconds=600)
    ended = threading.Event()

    def ask() -> None:
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{sandbox.url}/api/spaces/{space}/runtime", timeout=60)
        ended.set()

    waiting = threading.Thread(target=ask)
    waiting.start()
    while httpx2.get(f"{sandbox.url}/_sandbox/faults").json():
        pass
    sandbox.faults.clear()
    waiting.join(30)

    assert ended.is_set()


def test_a_slow_call_is_answered_in_the_end(platform: HfApi, sandbox: SandboxServer, space: str) -> None:
    sandbox.faults.add("slow", path="/runtime$", seconds=0.05)

    assert platform.get_space_runtime(space).stage == "RUNNING"
    assert [entry.fault for entry in sandbox.requests.all(path=f"/api/spaces/{space}/runtime")] == ["slow"]


def test_faults_are_scripted_over_http_too(sandbox: SandboxServer, platform: HfApi) -> None:
    wanted = {"method": "get", "path": "whoami", "kind": "status", "status": 500, "times": None}
    assert httpx2.post(f"{sandbox.url}/_sandbox/faults", json=wanted).status_code == 201

    for _ in range(3):
        with pytest.raises(HfHubHTTPError):
            platform.whoami()
    assert httpx2.delete(f"{sandbox.url}/_sandbox/faults").status_code == 200

    assert platform.whoami()["name"] == "dibt-bot"


@pytest.mark.parametrize(
    "wanted", [{"kind": "earthquake"}, {"kind": "status", "path": "("}, {}, {"kind": "status", "times": "x"}]
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: SandboxServer, wanted: dict[str, str]) -> None:
    assert httpx2.post(f"{sandbox.url}/_sandbox/faults", json=wanted).status_code == 400


def test_a_page_of_another_site_cannot_script_faults(sandbox: SandboxServer) -> None:
    answer = httpx2.post(
        f"{sandbox.url}/_sandbox/faults", content=b'{"kind": "reset"}', headers={"Content-Type": "text/plain"}
    )

    assert answer.status_code == 415


def test_the_log_tells_what_was_asked_and_no_secret(
    platform: HfApi, sandbox: SandboxServer, space: str
) -> None:
    sandbox.requests.clear()
    platform.add_space_secret(space, "KEY", "a-very-secret-value")

    log = httpx2.get(f"{sandbox.url}/_sandbox/requests")

    assert [(entry["method"], entry["path"], entry["status"]) for entry in log.json()] == [
        ("POST", f"/api/spaces/{space}/secrets", 200)
    ]
    assert "a-very-secret-value" not in log.text
    assert PLATFORM_TOKEN not in log.text


def test_every_answer_says_what_is_left_of_the_rate_limit(sandbox: SandboxServer) -> None:
    first, second = (httpx2.get(f"{sandbox.url}/api/spaces/hardware").headers for _ in range(2))

    assert first["RateLimit-Policy"] == '"fixed window";"api";q=500;w=300'
    assert first["RateLimit"] != second["RateLimit"]
