"""What no database can keep, sent to every door there is: an answer of ours, never an error."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.domain import tokens
from accounts.models import User
from annotations.domain import responding
from dibt.demo import world
from projects.models import Application, Project
from tests.annotations.import_worlds import check, prompts, uploaded
from tests.demo.crawling import walk
from tests.demo.doors import Door, doors

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite stores and looks for any character"),
]
NUL = "a\0b"
JSON = "application/json"
# Nobody, an organiser, a lead, somebody with an application on its way, and one who answers.
PEOPLE = ["", "weaver", "tern", "civet", "okapi"]
# What only scripts send, and steps that no page shows a form for; {record} is one that is held.
SCRIPTED = [
    ("/projects/{slug}/annotate/", "record={record}&schema=1&key=k&account=&page=p&have=1&answer.quality=4"),
    ("/projects/{slug}/draft/", "record={record}&schema=1&page=p&at=1&answer.quality=4"),
    ("/projects/{slug}/keep/", "record={record}&asked_at=1&account="),
    ("/projects/{slug}/leave/", "record={record}&until=1&shown=1&account="),
    ("/projects/{slug}/take/", "record={record}&account="),
    ("/projects/{slug}/give-back/", "account="),
    ("/projects/{slug}/skip/", "record={record}&account=&have=1"),
    ("/projects/{slug}/flag/", "record={record}&reason=unclear&note=n&account=&have=1"),
    ("/projects/{slug}/trial/keep/", "shown_as=hub_name&licence=cc-by-4.0"),
    ("/projects/{slug}/trial/forget/", "a="),
    ("/manage/{slug}/guidelines/preview/", "text=t"),
    ("/manage/{slug}/space/request/", "hardware=cpu-basic&sleep_seconds=3600"),
    ("/manage/{slug}/space/hardware/", "hardware=cpu-basic&sleep_seconds=3600"),
    ("/manage/{slug}/records/objections/{record}/", "decision=leave_out"),
    ("/manage/{slug}/releases/new/", "a="),
    (
        "/applications/{draft}/autosave/",
        "title=t&pitch=p&languages=yor_Latn&data_source=d&target=9&edition=1",
    ),
    ("/organise/applications/{submitted}/decide/", "decision=accept&feedback=f&over_budget=on&edition=1"),
    ("/organise/spaces/change/", "back=q&change=pause&space=1"),
    ("/sign-in/", "next=/"),
]
ASKED = [
    ("/applications/languages/", "q=yo"),
    ("/projects/{slug}/annotate/", "passed=1&saved=1&have=1&account=&next=/"),
    ("/projects/{slug}/leaderboard/", "page=1"),
    ("/manage/{slug}/releases/", "page=1"),
    ("/me/notices/", "page=1"),
    ("/me/answers/begun/", "page=1"),
    ("/styleguide/", "page=1"),
    ("/accounts/oidc/huggingface/login/", "next=/&process=login"),
    ("/accounts/oidc/huggingface/login/callback/", "state=s&code=c&error=e&error_description=d"),
]
PROGRAMS = [
    ("consent/", {"licence": "cc-by-4.0", "shown_as": "hub_name"}),
    ("responses/", {"record": 0, "values": {"quality": 4, "a": "b"}, "schema_version": 1}),
    ("skips/", {"record": 0}),
    ("discards/", {"record": 0}),
    ("flags/", {"record": 0, "reason": "unclear", "note": "n"}),
    ("held/keep/", {"records": [0]}),
    ("held/leave/", {"records": [0]}),
    ("records/0/draft/", {"typed": {"quality": ["4"]}, "page": "p", "at": 1, "schema_version": 1}),
]


@pytest.fixture(scope="module", autouse=True)
def _world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demo world, with a file that waits for its mapping and one that was checked."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("django.conf.settings.UPLOAD_DIR", Path(tmp_path_factory.mktemp("uploads")))
        world.build(tell=lambda _line: None)
        project = english()
        uploaded(project, prompts(3, start=1_000))
        check(uploaded(project, prompts(3, start=2_000)))
        yield
        transaction.set_rollback(True)


def english() -> Project:
    return Project.objects.get(languages=["eng_Latn"])


def held_by_okapi() -> int:
    """A record that this person has open."""
    held = responding.next_record(english(), by=User.objects.get(hub_username="okapi"))
    assert held is not None
    return held.record_id


def signed_in(name: str) -> Client:
    client = Client(raise_request_exception=False)
    if name:
        client.force_login(User.objects.get(hub_username=name))
    return client


@pytest.mark.parametrize("name", PEOPLE)
def test_a_text_with_nul_is_no_error_at_any_form_or_query_of_the_pages(name: str) -> None:
    person = User.objects.get(hub_username=name) if name else None
    client = signed_in(name)
    found = doors(client, walk(person).paths)

    assert _errors(client, found) == []


@pytest.mark.parametrize("path", ["/", "/projects/", "/me/", "/me/answers/", "/sign-in/"])
@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "trial", "messages"])
def test_a_cookie_with_nul_is_no_error(path: str, cookie: str) -> None:
    client = Client(raise_request_exception=False, headers={"cookie": f'{cookie}="a-long-text\\000"'})

    assert client.get(path).status_code < 500


@pytest.mark.parametrize("name", PEOPLE)
def test_a_text_with_nul_is_no_error_where_scripts_send_it(name: str) -> None:
    in_state = Application.objects.order_by("pk").values_list("pk", flat=True)
    said = {
        "slug": english().slug,
        "record": held_by_okapi(),
        "draft": in_state.filter(state="draft")[0],
        "submitted": in_state.filter(state="submitted")[0],
    }
    found = [
        Door(method, path.format(**said), tuple(parse_qsl(query.format(**said), keep_blank_values=True)))
        for method, several in (("post", SCRIPTED), ("get", ASKED))
        for path, query in several
    ]

    assert _errors(signed_in(name), found) == []


def test_a_text_with_nul_is_no_error_where_programs_send_it() -> None:
    project, user, held = english(), User.objects.get(hub_username="okapi"), held_by_okapi()
    secret = tokens.make(user, name="script")[1]
    client = Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})
    errors = []

    for path, body in PROGRAMS:
        text = json.dumps(body)
        for leaf in [part for part in text.split('"')[1::2] if part]:
            sent = text.replace(f'"{leaf}"', '"a\\u0000b"').replace("0,", f"{held},")
            method = client.put if "draft" in path else client.post
            where = f"/api/v1/projects/{project.slug}/{path.replace('0', str(held))}"
            with transaction.atomic():
                if method(where, sent, JSON).status_code >= 500:
                    errors.append((path, leaf))
                transaction.set_rollback(True)
    for name in ("q", "language", "domain", "task", "state", "access", "limit", "offset"):
        if client.get("/api/v1/projects/", {name: NUL}).status_code >= 500:
            errors.append(("projects/", name))

    assert errors == []


def _errors(client: Client, found: Iterable[Door]) -> list[tuple[str, str, str]]:
    """Doors and fields at which the text ends in an error; whatever it does is undone."""
    errors = []
    for door in found:
        for field, changed in door.with_each_field(NUL):
            with transaction.atomic():
                if changed.send(client) >= 500:
                    errors.append((door.method, door.path, field))
                transaction.set_rollback(True)
    return errors
