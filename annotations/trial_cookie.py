"""The cookie by which a browser's trial answers are found again. It is set with the first of them, and not before."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from annotations.domain.trials import KEPT_FOR

NAME = "trial"


def secret_in(request: HttpRequest) -> str:
    """The secret that the browser sends; "" where it has none."""
    return request.COOKIES.get(NAME, "")


def remember(response: HttpResponseBase, secret: str) -> None:
    response.set_cookie(
        NAME,
        secret,
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponseBase) -> None:
    response.delete_cookie(NAME, samesite="Lax")
