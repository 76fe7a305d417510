"""The beginning of a case: no faults, nothing remembered of the case before."""

from django.core.cache import cache

from dibt.gateways.hub import the_hub
from dibt.gateways.hub.limiter import the_limiter
from dibt.sandbox.testing import SandboxServer


def begin(sandbox: SandboxServer) -> None:
    """As in a process that has just started: it knows neither who it is nor what is left of the rate limit."""
    sandbox.faults.clear()
    sandbox.requests.clear()
    cache.clear()
    the_limiter.cache_clear()
    the_hub.cache_clear()
