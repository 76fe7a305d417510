"""What tests of the site's own processes share."""

import os
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """The setting for a database of this test alone, on the server of DATABASE_URL; none for a SQLite file."""
    url, name = os.environ.get("DATABASE_URL", ""), f"house_{uuid.uuid4().hex}"
    if not url.startswith("postgres"):
        yield {}
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # a name made above
        try:
            yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]  # the same
