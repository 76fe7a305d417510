"""What people wait for: the pages from home to an answer, and the API; time and queries of each."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice

from django.db.models import F

from accounts.domain import tokens
from accounts.models import User
from annotations.domain import totals
from annotations.models import Record, Response
from projects.models import Project
from tests.annotations import worlds
from tests.bench.harness import Bench
from tests.bench.servers import Site, to_stderr
from tests.bench.visitor import Visitor, queries_in, queries_of, signed_in

PROJECTS, RECORDS, PEOPLE = 50, 200, 100
PEOPLE_A_PROJECT, ANSWERS_EACH = 20, 5
ANSWERS = PROJECTS * PEOPLE_A_PROJECT * ANSWERS_EACH
ANSWERS_BESIDE = 3  # two in this process, for the queries, and one over HTTP that is not timed
RECORD_ON_PAGE = re.compile(rb'name="record" value="(\d+)"')

Send = Callable[[int], int]  # answers that record and returns the next


def measure(bench: Bench, site: Site) -> None:
    projects = list(build_world())
    busy, other = projects[0], projects[1]
    for project in (busy, other):
        worlds.add_records(project, bench.rounds + ANSWERS_BESIDE + 1)
    reader = worlds.taking_part(busy, worlds.somebody("reader"))
    worlds.taking_part(other, reader)
    totals.fold()
    with site.running():
        time_reading(bench, site, busy)
        time_working(bench, site, on_page=busy, by_api=other, reader=reader)
    check(bench, answers=ANSWERS + 2 * (bench.rounds + ANSWERS_BESIDE))


def build_world() -> Iterator[Project]:
    """Projects with records, each answered a little by people of its own; nobody answers everywhere."""
    people = [worlds.somebody(f"visitor-{number}") for number in range(PEOPLE)]
    for number in range(PROJECTS):
        project = worlds.a_project(records=RECORDS)
        for user in islice(cycle(people), number, number + PEOPLE_A_PROJECT):
            worlds.taking_part(project, user)
            for _answer in range(ANSWERS_EACH):
                worlds.answer(project, user)
        if number % 10 == 9:
            to_stderr(f"[world] {number + 1} of {PROJECTS} projects")
        yield project


def time_reading(bench: Bench, site: Site, project: Project) -> None:
    """What anybody may read."""
    nobody = Visitor(site.url)
    page, api = f"/projects/{project.slug}/", f"/api/v1/projects/{project.slug}/"
    paths = {
        "home": "/",
        "project list": "/projects/",
        "project list, filtered": "/projects/?q=Project&state=open&task=prompt_rating",
        "project": page,
        "progress": f"{page}progress/",
        "leaderboard": f"{page}leaderboard/",
        "API projects": "/api/v1/projects/",
        "API progress": f"{api}progress/",
        "API contributors": f"{api}contributors/",
        "API totals": "/api/v1/totals/",
    }
    for name, path in paths.items():
        bench.time(name, partial(nobody.get, path), queries=queries_of(path))


def time_working(bench: Bench, site: Site, *, on_page: Project, by_api: Project, reader: User) -> None:
    """Opening the workspace, and an answer that brings the next record along: on the page and by the API."""
    page, api = f"/projects/{on_page.slug}/annotate/", f"/api/v1/projects/{by_api.slug}/"
    person, htmx = Visitor(site.url, user=reader), Visitor(site.url, user=reader)
    htmx.headers["HX-Request"] = "true"
    program = Visitor(site.url, token=tokens.make(reader, name="bench")[1])
    client = signed_in(reader)

    bench.time("annotate", lambda: person.get(page), queries=queries_of(page, user=reader))
    time_answers(
        bench,
        "answer → next record",
        first=record_on(person.get(page).body),
        there=lambda record: record_on(htmx.post(page, form(record), wanted=200).body),
        here=lambda record: record_on(
            client.post(page, form(record), headers={"HX-Request": "true"}).content
        ),
    )
    time_answers(
        bench,
        "API answer → next record",
        first=record_in(program.post_json(f"{api}next/", {}).body),
        there=lambda record: record_in(program.post_json(f"{api}responses/", said(record), wanted=201).body),
        here=lambda record: record_in(
            client.post(
                f"{api}responses/", said(record), content_type="application/json", headers=program.headers
            ).content
        ),
    )


def time_answers(bench: Bench, name: str, *, first: int, there: Send, here: Send) -> None:
    """Answer one record after the other, each the one that the last answer brought.

    `there` is timed over HTTP; `here` is asked in this process, where queries can be counted.
    """
    record = first

    def answer(send: Send) -> None:
        nonlocal record
        record = send(record)

    answer(here)
    queries = queries_in(lambda: answer(here))
    bench.time(name, lambda: answer(there), queries=queries)


def form(record: int) -> dict[str, int]:
    return {"record": record, "answer.quality": 4}


def said(record: int) -> dict[str, object]:
    return {"record": record, "values": {"quality": 4}}


def record_on(page: bytes) -> int:
    """The record that a page of the workspace asks about."""
    found = RECORD_ON_PAGE.search(page)
    assert found, page.decode()
    return int(found[1])


def record_in(body: bytes) -> int:
    """The next record in an answer of the API."""
    return int(json.loads(body)["next"]["record"]["id"])


def check(bench: Bench, *, answers: int) -> None:
    """That nothing was lost or counted wrong on the way."""
    everywhere = Project.objects.all()
    wrong = [project for project in everywhere if totals.of(project) != totals.recount(project)]
    too_many = Record.objects.filter(submitted_count__gt=F("project__overlap"))
    bench.count("answers kept", wanted=answers, got=Response.objects.count())
    bench.count("projects whose totals differ from a recount", wanted=0, got=len(wrong))
    bench.count("records with more answers than wanted", wanted=0, got=too_many.count())
