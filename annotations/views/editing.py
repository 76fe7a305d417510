"""An own answer, opened again to change or delete it: what “Undo” in the workspace leads to, and the list of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, signed_in
from annotations.domain import editing
from annotations.models import Response
from annotations.views.showing import earlier_versions, given_values, shown_fields, suggested_values
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
    sent = {name: request.POST.getlist(name) for name in request.POST}
    try:
        answer = answer_from_form(tasks.current_schema(response.project).schema, sent)
    except AnswerError as error:
        editing.require_editable(response, by=request.user)
        return _page(request, response, sent, error)
    editing.edit(response, by=request.user, values=answer.to_json())
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
        "shown": shown_fields(project, schema, record.fields),
        "form": form(schema, data=data, suggestions=suggested_values(record), problems=problems),
        "earlier": earlier_versions(response),
        "back": way_back(request),
    }
    return render(request, "mine/edit.html", context, status=422 if error else 200)
