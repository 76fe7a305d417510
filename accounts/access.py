"""Views that only make sense for somebody who is signed in."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request whose sender is known."""

    user: User


def signed_in(
    view: Callable[Concatenate[PersonRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask others to sign in first, and bring them back to the page they were on (see accounts.middleware)."""
    guarded = login_required(cast(Callable[..., HttpResponseBase], view))
    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)
