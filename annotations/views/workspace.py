"""The built-in workspace: one record after the other, in one round trip each.

An answer sent by htmx is answered with the next record; a plain form is sent on to it instead.
"""

from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain import people
from accounts.models import ShownAs, User
from annotations.domain import contributors, guidelines, matching, responding, setting_aside, totals
from annotations.domain.desks import project_at
from annotations.models import Assignment, Contributor, FlagReason, Record
from annotations.views.showing import ShownField, shown_fields, suggested_values
from dibt.lib.errors import InvalidError, NotVisibleError
from dibt.lib.htmx import wants_fragment
from projects.domain import tasks
from projects.models import Project
from projects.schema.answers import AnswerError
from projects.schema.form import Form, answer_from_form, form
from projects.schema.problem import Problem

# Numbers of own answers in a project at which the page says thank you.
MILESTONES = frozenset({10, 50, 100, 500, 1_000})
GOALS = (10, 20, 50)


@dataclass(frozen=True)
class Sent:
    """What came with a form that could not be taken, so that it is shown again and not lost."""

    data: dict[str, list[str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    consent_problem: str = ""
    shown_as: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annotate(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_at(slug, seen_by=request.user)
    if not request.user.is_authenticated:
        return render(request, "projects/annotate_signed_out.html", _surroundings(project))
    return submit(request, project) if request.method == "POST" else show(request, project)


def show(request: HttpRequest, project: Project) -> HttpResponse:
    assignment = responding.next_record(project, by=request.user)
    contributor = contributors.join(project, by=request.user)
    saved = _just_saved(request.GET)
    context = _surroundings(project) | _work(project, contributor, assignment, saved=saved)
    return render(request, "projects/annotate.html", context | _only_once(contributor))


def submit(request: HttpRequest, project: Project) -> HttpResponse:
    record_id = _record_id(request.POST)
    schema = tasks.current_schema(project).schema
    data = {name: request.POST.getlist(name) for name in request.POST}
    try:
        answer = answer_from_form(schema, data)
        _take_consent(request, project)
    except AnswerError as error:
        return _again(request, project, record_id, Sent(data, problems=error.problems))
    except InvalidError as error:
        sent = Sent(data, consent_problem=error.message, shown_as=request.POST.get("shown_as", ""))
        return _again(request, project, record_id, sent)
    submitted = responding.submit(project, by=request.user, record_id=record_id, values=answer.to_json())
    if not wants_fragment(request):
        return redirect(
            f"{reverse('projects:annotate', args=[project.slug])}?saved={submitted.response.public_id}"
        )
    following = responding.record_after(submitted)
    return render(
        request,
        "projects/_work.html",
        _work(project, submitted.contributor, following, saved=submitted.response.public_id),
    )


@require_POST
@login_required
def skip(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_at(slug, seen_by=request.user)
    contributor = responding.skip(project, by=request.user, record_id=_record_id(request.POST))
    return _go_on(request, project, contributor)


@require_POST
@login_required
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_at(slug, seen_by=request.user)
    contributor = setting_aside.discard(project, by=request.user, record_id=_record_id(request.POST))
    return _go_on(request, project, contributor)


@require_POST
@login_required
def flag(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_at(slug, seen_by=request.user)
    record_id, reason = _record_id(request.POST), request.POST.get("reason", "")
    note = request.POST.get("note", "")
    contributor = setting_aside.flag(project, by=request.user, record_id=record_id, reason=reason, note=note)
    return _go_on(request, project, contributor)


def _go_on(request: HttpRequest, project: Project, contributor: Contributor) -> HttpResponse:
    """The next record, after one that was let go without an answer."""
    if not wants_fragment(request):
        return redirect("projects:annotate", project.slug)
    following = responding.next_record(project, by=request.user)
    return render(request, "projects/_work.html", _work(project, contributor, following))


def _again(request: HttpRequest, project: Project, record_id: int, sent: Sent) -> HttpResponse:
    """The same record with what was sent and what is wrong with it; nothing was saved."""
    assignment = responding.next_record(project, by=request.user)
    contributor = contributors.join(project, by=request.user)
    if assignment is None or assignment.record_id != record_id:
        raise NotVisibleError(_("This record is no longer with you. Reload the page for the next one."))
    context = _work(project, contributor, assignment, sent=sent)
    if wants_fragment(request):
        return render(request, "projects/_work.html", context, status=422)
    surroundings = _surroundings(project) | _only_once(contributor)
    return render(request, "projects/annotate.html", surroundings | context, status=422)


def _take_consent(request: HttpRequest, project: Project) -> None:
    """How they are shown and the licence, asked with the first answer. Without the questions on the form there
    is nothing to take: the domain refuses an answer that still needs them."""
    if "consent" not in request.POST:
        return
    user, contributor = cast("User", request.user), contributors.join(project, by=request.user)
    if not user.shown_as:
        people.choose_shown_as(user, shown_as=request.POST.get("shown_as", ""))
    if not contributor.licence_accepted_at:
        if request.POST.get("licence") != project.licence:
            raise InvalidError(
                _("Accept the licence of this project, so that your answers can be published.")
            )
        contributors.accept_licence(contributor)


def _surroundings(project: Project) -> dict[str, object]:
    return {
        "project": project,
        "totals": totals.of(project),
        "guidelines": tasks.current_guidelines(project),
    }


def _only_once(contributor: Contributor) -> dict[str, object]:
    """What a page that is opened says besides; records that follow leave it as it is."""
    user = cast("User", contributor.user)
    return {
        "guidelines_changes": guidelines.changes_for(contributor),
        "browser_key": people.browser_key(user),
        "goals": GOALS,
    }


def _work(
    project: Project,
    contributor: Contributor,
    assignment: Assignment | None,
    *,
    sent: Sent | None = None,
    saved: UUID | None = None,
) -> dict[str, object]:
    """What the changing part of the page shows: the record, its questions, and how much one has done.

    `saved`: which answer was just taken in, to undo it.
    """
    record = assignment.record if assignment else None
    return {
        "project": project,
        "contributor": contributor,
        "record": record,
        "shown": _shown(project, record),
        "form": _form(project, record, sent or Sent()),
        "flag_reasons": FlagReason.choices,
        "lacks_consent": contributors.lacks_consent(contributor),
        "ways_to_be_shown": ShownAs.choices if not contributor.user.shown_as else [],  # type: ignore[union-attr]
        "sent": sent,
        "saved": saved,
        "milestone": saved and contributor.submitted_count in MILESTONES,
        "next_project": None if record else matching.next_project(project, by=cast("User", contributor.user)),
    }


def _shown(project: Project, record: Record | None) -> list[ShownField]:
    return shown_fields(project, tasks.current_schema(project).schema, record.fields) if record else []


def _form(project: Project, record: Record | None, sent: Sent) -> Form | None:
    if record is None:
        return None
    schema = tasks.current_schema(project).schema
    return form(schema, data=sent.data, suggestions=suggested_values(record), problems=sent.problems)


def _just_saved(data: QueryDict) -> UUID | None:
    """The answer that a plain form left behind; only its author can open it, so nobody is asked here."""
    try:
        return UUID(data.get("saved", ""))
    except ValueError:
        return None


def _record_id(data: QueryDict) -> int:
    text = data.get("record", "")
    if not text.isdecimal() or len(text) > 18:
        raise InvalidError(_("The form does not say which record it answers. Reload the page and try again."))
    return int(text)
