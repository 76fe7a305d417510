"""Where the Hub's sign-in endpoints are, and whether a failed sign-in was an outage.

The calls of the sign-in flow itself are made by allauth, through `requests`.
"""

import logging
from datetime import timedelta
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=1)
ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class HubUnreachableError(Exception):
    """The Hub does not answer, or not as an OpenID provider does. Trying again later is all one can do."""


def discovery(url: str) -> dict[str, Any]:
    """The provider's own description (OpenID Connect Discovery 1.0, section 3), kept for an hour.

    Raises HubUnreachableError.
    """
    key = f"hub-discovery:{url}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = _fetch(url)
        cache.set(key, known, KEPT_FOR.total_seconds())
    # allauth writes into what it is given
    return dict(known)


def is_outage(error: BaseException | None) -> bool:
    """Whether the flow broke because the Hub did not answer properly, rather than because it refused."""
    return isinstance(error, requests.RequestException)


def _fetch(url: str) -> dict[str, Any]:
    try:
        response = requests.get(url, timeout=settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
        response.raise_for_status()
        config = response.json()
    except requests.RequestException as error:
        logger.warning("The Hub's sign-in cannot be reached: %s", type(error).__name__)
        raise HubUnreachableError from error
    if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in ENDPOINTS):
        logger.warning("The Hub's description of its sign-in names not all endpoints")
        raise HubUnreachableError
    return config
