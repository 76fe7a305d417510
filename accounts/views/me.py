"""A person's own page: who they are here, how others see them, where mail goes, what is held of them."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from accounts.domain import holdings, people
from accounts.forms import NotificationEmailForm, ShownAsForm


@require_safe
@never_cache
@signed_in
def me(request: PersonRequest) -> HttpResponse:
    user = request.user
    shown_as = ShownAsForm(initial={"shown_as": user.shown_as})
    email = NotificationEmailForm(initial={"email": user.notification_email})
    return _page(request, shown_as=shown_as, email=email)


@require_POST
@signed_in
def shown_as(request: PersonRequest) -> HttpResponse:
    form = ShownAsForm(request.POST)
    if not form.is_valid():
        email = NotificationEmailForm(initial={"email": request.user.notification_email})
        return _page(request, shown_as=form, email=email, status=422)
    people.choose_shown_as(request.user, shown_as=form.cleaned_data["shown_as"])
    messages.success(request, _("Saved. Others see you this way from now on."))
    return redirect("accounts:me")


@require_POST
@signed_in
def notification_email(request: PersonRequest) -> HttpResponse:
    form = NotificationEmailForm(request.POST)
    if not form.is_valid():
        shown_as = ShownAsForm(initial={"shown_as": request.user.shown_as})
        return _page(request, shown_as=shown_as, email=form, status=422)
    people.set_notification_email(request.user, email=form.cleaned_data["email"])
    if form.cleaned_data["email"]:
        messages.success(request, _("Saved. Notices come to this address from now on."))
    else:
        messages.success(request, _("Saved. You get no mail from here any more."))
    return redirect("accounts:me")


@require_safe
@never_cache
@signed_in
def my_data(request: PersonRequest) -> HttpResponse:
    return render(request, "accounts/my_data.html", {"held": holdings.of(request.user)})


@require_safe
@never_cache
@signed_in
def my_data_file(request: PersonRequest) -> HttpResponse:
    answer = JsonResponse(
        holdings.of(request.user).as_json(), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = 'attachment; filename="my-account.json"'
    return answer


def _page(
    request: PersonRequest, *, shown_as: ShownAsForm, email: NotificationEmailForm, status: int = 200
) -> HttpResponse:
    memberships = request.user.memberships.select_related("organisation").order_by("organisation__handle")
    context = {"memberships": memberships, "shown_as_form": shown_as, "email_form": email}
    return render(request, "accounts/me.html", context, status=status)
