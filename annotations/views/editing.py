"""An own answer, opened again to change or delete it: what “Undo” in the workspace leads to, and the list of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, signed_in
from annotations.domain import editing, guidelines
from annotations.models import Response
from annotations.views import sent
from annotations.views.images import allowing_images
from annotations.views.showing import earlier_versions, given_values, shown_fields, suggestions_of
from annotations.views.ways_back import way_back
from projects.domain import tasks
from projects.schema.answers import AnswerError
from projects.schema.form import FormData, answer_from_form, form, form_data


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def edit(request: PersonRequest, public_id: str) -> HttpResponse:
    own = Response.objects.filter(contributor__user=request.user)
    response = get_object_or_404(own.select_related("project", "record", "contributor"), public_id=public_id)
    if request.method != "POST":
        editing.require_editable(response, by=request.user)
        return _page(request, response, form_data(given_values(response)))
    data = sent.form_data(request.POST)
    schema = tasks.current_schema(response.project).schema
    try:
        answer = answer_from_form(schema, data, fields=response.record.fields)
    except AnswerError as error:
        editing.require_editable(response, by=request.user)
        return _page(request, response, data, error)
    number = sent.guidelines_number(request.POST)
    editing.edit(response, by=request.user, values=answer.to_json(), guidelines_version=number)
    messages.success(request, _("Your answer is saved."))
    return redirect(way_back(request))


def _page(
    request: PersonRequest, response: Response, data: FormData, error: AnswerError | None = None
) -> HttpResponse:
    """The record and the questions as in the workspace, filled in."""
    project, record = response.project, response.record
    schema = tasks.current_schema(project).schema
    problems = error.problems if error else ()
    context = {
        "project": project,
        "response": response,
        "guidelines": tasks.current_guidelines(project),
        "guidelines_changes": guidelines.changes_for(response.contributor),
        "shown": shown_fields(project, schema, record.fields),
        "form": form(
            schema,
            data=data,
            suggestions=suggestions_of(record),
            problems=problems,
            fields=record.fields,
        ),
        "earlier": earlier_versions(response, record.fields),
        "back": way_back(request),
    }
    page = render(request, "mine/edit.html", context, status=422 if error else 200)
    return allowing_images(page, project)
