"""Reading settings from the environment."""

import tempfile

import pytest
from django.conf import settings

from dibt.environment import Environment, broker_url_of, cache_url_of

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/data/db.sqlite3"}


def test_what_is_not_set_or_empty_has_its_default() -> None:
    env = Environment({"PORT": "", "HOST": "  "})

    assert env.number("PORT", 8000) == 8000
    assert env.text("HOST", "127.0.0.1") == "127.0.0.1"
    assert env.switch("DEBUG", default=True) is True
    assert env.words("ALLOWED_HOSTS", ["*"]) == ["*"]
    assert env.database("DATABASE_URL", SQLITE) == SQLITE
    assert env.email("EMAIL_URL") == {}
    assert env.unreadable == {}


def test_set_to_nothing_is_nothing_where_that_means_something() -> None:
    sandbox = "http://127.0.0.1:8001"

    assert Environment({}).origin("SANDBOX_URL", sandbox, nothing="") == sandbox
    assert Environment({"SANDBOX_URL": ""}).origin("SANDBOX_URL", sandbox, nothing="") == ""
    assert (
        Environment({"HF_ENDPOINT": ""}).origin("HF_ENDPOINT", "https://hub.example") == "https://hub.example"
    )


@pytest.mark.parametrize(
    "url", ["https://a.example", "http://127.0.0.1:8000", "http://[::1]:8000", "http://a.example/"]
)
def test_an_address_of_a_site_is_read_without_its_last_slash(url: str) -> None:
    assert Environment({"SITE_URL": url}).origin("SITE_URL", "") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "a.example",
        "https://",
        "https://a.example/below",
        "https://a.example?q",
        "https://a:port",
        "http://a:70000",
        "ftp://a",
    ],
)
def test_what_is_no_address_of_a_site_is_remembered(url: str) -> None:
    env = Environment({"SITE_URL": url})

    assert env.origin("SITE_URL", "http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert list(env.unreadable) == ["SITE_URL"]


def test_values_are_read() -> None:
    env = Environment(
        {
            "PORT": " 9000 ",
            "DEBUG": "Yes",
            "SSL_REDIRECT": "off",
            "ALLOWED_HOSTS": "a.example, b.example,",
            "API_RATE_ANON": "10/hour",
            "LOG_LEVEL": "debug",
        }
    )

    assert env.number("PORT", 8000) == 9000
    assert env.switch("DEBUG", default=False) is True
    assert env.switch("SSL_REDIRECT", default=True) is False
    assert env.words("ALLOWED_HOSTS", []) == ["a.example", "b.example"]
    assert env.rate("API_RATE_ANON", "600/min") == "10/hour"
    assert env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO")) == "DEBUG"
    assert env.unreadable == {}


def test_addresses_of_servers_are_read() -> None:
    env = Environment(
        {"DATABASE_URL": "postgres://me:p%40ss@db:5433/site", "EMAIL_URL": "smtp+tls://u:p@mail:587"}
    )

    database = env.database("DATABASE_URL", SQLITE)
    mail = env.email("EMAIL_URL")

    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5433, "site")
    assert (database["USER"], database["PASSWORD"]) == ("me", "p@ss")
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail", 587, True)


@pytest.mark.parametrize(
    "url", ["nonsense", "postgres://", "postgres://db:port/site", "mysql://db/site", "sqlite://", "://"]
)
def test_a_database_that_cannot_be_read_leaves_the_default_and_is_remembered(url: str) -> None:
    env = Environment({"DATABASE_URL": url})

    assert env.database("DATABASE_URL", SQLITE) == SQLITE
    assert list(env.unreadable) == ["DATABASE_URL"]


@pytest.mark.parametrize("url", ["nonsense", "smtp://mail:port", "http://mail"])
def test_a_mail_server_that_cannot_be_read_is_remembered(url: str) -> None:
    env = Environment({"EMAIL_URL": url})

    assert env.email("EMAIL_URL") == {}
    assert list(env.unreadable) == ["EMAIL_URL"]


def test_other_values_that_cannot_be_read_are_remembered_with_what_was_wanted_and_not_shown() -> None:
    env = Environment({"PORT": "65535", "SIZE": "0", "DEBUG": "perhaps", "LOG_LEVEL": "loud", "RATE": "9"})

    assert env.number("PORT", 8000, at_least=1, at_most=65534) == 8000
    assert env.number("SIZE", 5, at_least=1) == 5
    assert env.switch("DEBUG", default=False) is False
    assert env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO")) == "INFO"
    assert env.rate("RATE", "600/min") == "600/min"
    assert env.unreadable == {
        "PORT": "a whole number from 1 to 65534",
        "SIZE": "a whole number of at least 1",
        "DEBUG": "true or false",
        "LOG_LEVEL": "one of DEBUG, INFO",
        "RATE": "a rate such as 600/min",
    }


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://host:6379/0", "redis://host:6379/1"),
        ("redis://host", "redis://host/1"),
        ("rediss://:secret@host:6380/3", "rediss://:secret@host:6380/4"),
        ("redis+socket:///data/valkey.sock?virtual_host=0", "unix:///data/valkey.sock?db=1"),
        ("redis+socket:///data/valkey.sock?virtual_host=4", "unix:///data/valkey.sock?db=5"),
    ],
)
def test_the_cache_is_beside_the_broker_and_never_in_its_database(broker: str, cache: str) -> None:
    assert cache_url_of(broker) == cache


def test_a_parallel_run_has_databases_of_its_own() -> None:
    assert broker_url_of("redis://host:6379/0", database=2) == "redis://host:6379/2"
    assert (
        broker_url_of("redis+socket:///data/valkey.sock?virtual_host=0", database=2)
        == "redis+socket:///data/valkey.sock?virtual_host=2"
    )


def test_tests_run_with_their_own_settings_whatever_the_environment_says() -> None:
    assert settings.SETTINGS_MODULE == "tests.settings"
    assert str(settings.DATA_DIR).startswith(tempfile.gettempdir())
