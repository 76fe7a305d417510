"""How many answers each record needs, and surplus answers that may count after all."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import PersonRequest, signed_in
from annotations.domain import records, surplus
from projects.views.managed import managed


@require_POST
@signed_in
def overlap(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    text = request.POST.get("overlap", "")
    number = int(text) if text.isdecimal() and len(text) < 4 else 0
    records.set_overlap(project, by=request.user, overlap=number)
    messages.success(request, _("Saved."))
    return redirect("manage:settings", slug)


@require_POST
@signed_in
def take_in(request: PersonRequest, slug: str) -> HttpResponse:
    taken = surplus.take_in(managed(slug, request.user), by=request.user)
    told = ngettext("%(count)d answer counts now.", "%(count)d answers count now.", taken) % {"count": taken}
    messages.success(request, told)
    return redirect("records:list", slug)
