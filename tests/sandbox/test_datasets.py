"""What is published is read back by the real `datasets` library."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer

CARD = b"""---
license: cc-by-4.0
language: [yo]
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
---
# Rows
"""
READ = """
import json, sys
from datasets import load_dataset
for name in sys.argv[2:]:
    rows = load_dataset(name, split="train", revision="v1", token=sys.argv[1])
    print(json.dumps([dict(row) for row in rows]))
"""
ROWS = [{"prompt": "Báwo ni?", "ratings": [1, 4, 4]}, {"prompt": "مرحبا", "ratings": []}]


def publish(platform: HfApi, name: str, *, visibility: Literal["public", "private"]) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), buffer)
    platform.create_repo(name, repo_type="dataset", visibility=visibility)
    additions = [
        CommitOperationAdd("README.md", CARD),
        CommitOperationAdd("data/train-00000-of-00001.parquet", buffer.getvalue()),
    ]
    platform.create_commit(name, additions, commit_message="Release", repo_type="dataset")
    platform.create_tag(name, tag="v1", repo_type="dataset")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_published_datasets_are_read_back_row_by_row(
    sandbox: SandboxServer, platform: HfApi, name: str, tmp_path: Path
) -> None:
    publish(platform, f"{name}-public", visibility="public")
    publish(platform, f"{name}-private", visibility="private")

    environment = {
        **os.environ,
        "HF_ENDPOINT": sandbox.url,
        "HF_HOME": str(tmp_path),
        "HF_HUB_DISABLE_XET": "1",
    }
    command = [sys.executable, "-c", READ, PLATFORM_TOKEN, f"{name}-public", f"{name}-private"]
    read = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert read.returncode == 0, read.stderr.decode()
    assert [json.loads(line) for line in read.stdout.splitlines()] == [ROWS, ROWS]
