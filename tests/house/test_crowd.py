"""Two hundred people at once, by the API of the web processes as they run on one machine."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.house.running import ROOT
from tests.house.web import web

OVERLAP = 3
HARDLY_EVER = 500  # seconds, for a machine that does much else


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "records"),
    [(40, 120), pytest.param(200, 1_000, marks=pytest.mark.whole)],
)
def test_a_crowd_gives_every_record_exactly_the_answers_it_needs(
    tmp_path: Path, database: dict[str, str], people: int, records: int
) -> None:
    with web(tmp_path, **database) as site:
        world = site.world("seed", records=records, people=people, overlap=OVERLAP)
        task = {
            "port": site.port,
            "path": f"/api/v1/projects/{world['slug']}/",
            "tokens": world["tokens"],
            "seconds": HARDLY_EVER,
            "in_one": True,
            "pause": 0,
            "schema": world["schema"],
            "count": 3,
        }
        site.start()

        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.crowd"],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        site.kill()
        answers = site.world("judge")

    told = json.loads(done.stdout)
    assert (told["answers"], told["refused"]) == (records * OVERLAP, 0)
    assert Counter(Counter(record for record, _quality, _surplus in answers.values()).values()) == {
        OVERLAP: records
    }
    assert not any(surplus for _record, _quality, surplus in answers.values())
