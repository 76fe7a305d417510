"""What the system checks say of settings. They are run as anybody runs them: `manage.py check`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.running import ROOT, newcomer

pytestmark = pytest.mark.once

PRODUCTION = {
    "DIBT_ENV": "production",
    "SITE_URL": "https://data.example.org",
    "ALLOWED_HOSTS": "data.example.org",
    "SECRET_KEY": "s3cret-signing" * 4,
    "ENCRYPTION_KEYS": "s3cret-encryption" * 4,
    "HF_TOKEN": "s3cret-token",
    "HF_OAUTH_CLIENT_ID": "client",
    "HF_OAUTH_CLIENT_SECRET": "s3cret-oauth",
    "DATABASE_URL": "postgres://dibt:s3cret-database@db:5432/dibt",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:s3cret-mail@mail.example.org:587",
}


def check(folder: Path, **given: str) -> tuple[set[str], str]:
    """The ids of what the checks of settings find, and everything they say."""
    ended = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "settings"],
        cwd=ROOT,
        env=newcomer(DATA_DIR=str(folder), **given),
        capture_output=True,
        text=True,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert "Traceback" not in said, said
    assert not re.search("s3cret", said), "a secret was shown"
    return set(re.findall(r"\(dibt\.([EW]\d{3})\)", said)), " ".join(said.split())


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


def test_a_newcomer_with_no_setting_is_fine(tmp_path: Path) -> None:
    assert check(tmp_path)[0] == set()


def test_production_with_everything_set_is_fine(tmp_path: Path) -> None:
    assert check(tmp_path, **PRODUCTION)[0] == set()


def test_production_with_nothing_set_names_everything_that_is_missing(tmp_path: Path) -> None:
    ids, said = check(tmp_path, DIBT_ENV="production")

    assert ids == {"E010", "E011", "E012", "E013", "E014", "E015", "E016", "E017", "E018", "W001", "W002"}
    for name in without("DIBT_ENV"):
        assert name in said


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("SECRET_KEY", {"E010"}),
        ("DATABASE_URL", {"E018"}),
        ("SITE_URL", {"E017", "W001"}),
        ("EMAIL_URL", {"W002"}),
    ],
)
def test_one_that_is_missing_in_production_is_named(name: str, wanted: set[str], tmp_path: Path) -> None:
    ids, said = check(tmp_path, **without(name))

    assert ids == wanted
    assert name in said


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"SANDBOX_URL": "https://sandbox.example.org"}, "E020"),
        ({"HF_ENDPOINT": "http://127.0.0.1:8001"}, "E021"),
        ({"DEBUG": "true"}, "E022"),
        ({"SITE_URL": "http://data.example.org"}, "W001"),
        ({"HF_ENDPOINT": "huggingface.co"}, "E001"),
        ({"HF_ENDPOINT": "https://hub.example:port"}, "E001"),
        ({"DATABASE_URL": "sqlite:////data/db.sqlite3"}, "E018"),
    ],
)
def test_what_is_wrong_in_production_is_named(given: dict[str, str], wanted: str, tmp_path: Path) -> None:
    assert check(tmp_path, **PRODUCTION | given)[0] == {wanted}


def test_a_misspelt_environment_counts_as_production(tmp_path: Path) -> None:
    ids, said = check(tmp_path, **PRODUCTION | {"DIBT_ENV": "prodution", "SECRET_KEY": ""})

    assert ids == {"E002", "E010"}
    assert "DIBT_ENV is neither demo nor production." in said


def test_values_that_cannot_be_read_are_named_all_at_once(tmp_path: Path) -> None:
    ids, said = check(tmp_path, PORT="abc", LOG_LEVEL="loud", DEBUG="perhaps", IMPORT_MAX_BYTES="0")

    assert ids == {"E001"}
    assert said.count("(dibt.E001)") == 4
    assert "The environment variable PORT cannot be used: it has to be a whole number" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    ids, said = check(tmp_path / "inside")

    assert ids == {"E001"}
    assert "DATA_DIR cannot be used: it has to be a folder that this user can write to" in said
