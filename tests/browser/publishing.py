"""From answers to a dataset that others load."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.house.running import newcomer

LOAD = """\
import json, sys
from datasets import load_dataset
print(json.dumps(list(load_dataset(sys.argv[1], split="train")), default=str))
"""


def make_a_release(lead: Visitor, slug: str) -> None:
    """Ask for one and wait until its files are there; then it is published, and the page says so."""
    lead.go(f"/manage/{slug}/releases/")
    lead.press("Make the first release")
    expect(lead.main.get_by_role("button", name="Publish release 1")).to_be_visible()


def publish_it(lead: Visitor) -> str:
    """The dataset's name on the Hub."""
    lead.press("Publish release 1")
    lead.sees("The dataset is on the Hub:")
    return lead.main.locator("a[href*='/datasets/']").first.inner_text()


def files_of(lead: Visitor) -> dict[str, bytes]:
    """What a download of all files holds."""
    with zipfile.ZipFile(io.BytesIO(lead.download("Download all as ZIP", exact=False))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def loaded(repo: str, *, hub: str, home: Path) -> list[dict[str, Any]]:
    """The rows that `load_dataset` reads, in a process that knows nothing but the Hub's address."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD, repo],
        env=newcomer(HF_ENDPOINT=hub, HF_HOME=str(home), HF_HUB_DISABLE_XET="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows
