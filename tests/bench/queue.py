"""How long the next record takes: of a thousand and of a million, and after ten thousand answers of one's own."""

import time
from statistics import median

from django.db import connection

from annotations.domain import contributors, queue
from annotations.models import Contributor, Import
from dibt.lib import clock
from projects.domain import tasks
from projects.models import Project
from tests.annotations import worlds
from tests.bench.harness import Bench
from tests.bench.servers import Site, to_stderr

FEW, MANY, ANSWERED = 1_000, 1_000_000, 10_000
ROUNDS = 300
AT_MOST = 1.5
_RECORDS = """
    INSERT INTO annotations_record (project_id, imported_by_id, external_id, content_hash, fields, metadata,
        suggestions, queue_key, overlap, open_slots, submitted_count, set_aside)
    SELECT %s, %s, 'prompt-' || n, n, json_build_object('prompt', 'Prompt number ' || n), '{}', '{}', n, 3, 3, 0, ''
    FROM generate_series(0, %s - 1) n
"""
_ANSWERS = """
    INSERT INTO annotations_response (project_id, record_id, contributor_id, public_id, schema_version_id, "values",
        surplus, submitted_at)
    SELECT r.project_id, r.id, %s, gen_random_uuid(), %s, '{"quality": 4}', false, now()
    FROM annotations_record r WHERE r.project_id = %s ORDER BY r.queue_key LIMIT %s
"""


def measure(bench: Bench, site: Site) -> None:
    few, many = a_project(FEW), a_project(MANY)
    newcomers = {project: contributor(project) for project in (few, many)}
    veteran = contributor(many)
    answer_the_first(veteran, ANSWERED)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    usual = times(newcomers[few])
    bench.add(f"next of {FEW:,} records", usual)
    for name, person in (
        (f"next of {MANY:,} records", newcomers[many]),
        (f"… after {ANSWERED:,} answers", veteran),
    ):
        seconds = times(person)
        bench.add(name, seconds)
        bench.limit(f"{name} ÷ that of {FEW:,}", at_most=AT_MOST, got=median(seconds) / median(usual))


def times(person: Contributor) -> list[float]:
    """The record is returned each time, so that the queue stays as it is."""
    seconds = []
    for _round in range(ROUNDS + 20):
        began = time.perf_counter()
        (held,) = queue.hold(person)
        seconds.append(time.perf_counter() - began)
        queue.leave(held)
    return seconds[20:]


def a_project(records: int) -> Project:
    project = worlds.a_project(overlap=3)
    source = Import.objects.create(
        project=project,
        created_by=project.leads.get(),
        created_at=clock.now(),
        file_name="prompts.jsonl",
        size=0,
        state="done",
    )
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [project.pk, source.pk, records])
    to_stderr(f"[world] {records:,} records")
    return project


def contributor(project: Project) -> Contributor:
    return contributors.join(project, by=worlds.taking_part(project))


def answer_the_first(person: Contributor, number: int) -> None:
    """As if this person had answered the first records, of each of which two more answers are wanted."""
    version = tasks.current_schema(person.project)
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [person.pk, version.pk, person.project_id, number])
        cursor.execute(
            "UPDATE annotations_record SET submitted_count = 1, open_slots = 2"
            " WHERE project_id = %s AND queue_key < %s",
            [person.project_id, number],
        )
    Contributor.objects.filter(pk=person.pk).update(submitted_count=number, last_queue_key=number - 1)
    person.refresh_from_db()
