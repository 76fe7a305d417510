"""How often one address may ask for what costs us, or the Hub, something."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` requests of one address in each window of time; a window starts for all at once."""

    name: str
    amount: int
    per: timedelta

    def is_passed_by(self, address: str) -> bool:
        """Count one more request; whether it is one too many."""
        seconds = int(self.per.total_seconds())
        key = f"limit:{self.name}:{address}:{int(time.time()) // seconds}"
        if cache.add(key, 1, timeout=seconds):
            return False
        try:
            return cache.incr(key) > self.amount
        except ValueError:  # the window ended between the two calls
            return False


def limited(limit: Limit, *, template: str = "accounts/too_often.html") -> Callable[[View[P]], View[P]]:
    """Answer 429 with a page instead of calling the view, when the sender's address asks too often."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            # allauth knows which proxies may be believed about the address
            if not limit.is_passed_by(get_adapter(request).get_client_ip(request)):
                return view(request, *args, **kwargs)
            refusal = render(request, template, status=HTTPStatus.TOO_MANY_REQUESTS)
            refusal["Retry-After"] = str(int(limit.per.total_seconds()))
            return refusal

        return guarded

    return decorate
