"""Sign-in with Hugging Face: what we change in allauth's OpenID Connect flow (with PKCE), and why.

There is no sign-up: whoever the Hub vouches for has an account here, found or made by `sub` before allauth
looks for one, at the first sign-in and at every later one. Nothing a visitor puts into an address changes
what is asked of the Hub, and nothing of the Hub's answer is stored but what `people.sign_in` takes from it.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.domain import people
from accounts.domain.hub_profile import HubProfile
from dibt.gateways.signin import HubUnreachableError, discovery, is_outage
from dibt.lib import secrets
from dibt.lib.errors import InvalidError

logger = logging.getLogger(__name__)

PROVIDER_ID = "huggingface"


class HubOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """Where the Hub's endpoints are, asked for once an hour instead of twice a sign-in."""

    @property
    def openid_config(self) -> dict[str, Any]:
        try:
            return discovery(self.get_provider().server_url)  # type: ignore[no-untyped-call]  # allauth's
        except HubUnreachableError as error:
            next_page = get_next_redirect_url(self.request) or ""
            raise ImmediateHttpResponse(_hub_unreachable(self.request, next=next_page)) from error


class HubProvider(OpenIDConnectProvider):
    """What is asked of the Hub, and what is taken from its answer."""

    oauth2_adapter_class = HubOAuth2Adapter

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:  # noqa: ARG002
        """Always the same: allauth would add what the address says, up to the right to write repositories."""
        return list(self.get_scope())  # type: ignore[no-untyped-call]  # allauth's

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:  # noqa: ARG002
        """None of the address's: they could replace even `redirect_uri` and `state`."""
        return dict(self.get_auth_params())  # type: ignore[no-untyped-call]  # allauth's

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.new_token()
        kwargs["process"] = AuthProcess.LOGIN
        kwargs["auth_params"]["nonce"] = kwargs["nonce"] = nonce  # the second one is kept in the session
        return kwargs

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        return _profile(data).sub

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Nothing is stored: the answer holds more about a person than this site needs."""
        return {}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:  # noqa: ARG002
        """None: an address of the Hub is neither asked for nor a way into an account here."""
        return []

    def sociallogin_from_response(self, request: HttpRequest, response: Mapping[str, Any]) -> SocialLogin:
        login: SocialLogin = super().sociallogin_from_response(request, response)
        # `extra_data`, allauth's own place for it, would be stored
        login.hub_answer = response  # type: ignore[attr-defined]  # an attribute of ours on its object
        return login


class HubAccountAdapter(DefaultSocialAccountAdapter):
    """Who somebody is here once the Hub has told who they are there."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:  # noqa: ARG002
        """Bring the person up to date, or make them, so that allauth finds an account in every case."""
        answer: Mapping[str, Any] = sociallogin.hub_answer  # type: ignore[attr-defined]  # see HubProvider
        _check_id_token(answer, nonce=sociallogin.state.get("nonce"))
        profile = _profile(answer)
        user = people.sign_in(profile)
        account, _made = SocialAccount.objects.get_or_create(
            provider=PROVIDER_ID, uid=profile.sub, defaults={"user": user}
        )
        sociallogin.user, sociallogin.account = user, account

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,  # noqa: ARG002
        error: str | None = None,
        exception: BaseException | None = None,
        extra_context: Mapping[str, Any] | None = None,
    ) -> NoReturn:
        """Say what went wrong on a page of ours; allauth's keep neither the way back nor our words."""
        state: Mapping[str, Any] = (extra_context or {}).get("state") or {}
        context = {"next": state.get("next", "")}
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(render(request, "socialaccount/login_cancelled.html", context))
        if is_outage(exception):
            raise ImmediateHttpResponse(_hub_unreachable(request, **context))
        logger.warning("A sign-in failed: %s", type(exception).__name__ if exception else error)
        template = "socialaccount/authentication_error.html"
        raise ImmediateHttpResponse(render(request, template, context, status=HTTPStatus.UNAUTHORIZED))


class AccountAdapter(DefaultAccountAdapter):
    """There are no local accounts: no sign-up, no passwords, no mail from allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """None of allauth's messages: the head of every page says who is signed in."""

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:  # noqa: ARG002
        return render(request, "accounts/closed.html", status=HTTPStatus.FORBIDDEN)


def _profile(answer: Mapping[str, Any]) -> HubProfile:
    userinfo = answer.get("userinfo")
    try:
        return HubProfile.from_userinfo(userinfo if isinstance(userinfo, Mapping) else {})
    except InvalidError as error:
        raise PermissionDenied(error.message) from error


def _check_id_token(answer: Mapping[str, Any], *, nonce: str | None) -> None:
    """The token must be about the same person (OpenID Connect Core 1.0, section 5.3.2) and this sign-in.

    A nonce that does not come back is let pass: the Hub does not document it, and PKCE binds the code to this
    browser already.
    """
    token: Mapping[str, Any] = answer.get("id_token") or {}
    if token and token.get("sub") != _profile(answer).sub:
        raise PermissionDenied("The id token is about somebody else than the userinfo")
    if "nonce" in token and token["nonce"] != nonce:
        raise PermissionDenied("The id token belongs to another sign-in")


def _hub_unreachable(request: HttpRequest, **context: str) -> HttpResponse:
    page = render(
        request,
        "socialaccount/hub_unreachable.html",
        context,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )
    page["Retry-After"] = "60"
    return page
