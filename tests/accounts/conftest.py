from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings

from accounts.models import User
from tests.factories import person
from tests.settings import TEMPLATES


@pytest.fixture
def a_notice_kind() -> Iterator[str]:
    """A kind of notice that only these tests have, with a title and a number."""
    folder = str(Path(__file__).parent / "templates")
    with_ours = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], folder]}]
    with override_settings(TEMPLATES=with_ours):
        yield "dam-mended"


def browser_of(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ibis() -> User:
    return person("ibis", organisations=["delta-readers"])


@pytest.fixture
def as_ibis(ibis: User) -> Client:
    return browser_of(ibis)
