"""What somebody tried before signing in is theirs with the first answer of this site to them as a signed-in person."""

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from annotations import trial_cookie
from annotations.domain import adopting
from dibt.lib.errors import DomainError


class TrialMiddleware:
    """Hands trial answers over to whoever signs in first in that browser, and takes the cookie away: who signs in
    after them on the same phone gets nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        secret = trial_cookie.secret_in(request)
        if secret and isinstance(request.user, User):
            adopting.claim(secret, by=request.user)
            # Theirs by now; what a project refuses that closes in this moment is taken up again by the sweep.
            with suppress(DomainError):
                _tell(request, response, adopting.adopt_where_possible(request.user))
            trial_cookie.forget(response)
        return response


def _tell(request: HttpRequest, response: HttpResponseBase, adopted: adopting.Adopted) -> None:
    """What became of them; the page of a project says itself what waits there."""
    if adopted.answers:
        messages.success(request, said(adopted))
    assert isinstance(request.user, User)
    elsewhere = [
        slug
        for slug in adopting.waiting(request.user)
        .order_by()
        .values_list("project__slug", flat=True)
        .distinct()
        if reverse("projects:annotate", args=[slug]) != response.get("Location", request.path)
    ]
    if elsewhere:
        messages.info(request, _("What you answered before signing in waits under “Your answers”."))


def said(adopted: adopting.Adopted) -> str:
    """One sentence for the person whose answers they are, and one more where some came too late to count."""
    number = adopted.answers
    sentence = ngettext(
        "The answer you gave before signing in is yours now.",
        "The %(number)d answers you gave before signing in are yours now.",
        number,
    ) % {"number": number}
    if not adopted.surplus:
        return sentence
    return f"{sentence} " + ngettext(
        "%(number)d came when its record was full: it is kept and credited, but stays outside the dataset.",
        "%(number)d came when their records were full: they are kept and credited, but stay outside the dataset.",
        adopted.surplus,
    ) % {"number": adopted.surplus}
