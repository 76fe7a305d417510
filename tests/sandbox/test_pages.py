"""The pages for people, and downloads as a browser sees them."""

import httpx2
import pytest
from huggingface_hub import HfApi

from dibt.sandbox.testing import SandboxServer


def test_a_space_has_a_page_with_its_stage_and_files(sandbox: SandboxServer, space: str) -> None:
    page = httpx2.get(f"{sandbox.url}/spaces/{space}")

    assert page.status_code == 200
    assert "RUNNING" in page.text
    assert "Dockerfile" in page.text


def test_a_card_is_shown_as_text(sandbox: SandboxServer, platform: HfApi, dataset: str) -> None:
    platform.upload_file(
        path_or_fileobj=b"<script>alert(1)</script>",
        path_in_repo="README.md",
        repo_id=dataset,
        repo_type="dataset",
    )

    page = httpx2.get(f"{sandbox.url}/datasets/{dataset}").text

    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_the_page_of_a_private_dataset_shows_nothing_inside(
    sandbox: SandboxServer, platform: HfApi, name: str
) -> None:
    platform.create_repo(name, repo_type="dataset", private=True)
    platform.upload_file(
        path_or_fileobj=b"# Hidden", path_in_repo="README.md", repo_id=name, repo_type="dataset"
    )

    page = httpx2.get(f"{sandbox.url}/datasets/{name}")

    assert page.status_code == 200
    assert "Hidden" not in page.text
    assert httpx2.get(f"{sandbox.url}/datasets/{name}/resolve/main/README.md").status_code == 401


def test_the_index_leads_to_what_is_public(sandbox: SandboxServer, space: str) -> None:
    index = httpx2.get(f"{sandbox.url}/").text

    assert f'href="/spaces/{space}"' in index


@pytest.mark.parametrize(
    "path", ["/ibis", "/delta-readers", "/sandbox.css", "/avatars/ibis.svg", "/avatars/souk-letters.svg"]
)
def test_what_pages_link_to_is_there(sandbox: SandboxServer, path: str) -> None:
    assert httpx2.get(f"{sandbox.url}{path}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/nobody", "/spaces/nobody/nothing", "/avatars/nobody.svg", "/apps/nobody-nothing", "/a/b/c/d"]
)
def test_what_is_not_there_is_not_found(sandbox: SandboxServer, path: str) -> None:
    assert httpx2.get(f"{sandbox.url}{path}").status_code == 404


def test_a_known_address_with_another_method_says_which_it_knows(sandbox: SandboxServer) -> None:
    answer = httpx2.delete(f"{sandbox.url}/api/whoami-v2")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_a_file_comes_in_pieces(sandbox: SandboxServer, platform: HfApi, dataset: str) -> None:
    platform.upload_file(
        path_or_fileobj=b"0123456789", path_in_repo="a.txt", repo_id=dataset, repo_type="dataset"
    )
    address = f"{sandbox.url}/datasets/{dataset}/resolve/main/a.txt"

    pieces = [
        httpx2.get(address, headers={"Range": asked})
        for asked in ("bytes=2-4", "bytes=7-", "bytes=-2", "bytes=90-")
    ]

    assert [(piece.status_code, piece.content) for piece in pieces] == [
        (206, b"234"),
        (206, b"789"),
        (206, b"89"),
        (416, b""),
    ]
    head = httpx2.head(address)
    assert (head.headers["Content-Length"], head.content) == ("10", b"")
    assert "sandbox" in head.headers["Content-Security-Policy"]


def test_an_upload_address_is_signed(sandbox: SandboxServer) -> None:
    answer = httpx2.put(f"{sandbox.url}/_storage/{'a' * 64}?expires=9999999999&signature=guess", content=b"x")

    assert answer.status_code == 403


def test_a_broken_body_is_a_bad_request(sandbox: SandboxServer) -> None:
    headers = {"Authorization": "Bearer hf_sandbox_platform"}

    for body in (b"{", b"[]", b'{"name": 3}'):
        assert (
            httpx2.post(f"{sandbox.url}/api/repos/create", content=body, headers=headers).status_code == 400
        )


def test_what_nobody_expects_is_refused_and_not_crashed_on(sandbox: SandboxServer, dataset: str) -> None:
    headers = {"Authorization": "Bearer hf_sandbox_platform"}
    bodies = (
        b'{"name": "\\ud800", "type": "dataset"}',
        b"[" * 100_000,
        b'{"name": "a", "type": "spaceship"}',
    )

    for body in bodies:
        assert (
            httpx2.post(f"{sandbox.url}/api/repos/create", content=body, headers=headers).status_code == 400
        )
    injected = httpx2.get(f"{sandbox.url}/api/datasets/{dataset}/revision/x%0d%0aSet-Cookie:%20a=b")
    assert (injected.status_code, "Set-Cookie" in injected.headers) == (404, False)
    assert httpx2.get(f"{sandbox.url}/api/datasets?limit={'9' * 5000}").status_code == 200


def test_a_card_with_a_date_is_read_and_one_with_an_impossible_date_refused(
    platform: HfApi, dataset: str
) -> None:
    def write(date: bytes) -> None:
        card = b"---\ndate: %s\n---\n" % date
        platform.upload_file(
            path_or_fileobj=card, path_in_repo="README.md", repo_id=dataset, repo_type="dataset"
        )

    write(b"2026-02-03")

    card = platform.dataset_info(dataset).card_data
    assert card is not None
    assert card["date"] == "2026-02-03"
    with pytest.raises(ValueError, match="Invalid metadata"):
        write(b"2026-02-31")
