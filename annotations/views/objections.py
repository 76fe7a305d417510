"""What people hold against the records of a project, and the lead's decision about each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from annotations.domain import setting_aside
from annotations.views.showing import shown_fields
from dibt.lib.errors import InvalidError
from projects.domain import tasks
from projects.views.managed import managed

RECORDS_A_PAGE = 25


@require_safe
@never_cache
@signed_in
def index(request: PersonRequest, slug: str) -> HttpResponse:
    project = managed(slug, request.user)
    page = Paginator(setting_aside.objected(project), RECORDS_A_PAGE).get_page(request.GET.get("page"))
    schema = tasks.current_schema(project).schema
    objections = setting_aside.with_objections(list(page))
    rows = [(objected, shown_fields(project, schema, objected.record.fields)) for objected in objections]
    return render(request, "records/objections.html", {"project": project, "page": page, "rows": rows})


@require_POST
@signed_in
def decide(request: PersonRequest, slug: str, record_id: int) -> HttpResponse:
    project = managed(slug, request.user)
    decision = request.POST.get("decision")
    if decision == "put_back":
        setting_aside.put_back(project, by=request.user, record_id=record_id)
        messages.success(request, _("The record is in the queue; what was said against it counts no more."))
    elif decision == "leave_out":
        setting_aside.leave_out(project, by=request.user, record_id=record_id)
        messages.success(request, _("The record is left out."))
    else:
        raise InvalidError(
            _("The form does not say what to do with the record. Reload the page and try again.")
        )
    return redirect("records:objections", slug)
