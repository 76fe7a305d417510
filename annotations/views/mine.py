"""A person's own answers, and the projects they lead."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, signed_in
from accounts.models import User
from annotations.domain import adopting, drafts, editing, responding, searching, totals
from annotations.forms.own_answers import OwnAnswersForm
from annotations.models import Contributor, Response, TrialAnswer
from annotations.views.drafts import in_full
from annotations.views.showing import Earlier, ShownField, earlier_versions, shown_fields
from annotations.views.ways_back import way_back
from projects.models import Project
from projects.schema.words import in_words

ANSWERS_A_PAGE = 20
BEGUN_SHOWN = 3


@dataclass(frozen=True)
class ShownAnswer:
    """The answer stays its author's; the record of a members' project is shown to members only.

    `fixed` says why it can no longer be changed, "" where it can.
    """

    response: Response
    with_record: bool
    shown: list[ShownField]
    lines: list[tuple[str, str]]
    earlier: list[Earlier]
    fixed: str


@dataclass(frozen=True)
class WaitingAnswer:
    """One that was given before signing in and does not count yet. `reason`: why, in a sentence, "" where its
    author can see to it."""

    trial: TrialAnswer
    shown: list[ShownField]
    lines: list[tuple[str, str]]
    reason: str


@require_safe
@never_cache
@signed_in
def answer_list(request: PersonRequest) -> HttpResponse:
    person = request.user
    rows = Contributor.objects.filter(user=person).select_related("project")
    taking_part = list(rows.order_by("-last_answer_at"))
    wanted = OwnAnswersForm(request.GET, projects=[row.project for row in taking_part])
    found = searching.own_answers(person, **wanted.wanted)
    found = found.select_related("project", "record", "schema_version")
    found = found.prefetch_related("edits__schema_version")
    page = Paginator(found, ANSWERS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "mine/list.html",
        {
            "page": page,
            "answers": _shown(list(page), person),
            "waiting": _waiting(person),
            "taking_part": taking_part,
            "form": wanted,
            "narrowed": any(wanted.wanted.values()),
            **_begun(person),
        },
    )


def _begun(person: User) -> dict[str, object]:
    """The latest that they have begun, and whether there is more."""
    latest = list(drafts.of(person)[: BEGUN_SHOWN + 1])
    return {"begun": in_full(latest[:BEGUN_SHOWN], person), "begun_more": len(latest) > BEGUN_SHOWN}


def _shown(responses: list[Response], person: User) -> list[ShownAnswer]:
    projects = Project.objects.filter(pk__in=[response.project_id for response in responses])
    visible = set(projects.showing_records_to(person).values_list("pk", flat=True))
    fixed = editing.fixed(responses)
    return [_one(each, fixed, with_record=each.project_id in visible) for each in responses]


def _one(response: Response, fixed: Mapping[int, str], *, with_record: bool) -> ShownAnswer:
    schema = response.schema_version.schema
    fields = response.record.fields if with_record else None
    return ShownAnswer(
        response=response,
        with_record=with_record,
        shown=shown_fields(response.project, schema, fields or {}),
        lines=in_words(schema, response.values, fields=fields),
        earlier=earlier_versions(response, fields),
        fixed=fixed.get(response.pk, ""),
    )


def _waiting(person: User) -> list[WaitingAnswer]:
    rows = adopting.waiting(person).select_related("project__organisation", "record", "schema_version")
    visible = set(
        Project.objects.showing_records_to(person)
        .filter(trial_answers__user=person)
        .values_list("pk", flat=True)
    )
    return [_one_waiting(trial, with_record=trial.project_id in visible) for trial in rows]


def _one_waiting(trial: TrialAnswer, *, with_record: bool) -> WaitingAnswer:
    schema, project = trial.schema_version.schema, trial.project
    reason = ""
    if not project.is_open:
        reason = _("It waits because the project is “%(state)s”. It counts once the project is open again.")
        reason %= {"state": project.get_state_display()}
    elif not with_record:
        reason = _("It waits because the project is for members of %(organisation)s now.")
        reason %= {"organisation": project.organisation}
    return WaitingAnswer(
        trial=trial,
        shown=shown_fields(project, schema, trial.record.fields) if with_record else [],
        lines=in_words(schema, trial.values, fields=trial.record.fields if with_record else None),
        reason=reason,
    )


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
    return redirect(way_back(request))


@require_POST
@signed_in
def drop_trial(request: PersonRequest, pk: int) -> HttpResponse:
    adopting.drop(pk, by=request.user)
    messages.success(request, _("Your answer is deleted."))
    return redirect("mine:list")
