"""What the workspace's script asks beside answers: records kept while somebody works, left, taken along, given back.
All of it is answered in JSON."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from annotations.domain import contributors, drafts, leasing
from annotations.views import at_hand
from dibt.lib import clock
from projects.models import Project

MOST_NAMED = 100  # records in one request; nobody holds as many
LONGEST_ID = 18  # digits
LATEST = 4_102_444_800_000  # ms; later than any lease, and a moment that every database knows


@require_POST
@login_required
def keep(request: HttpRequest, slug: str) -> JsonResponse:
    """Which of the records named are with the person, who is at work on them, until when, which they are through with,
    and what they have typed for them, on whatever page."""
    project = at_hand.project_of_same_person(request, slug)
    named = _records(request)
    asked_at = next(map(_time, _numbers(request.POST.getlist("asked_at"))), None)
    kept = leasing.keep(project, by=request.user, record_ids=named, asked_at=asked_at)
    done = leasing.answered(project, by=request.user, record_ids=named)
    until = {pk: clock.milliseconds(expires_at) for pk, expires_at in kept.items()}
    return JsonResponse({"until": until, "answered": done, "typed": _typed(request, project, named)})


@require_POST
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """The page was left; sent by a browser that does not wait for what is answered."""
    project = at_hand.project_of_same_person(request, slug)
    seen = next(iter(_numbers(request.POST.getlist("shown"))), None)
    leasing.leave(project, by=request.user, record_ids=_records(request), seen=seen, until=_until(request))
    return HttpResponse(status=204)


@require_POST
@login_required
def take(request: HttpRequest, slug: str) -> JsonResponse:
    """Records for a day without network, as fragments those that the browser does not have yet."""
    project = at_hand.project_of_same_person(request, slug)
    held = leasing.take_along(project, by=request.user)
    contributor = contributors.join(project, by=request.user)
    had = set(_records(request))
    new = [each for each in held if each.record_id not in had]
    return JsonResponse(
        {
            "records": at_hand.as_told(project, contributor, new),
            "until": at_hand.until(held),
        }
    )


@require_POST
@login_required
def give_back(request: HttpRequest, slug: str) -> JsonResponse:
    """What was taken along and not answered goes back to others."""
    project = at_hand.project_of_same_person(request, slug)
    back = [each.record_id for each in leasing.taken_along(project, by=request.user)]
    leasing.give_back(project, by=request.user)
    return JsonResponse({"back": back})


def _typed(request: HttpRequest, project: Project, records: list[int]) -> dict[int, dict[str, object]]:
    contributor = contributors.find(project, request.user)
    begun = drafts.restore(contributor, records) if contributor else {}
    return {pk: at_hand.typed(one.data, one.at) for pk, one in begun.items()}


def _records(request: HttpRequest) -> list[int]:
    return _numbers(request.POST.getlist("record"))


def _until(request: HttpRequest) -> dict[int, datetime] | None:
    """When the time of each record named ends, for all that the page knew: beside each `record` one `until`, of which
    it knows the millisecond only. None where it says nothing of that."""
    if "until" not in request.POST:
        return None
    named = request.POST.getlist("record")[:MOST_NAMED]
    until = {}
    for pair in zip(named, request.POST.getlist("until"), strict=False):
        match _numbers(list(pair)):
            case record, moment:
                until[record] = _time(moment) + timedelta(microseconds=999)
    return until


def _time(moment: int) -> datetime:
    """From ms since 1970."""
    return clock.from_milliseconds(min(moment, LATEST))


def _numbers(texts: list[str]) -> list[int]:
    """Those that are ids; a browser that names others has nothing to keep."""
    return [int(text) for text in texts[:MOST_NAMED] if text.isdecimal() and len(text) <= LONGEST_ID]
