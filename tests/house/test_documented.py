"""What is written down about settings, requirements and production is so."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery
from click.testing import CliRunner
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse
from gunicorn.config import Config

from scripts import variables
from tests.house.running import ROOT

OF_OTHER_PROGRAMS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
SECRETS = {
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "POSTGRES_PASSWORD",
    "HF_TOKEN",
    "HF_OAUTH_CLIENT_SECRET",
    "EMAIL_URL",
}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "dibt"}


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """Every command line of the site in docker-compose.yml and the Dockerfile."""
    found = [list(map(str, service["command"])) for service in OURS.values()]
    for service in OURS.values():
        if test := service.get("healthcheck", {}).get("test"):
            found.append(shlex.split(test[1]) if test[0] == "CMD-SHELL" else test[1:])
    found += [json.loads(line) for line in re.findall(r"CMD (\[.*\])$", text("Dockerfile"), re.MULTILINE)]
    return found


def test_every_variable_is_documented_and_every_documented_one_exists() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", text("docs/reference/settings.md"), re.MULTILINE)

    assert sorted(rows) == sorted(variables.known())


def test_every_variable_of_production_is_a_known_setting() -> None:
    in_compose = {name for service in SERVICES.values() for name in service.get("environment", {})}
    in_example = set(re.findall(r"^([A-Z_]+)=", text(".env.example"), re.MULTILINE))

    assert in_compose | in_example <= variables.known() | OF_OTHER_PROGRAMS


def test_no_secret_has_a_default() -> None:
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))

    assert {values[name] for name in SECRETS} == {""}
    assert text("docker-compose.yml").count("${POSTGRES_PASSWORD:?") == text("docker-compose.yml").count("${")


def test_the_example_environment_asks_for_all_that_production_needs() -> None:
    from dibt.checks import NEEDED

    given = {*OURS["web"]["environment"], *re.findall(r"^([A-Z_]+)=", text(".env.example"), re.MULTILINE)}

    assert {needed.variable for needed in NEEDED} | {"DATABASE_URL"} <= given


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_of_production_exists(command: list[str]) -> None:
    program, *arguments = command
    match program:
        case "gunicorn":
            Config().parser().parse_args(arguments)
        case "celery":
            filled = [word.replace("$$HOSTNAME", "here") for word in arguments]
            assert CliRunner().invoke(celery, [*filled, "--help"]).exit_code == 0
        case "python" if arguments[0] == "manage.py":
            assert arguments[1] in get_commands()
        case _:
            assert program == "python"
            assert (ROOT / arguments[0]).is_file()


def test_every_queue_has_exactly_one_kind_of_worker_and_there_is_one_beat() -> None:
    routed = {str(route["queue"]) for route in settings.CELERY_TASK_ROUTES.values()}

    served = [c[c.index("--queues") + 1] for c in commands() if "worker" in c]

    assert sorted(served) == sorted(routed | {settings.CELERY_TASK_DEFAULT_QUEUE})
    assert sum("beat" in command for command in commands()) == 1


def test_only_web_can_be_reached_and_only_from_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_the_redirect_address_of_the_oauth_app_is_the_one_that_is_documented() -> None:
    address = "SITE_URL" + reverse("openid_connect_callback", kwargs={"provider_id": "huggingface"})

    assert address in text("docs/reference/settings.md")
    assert address in text(".env.example")


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_file_names_no_host_and_pins_everything_by_hash(lock: Path) -> None:
    pinned = re.split(r"\n(?=\S)", lock.read_text())

    assert "://" not in lock.read_text()
    assert all("==" in block and "--hash=sha256:" in block for block in pinned if not block.startswith("#"))


def test_the_lock_files_agree_with_one_another_and_hold_what_was_asked_for() -> None:
    versions: dict[str, str] = {}
    for name in ("base", "dev", "e2e"):
        held = dict(
            re.findall(
                r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", text(f"requirements/{name}.txt"), re.MULTILINE
            )
        )
        asked = re.findall(
            r"^([A-Za-z0-9_.-]+)", re.sub(r"(?m)^[-#].*$", "", text(f"requirements/{name}.in")), re.MULTILINE
        )

        assert {word.lower().replace("_", "-") for word in asked} <= set(held)
        assert versions == {package: held.get(package) for package in versions}
        versions = held
