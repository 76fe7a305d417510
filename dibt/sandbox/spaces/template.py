"""The template that annotation Spaces are copied from: `argilla/argilla-template-space`, with its three files."""

import sqlite3

from dibt.sandbox.blobs import Blobs
from dibt.sandbox.files import history
from dibt.sandbox.identifiers import object_id, stamp
from dibt.sandbox.repos import records
from dibt.sandbox.repos.records import Repo
from dibt.sandbox.spaces import hardware, runtime

OWNER, NAME = "argilla", "argilla-template-space"
FILES = {
    "README.md": """---
title: Argilla Template Space
emoji: 🏷️
colorFrom: purple
colorTo: red
sdk: docker
app_port: 6900
fullWidth: true
tags:
- argilla
hf_oauth: true
---
A Space made from this template runs Argilla, with sign-in through the Hub.
""",
    "Dockerfile": "FROM argilla/argilla-hf-spaces:v2.8.0\nCOPY .oauth.yaml /home/argilla/\n",
    ".oauth.yaml": "providers:\n  - name: huggingface\n\nallowed_workspaces:\n  - name: argilla\n",
}


def seed(db: sqlite3.Connection, blobs: Blobs) -> None:
    """Make the template where a first start finds none."""
    if records.find(db, "space", f"{OWNER}/{NAME}") is not None:
        return
    now = stamp()
    repo = Repo(object_id(), "space", OWNER, NAME, "public", "", "docker", OWNER, now, now)
    records.save(db, repo)
    runtime.create(db, repo, hardware=hardware.FREE, sleep_time=None, volumes=[])
    tree = {path: history.regular(text.encode(), blobs.add(text.encode())) for path, text in FILES.items()}
    history.append(db, repo, "main", tree, title="The template", message="", author=OWNER)
    runtime.force(db, repo, "PAUSED", pace=0)


def as_json() -> list[dict[str, object]]:
    """The templates as the Hub lists them."""
    return [{"name": "Argilla", "repoId": f"{OWNER}/{NAME}", "sdk": "docker", "preferredPrivate": False}]
