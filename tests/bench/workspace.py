"""Many people who annotate at once without a pause: pairs of answer and next record, beside the floor of the stack."""

import contextlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.db.models import Count, F

from accounts.domain import tokens
from annotations.domain import totals
from annotations.domain.responding import PREFETCH
from annotations.models import Contributor, Import, Record, Response
from dibt.lib import clock
from dibt.management.processes import Child
from projects.domain import tasks
from projects.models import Project
from tests.annotations import worlds
from tests.bench.harness import Bench, percentile
from tests.bench.servers import Site, to_stderr, wait_until_answers

RECORDS, OVERLAP, PEOPLE = 10_000, 3, 32
SECONDS, ROUNDS = 10.0, 3
SERVER = (
    "--worker-class",
    "gthread",
    "--workers",
    "2",
    "--threads",
    "4",
    "--no-control-socket",
)  # as the image's
OURS, BARE = "dibt.wsgi:application", "tests.bench.bare:application"
# What the best peer does on two cores with 32 people: doccano 1.8, with its production servers and PostgreSQL.
BEST_PEER = 19.1


@dataclass(frozen=True)
class Round:
    """What one crowd did: answers kept a second, and how long a pair took each time, in milliseconds."""

    rate: float
    answers: int
    refused: int
    milliseconds: list[float]


def measure(bench: Bench, site: Site) -> None:
    project = a_project()
    secrets = [tokens.make(worlds.taking_part(project), name="bench")[1] for _person in range(PEOPLE)]
    analyse()
    ours, bare, answers = [], [], 0
    for number in range(ROUNDS):
        for application, rounds in ((BARE, bare), (OURS, ours))[:: 1 if number % 2 else -1]:
            with served(site, application):
                rounds.append(crowd(site, project, secrets, in_one=application == OURS))
            answers += rounds[-1].answers
            to_stderr(f"[round {number + 1}] {application}: {rounds[-1].rate:.0f} pairs/s")
    with served(site, OURS):
        paced = crowd(site, project, secrets, in_one=True, pause=2 * PEOPLE / median(r.rate for r in ours))
        several = crowd(site, project, secrets, in_one=True, count=PREFETCH)
    answers += paced.answers + several.answers
    report(bench, ours=ours, bare=bare, paced=paced, several=several)
    refused = sum(each.refused for each in [*ours, *bare, paced, several])
    check(bench, project, answers=answers, refused=refused)


def report(bench: Bench, *, ours: list[Round], bare: list[Round], paced: Round, several: Round) -> None:
    """Limits are of medians over the rounds."""
    pairs, floor = median(r.rate for r in ours), median(r.rate for r in bare)
    bench.add(f"answer → next, {PEOPLE} people", (ms / 1000 for r in ours for ms in r.milliseconds))
    bench.add("the floor: answer, then next", (ms / 1000 for r in bare for ms in r.milliseconds))
    bench.add("answer → next at half that rate", (ms / 1000 for ms in paced.milliseconds))
    bench.add(f"answer → next, holding {PREFETCH}", (ms / 1000 for ms in several.milliseconds))
    bench.limit("10 × best peer ÷ pairs a second", at_most=1, got=10 * BEST_PEER / pairs)
    bench.limit("floor ÷ pairs a second", at_most=2, got=floor / pairs)
    bench.limit("p95 in ms, without a pause", at_most=400, got=median(p95(each) for each in ours))
    bench.limit("p95 in ms, at half that rate", at_most=100, got=p95(paced))
    to_stderr(f"Pairs a second: {pairs:.0f}; holding {PREFETCH}: {several.rate:.0f}; the floor: {floor:.0f}")


def check(bench: Bench, project: Project, *, answers: int, refused: int) -> None:
    """That all was kept exactly, whatever the load."""
    too_many = Record.objects.filter(project=project, submitted_count__gt=F("overlap"))
    twice = Response.objects.values("record", "contributor").annotate(n=Count("pk")).filter(n__gt=1)
    bench.count("answers kept", wanted=answers, got=Response.objects.count())
    bench.count("answers refused", wanted=0, got=refused)
    bench.count("records with too many answers", wanted=0, got=too_many.count())
    bench.count("answered twice by one person", wanted=0, got=twice.count())
    wrong = sum(c.submitted_count != c.responses.count() for c in Contributor.objects.filter(project=project))
    bench.count("people counted wrong", wanted=0, got=wrong)
    bench.count(
        "totals that differ from a recount", wanted=0, got=int(totals.of(project) != totals.recount(project))
    )


def p95(one: Round) -> float:
    return percentile(sorted(one.milliseconds), 95)


def crowd(
    site: Site, project: Project, secrets: list[str], *, in_one: bool, pause: float = 0.0, count: int = 1
) -> Round:
    """Let one person for each of the tokens annotate, for some seconds, each holding `count` records."""
    task = {
        "port": site.port,
        "path": f"/api/v1/projects/{project.slug}/",
        "tokens": secrets,
        "seconds": SECONDS,
        "in_one": in_one,
        "pause": pause,
        "count": count,
        "schema": tasks.current_schema(project).pk,
    }
    command = [sys.executable, "-m", "tests.bench.crowd"]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return Round(
        rate=told["answers"] / told["took"],
        answers=told["answers"],
        refused=told["refused"],
        milliseconds=[second * 1000 for second in told["seconds"]],
    )


@contextlib.contextmanager
def served(site: Site, application: str) -> Iterator[None]:
    """By gunicorn as in production."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{site.port}", *SERVER]
    child = Child.start("web", command, write=to_stderr)
    try:
        wait_until_answers(site.port)
        yield
    finally:
        child.stop(patience=10)


def a_project() -> Project:
    """Prompts of 40 to 600 characters, the same each time."""
    project, chance = worlds.a_project(overlap=OVERLAP), random.Random(10)
    words = [
        "rain",
        "market",
        "river",
        "lantern",
        "story",
        "teacher",
        "bridge",
        "harvest",
        "letter",
        "mountain",
    ]
    source = Import.objects.create(
        project=project,
        created_by=project.leads.get(),
        created_at=clock.now(),
        file_name="prompts.jsonl",
        size=0,
        state="done",
    )
    Record.objects.bulk_create(
        (
            Record(
                project=project,
                imported_by=source,
                external_id=f"prompt-{number}",
                content_hash=f"{number}",
                fields={"prompt": " ".join(chance.choices(words, k=chance.randint(6, 90)))},
                queue_key=number,
                overlap=OVERLAP,
                open_slots=OVERLAP,
            )
            for number in range(RECORDS)
        ),
        batch_size=1_000,
    )
    totals.change(project.pk, records=RECORDS)
    return project


def analyse() -> None:
    """What the database's own housekeeping would have done by then."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
