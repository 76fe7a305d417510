"""Trying a project before signing in, and what is asked afterwards so that the answers count.

Plain forms, each followed by a redirect. A visitor leaves no trace but the cookie that comes with the first saved
answer: what is offered to them depends on the secret that protects their forms from forgery anyway, and which records
they passed over is in the address.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import PersonRequest, signed_in
from accounts.models import User
from accounts.throttling import Limit, limited
from annotations import trial_cookie
from annotations.domain import adopting, contributors, trials
from annotations.domain.desks import project_at
from annotations.domain.trials import MOST_PASSED, Visitor
from annotations.middleware import said
from annotations.models import Record
from annotations.models.trial import MOST_TRIED
from annotations.views import sent
from annotations.views.consent import take_consent, ways_to_be_shown
from annotations.views.images import allowing_images
from annotations.views.showing import shown_fields, suggestions_of
from dibt.lib.errors import InvalidError
from projects.domain import tasks
from projects.models import Project
from projects.schema.answers import AnswerError
from projects.schema.form import FormData, answer_from_form, form
from projects.schema.problem import Problem

# A whole class may sit behind one address; a program that fills the table has one, too.
TRIES = Limit("trial", amount=150, per=timedelta(hours=1))


def was_signed_in(request: HttpRequest) -> bool:
    """Whether the form is one of somebody whose session has ended since: it carries no offer."""
    return request.method == "POST" and "offer" not in request.POST


def annotate(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The workspace for somebody who is not signed in: a record where they may try, else the way in."""
    if request.method == "POST":
        return save(request, project)
    if project.members_only:
        return render(request, "projects/annotate_signed_out.html", _surroundings(project))
    visitor, passed = _visitor(request), _passed(request.GET.getlist("passed"))
    record = trials.next_record(project, visitor=visitor, passed=passed)
    return _page(request, project, visitor=visitor, record=record, passed=passed)


@limited(TRIES, template="projects/trial_too_often.html")
def save(request: HttpRequest, project: Project) -> HttpResponse:
    visitor, passed = _visitor(request), _passed(request.POST.getlist("passed"))
    offer = request.POST.get("offer", "")
    data = sent.form_data(request.POST)
    record = trials.offered(project, visitor=visitor, offer=offer)
    try:
        answer = answer_from_form(tasks.current_schema(project).schema, data, fields=record.fields)
    except AnswerError as error:
        return _page(
            request,
            project,
            visitor=visitor,
            record=record,
            passed=passed,
            data=data,
            problems=error.problems,
        )
    visitor = visitor.remembered()
    trials.answer(
        project,
        visitor=visitor,
        offer=offer,
        values=answer.to_json(),
        guidelines_version=sent.guidelines_number(request.POST),
    )
    query = urlencode({"saved": 1, "passed": passed}, doseq=True)
    response = redirect(f"{reverse('projects:annotate', args=[project.slug])}?{query}#work")
    trial_cookie.remember(response, visitor.secret)
    return response


@require_POST
@never_cache
def forget(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete what was tried in this browser, here and in other projects."""
    project = project_at(slug, seen_by=request.user)
    trials.forget(_visitor(request))
    messages.success(request, _("Your answers are deleted, and nothing of you is kept."))
    response = redirect("projects:detail", project.slug)
    trial_cookie.forget(response)
    return response


def first_step(request: HttpRequest, project: Project) -> HttpResponse | None:
    """Before somebody goes on who tried first: the page that asks for what their answers wait for. None where
    nothing waits, or nothing more has to be asked."""
    user = cast("User", request.user)
    if not adopting.waiting(user).filter(project=project).exists():
        return None
    contributor = contributors.join(project, by=user)
    if contributors.lacks_consent(contributor):
        return render(request, "projects/trial_keep.html", _waiting(project, user))
    _tell(request, adopting.adopt(project, by=user))
    return None


@require_POST
@never_cache
@signed_in
def keep(request: PersonRequest, slug: str) -> HttpResponse:
    """Accept the licence and choose how to be shown, so that what waits counts."""
    project = project_at(slug, seen_by=request.user)
    try:
        _tell(request, take_consent(request, project))
    except InvalidError as error:
        refused = {"consent_problem": error.message, "shown_as": request.POST.get("shown_as", "")}
        context = _waiting(project, request.user) | {"sent": refused}
        return render(request, "projects/trial_keep.html", context, status=422)
    return redirect("projects:annotate", project.slug)


@require_POST
@never_cache
@signed_in
def drop(request: PersonRequest, slug: str) -> HttpResponse:
    """Delete what waits in a project instead."""
    project = project_at(slug, seen_by=request.user)
    adopting.drop_all(project, by=request.user)
    messages.success(request, _("The answers you gave before signing in are deleted."))
    return redirect("projects:annotate", project.slug)


def _page(
    request: HttpRequest,
    project: Project,
    *,
    visitor: Visitor,
    record: Record | None,
    passed: list[int],
    data: FormData | None = None,
    problems: Iterable[Problem] = (),
) -> HttpResponse:
    """The record with its questions; where none is left for them, how to keep what they answered."""
    schema, problems = tasks.current_schema(project).schema, tuple(problems)
    given = trials.given(project, visitor=visitor)
    context = _surroundings(project) | {
        "record": record,
        "given": given,
        "number": given + 1,
        "most": MOST_TRIED,
        "saved": "saved" in request.GET,
        "passed": passed,
        "may_pass": len(passed) < MOST_PASSED,
    }
    if record:
        suggestions = suggestions_of(record)
        context |= {
            "offer": trials.offer(record, visitor=visitor),
            "shown": shown_fields(project, schema, record.fields),
            "form": form(schema, data=data, suggestions=suggestions, problems=problems, fields=record.fields),
        }
    page = render(request, "projects/trial.html", context, status=422 if problems else 200)
    return allowing_images(page, project)


def _surroundings(project: Project) -> dict[str, object]:
    return {"project": project, "guidelines": tasks.current_guidelines(project)}


def _waiting(project: Project, user: User) -> dict[str, object]:
    """What `projects/_trial_waiting.html` wants."""
    return _surroundings(project) | {
        "trial_waiting": adopting.waiting(user).filter(project=project).count(),
        "contributor": contributors.join(project, by=user),
        "ways_to_be_shown": ways_to_be_shown(user),
        "sent": None,
    }


def _tell(request: HttpRequest, adopted: adopting.Adopted) -> None:
    if adopted.answers:
        messages.success(request, said(adopted))


def _visitor(request: HttpRequest) -> Visitor:
    """Known by the secret of the protection against forgery, of which a browser has one from its first form on."""
    get_token(request)
    seed = salted_hmac("annotations.trials", request.META["CSRF_COOKIE"]).hexdigest()
    return Visitor(seed, trial_cookie.secret_in(request))


def _passed(sent: list[str]) -> list[int]:
    return [int(text) for text in sent if text.isdecimal() and len(text) <= 18][:MOST_PASSED]
