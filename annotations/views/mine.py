"""A person's own answers, and the projects they lead."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from annotations.domain import responding, totals
from annotations.models import Contributor, Response
from annotations.views.showing import shown_fields
from projects.models import Project
from projects.schema.words import in_words

ANSWERS_A_PAGE = 20


@require_safe
@never_cache
@signed_in
def answer_list(request: PersonRequest) -> HttpResponse:
    person = request.user
    own = Response.objects.filter(contributor__user=person)
    rows = own.select_related("project", "record", "schema_version").order_by("-submitted_at", "-pk")
    page = Paginator(rows, ANSWERS_A_PAGE).get_page(request.GET.get("page"))
    taking_part = Contributor.objects.filter(user=person).select_related("project")
    projects = Project.objects.filter(pk__in=[response.project_id for response in page])
    visible = set(projects.showing_records_to(person).values_list("pk", flat=True))
    answers = [_shown(response, with_record=response.project_id in visible) for response in page]
    context = {"page": page, "answers": answers, "taking_part": taking_part.order_by("-last_answer_at")}
    return render(request, "mine/list.html", context)


def _shown(response: Response, *, with_record: bool) -> dict[str, object]:
    """The answer stays its author's; the record of a members' project is shown to members only."""
    schema = response.schema_version.schema
    return {
        "response": response,
        "shown": shown_fields(response.project, schema, response.record.fields) if with_record else [],
        "with_record": with_record,
        "lines": in_words(schema, response.values),
    }


@require_safe
@never_cache
@signed_in
def led_projects(request: PersonRequest) -> HttpResponse:
    led = Project.objects.led_by(request.user).select_related("organisation").order_by("-created_at")
    return render(request, "mine/projects.html", {"projects": totals.with_totals(led)})


@require_POST
@signed_in
def take_back(request: PersonRequest, public_id: str) -> HttpResponse:
    response = get_object_or_404(Response, public_id=public_id, contributor__user=request.user)
    responding.take_back(response, by=request.user)
    messages.success(request, _("Your answer is deleted. No release made from now on will hold it."))
    return redirect("mine:list")
