"""System checks of the settings: each missing or wrong variable gets a sentence and a way out.

`manage.py check`, `migrate` and `./run` show them and stop at errors. No message holds a value.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
DESCRIBED = "docs/reference/settings.md describes every variable."


class Needed(NamedTuple):
    """What production cannot do without: the variable, its setting, what it is for, where it comes from."""

    id: str
    variable: str
    setting: str
    purpose: str
    source: str


NEEDED = (
    Needed("dibt.E010", "SECRET_KEY", "SECRET_KEY", "signs sessions", "Make one: openssl rand -base64 48"),
    Needed(
        "dibt.E011",
        "ENCRYPTION_KEYS",
        "ENCRYPTION_KEYS",
        "encrypts stored secrets",
        "Make one: openssl rand -base64 48",
    ),
    Needed(
        "dibt.E012",
        "ALLOWED_HOSTS",
        "ALLOWED_HOSTS",
        "says which names this site answers to",
        "Such as data.example.org",
    ),
    Needed(
        "dibt.E013",
        "HF_TOKEN",
        "HUB_TOKEN",
        "makes Spaces and datasets",
        "A token of the hosting organisation that may write",
    ),
    Needed(
        "dibt.E014",
        "HF_OAUTH_CLIENT_ID",
        "HUB_OAUTH_CLIENT_ID",
        "lets people sign in",
        "Make an OAuth app in the Hub's settings",
    ),
    Needed(
        "dibt.E015",
        "HF_OAUTH_CLIENT_SECRET",
        "HUB_OAUTH_CLIENT_SECRET",
        "lets people sign in",
        "It comes with the OAuth app",
    ),
    Needed(
        "dibt.E016",
        "REDIS_URL",
        "REDIS_URL",
        "says where tasks wait for workers",
        "Such as redis://redis:6379/0",
    ),
    Needed(
        "dibt.E017",
        "SITE_URL",
        "SITE_URL_GIVEN",
        "is the address in mails and in Spaces",
        "Such as https://data.example.org",
    ),
)


@register("settings")
def values_can_be_read(**_kwargs: object) -> list[CheckMessage]:
    """Variables that were given and could not be read; their defaults are in force."""
    return [
        Error(
            f"The environment variable {name} cannot be used: it has to be {wanted}.",
            hint=f"Correct it, or leave it out for its default. {DESCRIBED}",
            id="dibt.E001",
        )
        for name, wanted in sorted(settings.UNREADABLE.items())
    ]


@register("settings")
def environment_is_known(**_kwargs: object) -> list[CheckMessage]:
    if settings.ENVIRONMENT in {"demo", "production"}:
        return []
    return [
        Error(
            "DIBT_ENV is neither demo nor production.",
            hint="Set it to one of them, or leave it out for the demo. Until then it counts as production.",
            id="dibt.E002",
        )
    ]


@register("settings")
def production_has_what_it_needs(**_kwargs: object) -> Iterator[CheckMessage]:
    if not settings.PRODUCTION:
        return
    for needed in NEEDED:
        if not is_set(needed.setting):
            yield Error(
                f"{needed.variable} is not set; in production it {needed.purpose}.",
                hint=f"{needed.source}. {DESCRIBED}",
                id=needed.id,
            )
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        yield Error(
            "DATABASE_URL does not name a PostgreSQL; in production nothing else is supported.",
            hint="Such as postgres://dibt:password@db:5432/dibt",
            id="dibt.E018",
        )


@register("settings")
def production_speaks_to_the_real_hub(**_kwargs: object) -> Iterator[CheckMessage]:
    """In the sandbox anybody signs in as anybody."""
    if not settings.PRODUCTION:
        return
    if settings.SANDBOX_URL:
        yield Error(
            "SANDBOX_URL is set in production: in the sandbox anybody can sign in as anybody.",
            hint="Remove it, and point HF_ENDPOINT at the Hub or leave that out too.",
            id="dibt.E020",
        )
    elif urlsplit(settings.HUB_URL).hostname in LOOPBACK:
        yield Error(
            "HF_ENDPOINT is on this machine, where only the sandbox Hub can be.",
            hint="Remove it to use https://huggingface.co.",
            id="dibt.E021",
        )


@register("settings")
def production_is_careful(**_kwargs: object) -> Iterator[CheckMessage]:
    """What works and is still unwise."""
    if not settings.PRODUCTION:
        return
    if not settings.HTTPS:
        yield checks.Warning(
            "SITE_URL is not https: sessions would cross the network readable.",
            hint="Put a proxy with a certificate in front, and set SITE_URL to its address.",
            id="dibt.W001",
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield checks.Warning(
            "EMAIL_URL is not set: mails are written into files in DATA_DIR/mail and reach nobody.",
            hint="Such as smtp+tls://user:password@mail.example.org:587",
            id="dibt.W002",
        )
    if settings.DEBUG:
        yield Error(
            "DEBUG is on in production: an error page would show settings and data to everybody.",
            hint="Remove DEBUG from the environment.",
            id="dibt.E022",
        )


def is_set(setting: str) -> bool:
    try:
        return bool(getattr(settings, setting))
    except ImproperlyConfigured:  # what Django raises for an empty SECRET_KEY
        return False
