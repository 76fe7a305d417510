"""The addresses that say whether the site is up."""

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_healthz_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"process": "ok"}}


@pytest.mark.django_db
def test_readyz_says_ok_when_everything_answers(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok"},
    }


@pytest.mark.django_db
def test_readyz_refuses_while_a_migration_is_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="annotations").delete()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert answer.json()["checks"]["migrations"] == "failed"


@pytest.mark.django_db
def test_nobody_is_looked_up_for_a_health_check(client: Client) -> None:
    answer = client.get("/readyz")

    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
