"""What every template may use without its view providing it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Site:
    """Facts about this installation that pages show.

    ``sandbox`` is true where the Hub is the stand-in on this machine; ``hub_url`` has no slash at its end.
    """

    sandbox: bool
    hub_url: str
    url: str


def site(_request: HttpRequest) -> dict[str, Site]:
    """The context processor that adds ``site``."""
    hub_url: str = settings.HUB_URL
    sandbox = bool(settings.SANDBOX_URL) and hub_url == settings.SANDBOX_URL
    return {"site": Site(sandbox=sandbox, hub_url=hub_url, url=settings.SITE_URL)}
