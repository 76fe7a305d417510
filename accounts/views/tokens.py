"""Personal API tokens: the list, a new one shown once, the end of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, signed_in
from accounts.domain import tokens
from accounts.forms import NewTokenForm
from accounts.models import ApiToken


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def token_list(request: PersonRequest) -> HttpResponse:
    """The new token's secret is in the answer to the POST and nowhere else.

    A redirect would need it to be stored until the next request. Sent again, the form is refused, because the
    name is taken then.
    """
    form = NewTokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _token, secret = tokens.make(request.user, name=form.cleaned_data["name"])
        form = NewTokenForm()
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "secret": secret,
        "api_url": request.build_absolute_uri(reverse("api:me")),
        "tokens": request.user.api_tokens.filter(revoked_at=None),
        "revoked": request.user.api_tokens.exclude(revoked_at=None).count(),
    }
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
@signed_in
def revoke_token(request: PersonRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk)
    tokens.revoke(token, by=request.user)
    messages.success(
        request, _("“%(name)s” is revoked: whatever used it no longer gets in.") % {"name": token.name}
    )
    return redirect("accounts:tokens")
