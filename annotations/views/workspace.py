"""The built-in workspace: one record after the other, in one round trip each.

An answer sent by the page's script is answered with what is at hand next (`annotations.views.at_hand`); a plain form
is sent on to the page instead.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations.domain import (
    contributors,
    drafts,
    guidelines,
    leasing,
    responding,
    setting_aside,
    skipping,
    totals,
)
from annotations.domain.contributors import ConsentError
from annotations.domain.desks import project_at, record_at
from annotations.domain.given import fields_to_mark
from annotations.models import Contributor
from annotations.views import at_hand, sent, trial, undoing
from annotations.views.at_hand import Context, Sent
from annotations.views.consent import take_consent
from annotations.views.images import allowing_images
from annotations.views.offline import modules_for
from dibt.lib import clock, problems
from dibt.lib.errors import InvalidError
from dibt.lib.problems import wants_json
from projects.domain import tasks
from projects.models import Project
from projects.schema.answers import AnswerError
from projects.schema.form import FormData, answer_from_form


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annotate(request: HttpRequest, slug: str) -> HttpResponseBase:
    project = project_at(slug, seen_by=request.user)
    if not request.user.is_authenticated and (wants_json(request) or trial.was_signed_in(request)):
        return redirect_to_login(request.path)
    if not request.user.is_authenticated:
        return trial.annotate(request, project)
    page = submit(request, project) if request.method == "POST" else show(request, project)
    return allowing_images(page, project)


def show(request: HttpRequest, project: Project) -> HttpResponse:
    by_script = wants_json(request)
    at_hand.require_same_person(request)
    if waiting := None if by_script else trial.first_step(request, project):
        return waiting
    contributor = contributors.join(project, by=request.user)
    taken_up = [] if by_script else drafts.take_up(contributor, most=responding.PREFETCH)
    held = responding.held(project, by=request.user)
    if by_script:
        return at_hand.told(request, project, contributor, held)
    page = at_hand.done(project, contributor, saved=_just_saved(request.GET)) | undoing.just_done(request.GET)
    # What was just taken back comes first, then what was begun.
    again = undoing.taken_back(request.GET, contributor)
    before = [*again, *(each for each in taken_up if each not in again)]
    held = [*before, *(each for each in held if each not in before)]
    begun = at_hand.begun_of(contributor, held)
    if held:
        first = held[0].record
        page |= at_hand.work(project, contributor, first, begun=begun.get(first.pk))
        page["until"] = clock.milliseconds(held[0].expires_at)
    else:
        page |= at_hand.nothing_left(project, contributor)
    page["ready"] = at_hand.ready(project, contributor, held[1:], begun)
    return render(request, "projects/annotate.html", _surroundings(project) | page | _of_person(contributor))


def submit(request: HttpRequest, project: Project) -> HttpResponse:
    at_hand.require_same_person(request)
    record_id, data = sent.record_id(request.POST), sent.form_data(request.POST)
    try:
        # First of all: other answers may wait for it, given without being asked again.
        take_consent(request, project)
    except InvalidError as error:
        return _consent_again(request, project, record_id, error.message)
    try:
        submitted = _submit(request, project, record_id, data)
    except AnswerError as error:
        return _again(request, project, record_id, Sent(data, problems=error.problems))
    except ConsentError as error:
        return _consent_again(request, project, record_id, error.message)
    saved = submitted.response.public_id
    if wants_json(request):
        held = [] if at_hand.wants_no_more(request) else responding.held_after(submitted)
        so_far = at_hand.done(project, submitted.contributor, saved=saved)
        return at_hand.told(request, project, submitted.contributor, held, so_far)
    return redirect(f"{reverse('projects:annotate', args=[project.slug])}?saved={saved}")


def _submit(request: HttpRequest, project: Project, record_id: int, data: FormData) -> responding.Submitted:
    number = sent.schema_number(request.POST)
    schema = tasks.schema_numbered(project, number).schema
    fields = fields_to_mark(project, schema, record_id)
    return responding.submit(
        project,
        by=request.user,
        record_id=record_id,
        values=answer_from_form(schema, data, fields=fields).to_json(),
        key=request.POST.get("key", ""),
        schema_version=number,
        guidelines_version=sent.guidelines_number(request.POST),
    )


@require_POST
@login_required
def skip(request: HttpRequest, slug: str) -> HttpResponse:
    project = at_hand.project_of_same_person(request, slug)
    record_id = sent.record_id(request.POST)
    contributor = responding.skip(project, by=request.user, record_id=record_id)
    return _go_on(request, project, contributor, record_id, let_go="skip")


@require_POST
@login_required
def skipped_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Back to the page, where the records that were skipped are offered once more."""
    project = project_at(slug, seen_by=request.user)
    skipping.reopen_skipped(project, by=request.user)
    return redirect("projects:annotate", project.slug)


@require_POST
@login_required
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    project = at_hand.project_of_same_person(request, slug)
    record_id = sent.record_id(request.POST)
    contributor = setting_aside.discard(project, by=request.user, record_id=record_id)
    return _go_on(request, project, contributor, record_id, let_go="discard")


@require_POST
@login_required
def flag(request: HttpRequest, slug: str) -> HttpResponse:
    project = at_hand.project_of_same_person(request, slug)
    record_id, reason = sent.record_id(request.POST), request.POST.get("reason", "")
    note = request.POST.get("note", "")
    contributor = setting_aside.flag(project, by=request.user, record_id=record_id, reason=reason, note=note)
    return _go_on(request, project, contributor, record_id, let_go="flag")


def _go_on(
    request: HttpRequest, project: Project, contributor: Contributor, record_id: int, *, let_go: str
) -> HttpResponse:
    """What is at hand after a record that was let go without an answer."""
    if not wants_json(request):
        query = urlencode({"let_go": let_go, "record": record_id})
        return redirect(f"{reverse('projects:annotate', args=[project.slug])}?{query}")
    held = [] if at_hand.wants_no_more(request) else responding.held(project, by=request.user)
    so_far = at_hand.done(project, contributor, let_go=let_go, record_id=record_id)
    return at_hand.told(request, project, contributor, held, so_far)


def _consent_again(request: HttpRequest, project: Project, record_id: int, sentence: str) -> HttpResponse:
    """The record with the answer that was given and what has to be chosen or accepted before it is saved."""
    shown_as = request.POST.get("shown_as", "")
    refused = Sent(sent.form_data(request.POST), consent_problem=sentence, shown_as=shown_as)
    return _again(request, project, record_id, refused)


def _again(request: HttpRequest, project: Project, record_id: int, refused: Sent) -> HttpResponse:
    """The same record with what was sent and what is wrong with it; nothing was saved."""
    contributor = contributors.join(project, by=request.user)
    context = at_hand.work(project, contributor, record_at(contributor, record_id), refused)
    if wants_json(request):
        sentence = refused.consent_problem or " ".join(problem.sentence for problem in refused.problems)
        html = at_hand.fragment(context)
        status = InvalidError.status
        return problems.answer(status, InvalidError.kind, sentence, html=html, record=record_id)
    page = _surroundings(project) | at_hand.done(project, contributor) | _of_person(contributor) | context
    return render(request, "projects/annotate.html", page, status=422)


def _surroundings(project: Project) -> Context:
    return {
        "project": project,
        "totals": totals.of(project),
        "guidelines": tasks.current_guidelines(project),
    }


def _of_person(contributor: Contributor) -> Context:
    """What a page that is opened says besides; records that follow leave it as it is."""
    return {
        "guidelines_changes": guidelines.changes_for(contributor),
        "begun_elsewhere": drafts.without_record(contributor),
        "goals": at_hand.GOALS,
        "along": leasing.taken_along_ids(contributor),
        "now": clock.milliseconds(clock.now()),
        "desk_modules": modules_for(tasks.current_schema(contributor.project).schema),
    }


def _just_saved(data: QueryDict) -> UUID | None:
    """The answer that a plain form left behind; only its author can open it, so nobody is asked here."""
    try:
        return UUID(data.get("saved", ""))
    except ValueError:
        return None
