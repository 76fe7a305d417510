"""No secret gets anywhere but where it belongs, whatever the Hub and Argilla say back."""

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.domain import people
from dibt.gateways.errors import LONGEST_EXCERPT
from dibt.lib import clock, secrets
from dibt.lib.errors import ConflictError
from dibt.lib.leases import unheld
from dibt.management import site, valkey
from dibt.management.processes import Child
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from projects.domain import space_changes, spaces
from projects.models import Space, SpaceState, StepKey, StepState
from tests.factories import organiser
from tests.house.running import ROOT
from tests.matrix.kill_world import database_url
from tests.projects.space_worlds import a_requested_space, lead_of
from tests.projects.sweeping import TELLING, Sweep, database, files, messages, pages

PATIENCE = 240.0  # seconds, for a machine that does much else
CALLS = [
    ("GET", "/api/whoami-v2"),
    ("GET", "/api/organizations/"),
    ("POST", "/api/buckets/"),
    ("POST", "/duplicate"),
    ("GET", "/variables"),
    ("GET", "/secrets"),
    ("GET", "/runtime"),
    ("POST", "/api/validate-yaml"),
    ("POST", "/preupload/"),
    ("POST", "/commit/"),
    ("GET", "/api/v1/status"),
    ("GET", "/api/v1/me/workspaces"),
    ("POST", "/api/v1/workspaces"),
]
# What is asked for all Spaces together is asked with the token alone.
WATCHING = [("GET", "/api/spaces$"), ("GET", "/api/spaces/hardware$")]
RENEWING = [("POST", "/secrets"), ("GET", "/api/v1/me$"), ("PATCH", "/api/v1/users/")]
STREAM = {"Content-Type": "text/event-stream"}
ECHO = "What you sent: "
LONG = LONGEST_EXCERPT - TELLING - 3  # characters before a secret of which most would be left


@dataclass
class Provisioning:
    """One Space, its secrets as we know them here, and whatever was seen of it."""

    space: Space
    sandbox: SandboxServer
    client: Client
    sweep: Sweep
    secrets: dict[str, str] = field(default_factory=lambda: {"the token": PLATFORM_TOKEN})

    def present_secrets(self) -> list[str]:
        """Those that are sent now; noted, to be searched for in the end."""
        drawn = secrets.decrypt(Space.objects.get(pk=self.space.pk).secrets_box)
        self.secrets |= {f"{name} {value[:4]}": value for name, value in drawn.items()}
        return [PLATFORM_TOKEN, *drawn.values()]

    def password(self) -> str:
        return secrets.decrypt(Space.objects.get(pk=self.space.pk).secrets_box)["PASSWORD"]

    def echo(self, *calls: tuple[str, str], told: list[str] | None = None) -> None:
        """Each of these calls is refused once, with secrets in the answer, some where they would be cut in two."""
        filler = "so " * ((LONG - len(ECHO)) // 3)
        told = told or self.present_secrets()
        for number, (method, path) in enumerate(calls):
            first, *others = told[number % len(told) :] + told[: number % len(told)]
            said = f"{ECHO}{' '.join(others)}" if number % 2 else f"{ECHO}{filler}{first}"
            body = json.dumps({"error": said, "errors": [{"message": said}], "detail": said})
            headers = {"X-Error-Message": said} if number % 3 == 0 else {}
            self.sandbox.faults.add(
                "status", method=method, path=path, status=400, body=body, headers=headers
            )

    def see_through(self) -> None:
        """Have it tried again, as its lead does, as often as it fails, until it is ready."""
        mine = Space.objects.filter(unheld(), pk=self.space.pk)

        def ready() -> bool:
            if failed := mine.filter(state=SpaceState.FAILED).first():
                self.look()
                self.break_and_mend(failed)
                spaces.retry(failed, by=lead_of(failed.project))
            mine.filter(due_at__gt=clock.now()).update(due_at=clock.now())
            return mine.filter(state=SpaceState.READY).exists()

        self.wait_until(ready)

    def break_and_mend(self, failed: Space) -> None:
        """Once it is made it does not start, says so with all secrets, and starts after its lead was shown its log."""
        state, said = self.sandbox.state, ECHO + " ".join(self.present_secrets())
        in_files = failed.steps.get(key=StepKey.FILES).state == StepState.FAILED
        if failed.log_tail:
            state.force_stage(failed.repo_id, "RUNNING")
        elif in_files and state.stage(failed.repo_id) != "RUNTIME_ERROR":
            state.force_stage(failed.repo_id, "RUNTIME_ERROR", error_message=said, sticky=True)
            events = "".join(f"data: {json.dumps({'data': word + ' '})}\n\n" for word in said.split())
            self.sandbox.faults.add("status", path="/logs/", status=200, headers=STREAM, body=events)

    def renew(self) -> None:
        """Ask for new secrets, once no worker looks at the Space."""

        def renewed() -> bool:
            with contextlib.suppress(ConflictError):
                space_changes.rotate_secrets(
                    Space.objects.get(pk=self.space.pk), by=lead_of(self.space.project)
                )
                return True
            return False

        self.wait_until(renewed)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < until, self.sweep.text("output")[-3000:]
            time.sleep(0.05)

    def look(self) -> None:
        """What is in the database and on the lead's page just now."""
        self.client.force_login(lead_of(self.space.project))
        page = self.client.get(reverse("manage:space", args=[self.space.project.slug]))
        self.sweep.add("rows", database())
        self.sweep.add("the lead's page", page.content.decode())


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_no_secret_is_in_a_log_a_message_a_row_a_page_or_a_mail(
    calm_sandbox: SandboxServer, client: Client, caplog: pytest.LogCaptureFixture, tmp_path: Path
):
    caplog.set_level(logging.DEBUG)
    boss, seen = organiser(), Sweep()
    with broker(tmp_path / "broker") as redis_url, publications(seen):
        space = a_requested_space()
        run = Provisioning(space, calm_sandbox, client, seen)
        for person in (boss, lead_of(space.project)):
            people.set_notification_email(person, email=f"{person.hub_username}@example.org")
        with (
            messages(redis_url, seen, "messages"),
            worker(tmp_path / "worker", redis_url, lambda line: seen.add("output", line)),
        ):
            run.echo(*CALLS)
            run.echo(*WATCHING, told=[PLATFORM_TOKEN, "and nothing else"])
            run.see_through()
            run.renew()
            run.echo(*RENEWING)
            run.see_through()
            run.wait_until(lambda: ECHO.strip() in files(tmp_path / "worker" / "mail"))
            run.wait_until(lambda: not calm_sandbox.faults.left())

    run.look()
    for reader in (boss, lead_of(space.project)):
        client.force_login(reader)
        for url, text in pages(client, starts(space)).items():
            seen.add(f"page {url}", text)
    seen.add("our own log", caplog.text)
    seen.add("files", files(tmp_path / "worker"))

    assert calm_sandbox.state.has_secret(space.repo_id, "PASSWORD", run.password())
    for place in ("rows", "the lead's page", "files", "page /me/notices/"):
        assert ECHO.strip() in seen.text(place), place
    for place in ("page /organise/spaces/", f"page /api/v1/projects/{space.project.slug}/"):
        assert space.project.title in seen.text(place), place
    for place in ("messages", "publications", "output"):
        assert "projects.spaces.provision" in seen.text(place), place
    assert "(authenticated: True)" in seen.text("output")  # which the library says with HF_DEBUG alone
    leaks = seen.leaks(run.secrets)
    assert not leaks, "\n".join(leaks)


def starts(space: Space) -> list[str]:
    """From where everything can be reached that shows a Space."""
    slug = space.project.slug
    return ["/", reverse("manage:space", args=[slug]), "/organise/", "/api/v1/", f"/api/v1/projects/{slug}/"]


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[str]:
    """One of this test's own: all that passes through it is about its Space."""
    try:
        valkey.server_program()
    except valkey.BrokerError as error:
        pytest.skip(str(error))
    with valkey.embedded(folder, keep=False) as embedded:
        yield embedded.url


@contextlib.contextmanager
def publications(into: Sweep) -> Iterator[None]:
    """What this process, which stands for the site, sends to workers."""

    def note(sender: str, body: object, headers: Mapping[str, object], **_: object) -> None:
        into.add("publications", f"{sender} {body!r} {headers!r}")

    before_task_publish.connect(note)
    try:
        yield
    finally:
        before_task_publish.disconnect(note)


@contextlib.contextmanager
def worker(folder: Path, redis_url: str, write: Callable[[str], None]) -> Iterator[None]:
    """A worker like the site's, which is told to say all it can."""
    folder.mkdir()
    command = site.worker_command(folder)
    command[command.index("--loglevel") + 1] = "DEBUG"
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.projects.secrets_settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "SANDBOX_URL": settings.SANDBOX_URL,
        "LOG_LEVEL": "DEBUG",
        "HF_DEBUG": "1",
    }
    child = Child.start("worker", command, env=environment, cwd=ROOT, write=write)
    try:
        yield
    finally:
        child.kill()
        child.process.wait()
