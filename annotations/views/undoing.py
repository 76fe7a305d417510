"""“Undo” after a record was skipped, discarded or flagged: with the page's script, and as a plain form."""

from contextlib import suppress
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from annotations.domain import drafts, responding, undoing
from annotations.models import Assignment, Contributor
from annotations.views import at_hand, sent
from dibt.lib.errors import DomainError
from dibt.lib.problems import wants_json
from projects.models import Project


@require_POST
@login_required
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """The record once more, with what was typed for it, which the script sends along."""
    project = at_hand.project_of_same_person(request, slug)
    record_id, what = sent.record_id(request.POST), request.POST.get("what", "")
    back = undoing.take_back(project, by=request.user, record_id=record_id, what=what)
    kept = _keep_typed(request, project, record_id)
    if not wants_json(request):
        query = {"again": record_id} if back.assignment else {"gone": record_id}
        return redirect(f"{reverse('projects:annotate', args=[project.slug])}?{urlencode(query)}")
    so_far = at_hand.done(project, back.contributor, undone="again" if back.assignment else "gone", kept=kept)
    return at_hand.told(request, project, back.contributor, _held(request, project, back.assignment), so_far)


def just_done(data: QueryDict) -> at_hand.Context:
    """What a plain form did with a record instead of answering it, or took back, as `at_hand.done` tells of it; said
    to whoever opens the address, and undone only by whose it was."""
    let_go, record_id = data.get("let_go", ""), sent.maybe_record(data, "record")
    if let_go in undoing.KINDS and record_id is not None:
        return {"let_go": let_go, "let_go_record": record_id}
    return {"undone": next((name for name in ("again", "gone") if name in data), "")}


def taken_back(data: QueryDict, contributor: Contributor) -> list[Assignment]:
    """The record that the address names as taken back, if it is with the person."""
    record_id = sent.maybe_record(data, "again")
    again = undoing.with_person(contributor, record_id) if record_id is not None else None
    return [again] if again else []


def _keep_typed(request: HttpRequest, project: Project, record_id: int) -> bool:
    """What was typed ended with what is taken back now. Where it is no draft any more, only the page still has it."""
    typed = sent.typed(request.POST)
    if not any(text.strip() for texts in typed.values() for text in texts):
        return False
    with suppress(DomainError):
        version = sent.schema_number(request.POST)
        drafts.save(project, by=request.user, record_id=record_id, data=typed, schema_version=version)
        return True
    return False


def _held(request: HttpRequest, project: Project, again: Assignment | None) -> list[Assignment]:
    if again:
        return [again]
    return responding.held(project, by=request.user) if project.is_open else []
