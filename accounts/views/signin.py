"""Signing in and out. The flow itself is allauth's, with the changes of `accounts.signin`."""

from datetime import timedelta
from http import HTTPStatus

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.signin import HubOAuth2Adapter
from accounts.throttling import Limit, limited
from dibt.lib import problems
from dibt.lib.middleware import came_from
from dibt.lib.problems import wants_json

# Generous, because a whole class may sit behind one address.
SIGN_INS = Limit("sign-in", amount=60, per=timedelta(minutes=1))
RETURNS = Limit("sign-in-return", amount=60, per=timedelta(minutes=1))


@require_safe
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Explains what signing in does, and has the one button that does it."""
    next_page = wanted_page(request)
    if request.user.is_authenticated:
        return redirect(next_page or "/")
    return render(request, "accounts/sign_in.html", {"next": next_page})


@never_cache
@limited(SIGN_INS)
def hub_login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Off to the Hub. Only by POST, or another site could sign somebody in as it likes."""
    if request.method != "POST":
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': wanted_page(request)})}")
    view = OAuth2LoginView.adapter_view(HubOAuth2Adapter(request, provider_id))
    response: HttpResponseBase = view(request)
    return response


@require_GET
@never_cache
@limited(RETURNS)
def hub_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the Hub, with a code, or with the news that the person said no."""
    view = OAuth2CallbackView.adapter_view(HubOAuth2Adapter(request, provider_id))
    response: HttpResponseBase = view(request)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.info(request, _("You are signed out here. On Hugging Face you are still signed in."))
    return redirect(resolve_url("home"))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Instead of Django's page for a form whose protection against forgery no longer fits."""
    if wants_json(request):
        sentence = _("This page is too old for what it sends. Reload it and send it again.")
        return problems.answer(HTTPStatus.FORBIDDEN, "stale-form", sentence)
    context = {"back": came_from(request) or "/", "without_cookies": not request.COOKIES}
    return render(request, "accounts/stale_form.html", context, status=HTTPStatus.FORBIDDEN)


def wanted_page(request: HttpRequest) -> str:
    """Where to go after sign-in: `next`, if it is the path of a page of this site; else empty."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    here = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if here else ""
