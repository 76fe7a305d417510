"""What the site told a person."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from accounts.domain import notices
from accounts.models import Notice

NOTICES_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice with its text, ready for the page, which escapes it."""

    notice: Notice
    subject: str
    body: str


@require_safe
@never_cache
@signed_in
def notice_list(request: PersonRequest) -> HttpResponse:
    page = Paginator(notices.of(request.user), NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    shown = [ShownNotice(notice, *notices.text_of(notice)) for notice in page]
    unread = request.user.unread_notices
    return render(request, "accounts/notices.html", {"page": page, "shown": shown, "unread": unread})


@require_safe
@never_cache
@signed_in
def follow_notice(request: PersonRequest, pk: int) -> HttpResponse:
    """Go where the notice leads; having gone there is having read it."""
    notice = get_object_or_404(Notice, pk=pk)
    notices.mark_read(notice, by=request.user)
    return redirect(notice.url or "accounts:notices")


@require_POST
@signed_in
def mark_all_read(request: PersonRequest) -> HttpResponse:
    notices.mark_all_read(request.user)
    return redirect("accounts:notices")
