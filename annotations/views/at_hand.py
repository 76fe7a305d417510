"""The records that somebody has at hand, as the workspace shows them: one on the page, the others ready beside it.

A page that is opened brings them all. Its script then sends what was answered, names the records it has, and is
told in JSON which others there are now: each as the fragment that is put on the page. It sends late or again what
the network did not take, so it says whose it is: on a shared phone somebody else may be signed in by then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.domain import contributors, drafts, guidelines, matching, skipping
from annotations.domain.desks import project_at
from annotations.domain.drafts import Begun
from annotations.models import Assignment, Contributor, FlagReason, Record
from annotations.views import sent
from annotations.views.consent import ways_to_be_shown
from annotations.views.showing import shown_fields, suggestions_of
from dibt.lib import clock
from dibt.lib.errors import ConflictError
from projects.domain import tasks
from projects.models import Project
from projects.schema.form import FormData, form
from projects.schema.problem import Problem

Context = dict[str, object]
AllBegun = Mapping[int, Begun]  # by the id of the record
GOALS = (10, 20, 50)  # answers in a day
# Numbers of own answers in a project at which the page says thank you.
MILESTONES = frozenset({10, 50, 100, 500, 1_000})


class OtherPersonError(ConflictError):
    """What somebody gave comes from a browser in which somebody else has signed in since."""

    kind = "other-person"


@dataclass(frozen=True)
class Sent:
    """What came with a form that could not be taken, so that it is shown again and not lost."""

    data: FormData
    problems: tuple[Problem, ...] = ()
    consent_problem: str = ""
    shown_as: str = ""


@dataclass(frozen=True)
class Ready:
    """A record to have at hand: its id, until when it is with the person (ms since 1970), and its fragment."""

    record: int
    until: int
    html: str


def work(
    project: Project,
    contributor: Contributor,
    record: Record,
    sent: Sent | None = None,
    begun: Begun | None = None,
) -> Context:
    """One record with its questions; `sent` is what was given before and could not be taken, `begun` what was typed
    and not given yet."""
    version = tasks.current_schema(project)
    schema = version.schema
    typed = begun.data if begun else None
    return {
        "project": project,
        "contributor": contributor,
        "record": record,
        "schema_number": version.number,
        "begun_at": begun and begun.at,
        "guidelines": tasks.current_guidelines(project),
        "shown": shown_fields(project, schema, record.fields),
        "form": form(
            schema,
            data=sent.data if sent else typed,
            suggestions=suggestions_of(record),
            problems=sent.problems if sent else (),
            fields=record.fields,
        ),
        "flag_reasons": FlagReason.choices,
        "lacks_consent": contributors.lacks_consent(contributor),
        "ways_to_be_shown": ways_to_be_shown(cast("User", contributor.user)),
        "sent": sent,
    }


def nothing_left(project: Project, contributor: Contributor) -> Context:
    """What stands in the place of a record when none is left."""
    user = cast("User", contributor.user)
    return {
        "project": project,
        "contributor": contributor,
        "record": None,
        "next_project": matching.next_project(project, by=user),
        "skipped": skipping.skipped_waiting(project, by=user),
    }


def done(
    project: Project,
    contributor: Contributor,
    *,
    saved: UUID | None = None,
    let_go: str = "",
    record_id: int | None = None,
    undone: str = "",
    kept: bool = False,
) -> Context:
    """What was done so far. `saved`: which answer was just taken in, to undo it; `let_go`: what was done with the
    record `record_id` instead, `skip`, `discard` or `flag`, to undo that. `undone`: that such a thing was taken back,
    and the record is there `again` or `gone`; `kept`: what was typed for it is a draft."""
    return {
        "project": project,
        "contributor": contributor,
        "saved": saved,
        "let_go": let_go,
        "let_go_record": record_id,
        "undone": undone,
        "kept": kept,
        "milestone": saved and contributor.submitted_count in MILESTONES,
    }


def ready(
    project: Project, contributor: Contributor, held: Sequence[Assignment], begun: AllBegun
) -> list[Ready]:
    """Each as it is to be shown, with what was typed for it."""
    return [
        Ready(
            each.record_id,
            clock.milliseconds(each.expires_at),
            fragment(work(project, contributor, each.record, begun=begun.get(each.record_id))),
        )
        for each in held
    ]


def begun_of(contributor: Contributor, held: Sequence[Assignment]) -> AllBegun:
    """What the person has typed for these records and not given."""
    return drafts.restore(contributor, [each.record_id for each in held]) if held else {}


def typed(data: FormData, at: int) -> dict[str, object]:
    """What was typed, as a script keeps a form, and when (ms since 1970)."""
    return {"form": [(name, text) for name, texts in data.items() for text in texts], "at": at}


def until(held: Iterable[Assignment]) -> dict[int, int]:
    """Until when each of these records is with the person."""
    return {each.record_id: clock.milliseconds(each.expires_at) for each in held}


def as_told(
    project: Project, contributor: Contributor, held: Sequence[Assignment]
) -> list[dict[str, object]]:
    """As a script is told of them."""
    return [asdict(each) for each in ready(project, contributor, held, begun_of(contributor, held))]


def fragment(context: Context) -> str:
    """The part of the page that changes with each record. It carries no protection against forgery: that of a form
    that is kept for a day would not fit any more, and the script sends its own."""
    return render_to_string("projects/_work.html", context)


def told(
    request: HttpRequest,
    project: Project,
    contributor: Contributor,
    held: Sequence[Assignment],
    so_far: Context | None = None,
) -> JsonResponse:
    """What the script is told: the records at hand that it does not have yet, until when each is theirs, and what was
    done so far."""
    so_far = so_far or done(project, contributor)
    had = set(request.POST.getlist("have") or request.GET.getlist("have"))
    new = [each for each in held if str(each.record_id) not in had]
    return JsonResponse(
        {
            "records": as_told(project, contributor, new),
            "nothing_left": ""
            if held or wants_no_more(request)
            else fragment(nothing_left(project, contributor)),
            "status": render_to_string("projects/_done.html", so_far),
            "cheer": render_to_string("projects/_cheer.html", so_far),
            "own_answers": contributor.submitted_count,
            "until": until(held),
            "now": clock.milliseconds(clock.now()),
            "guidelines": newer_guidelines(request, project, contributor),
        }
    )


def newer_guidelines(request: HttpRequest, project: Project, contributor: Contributor) -> Context | None:
    """The guidelines as they are now, and what changed in them for this person, where the page that asks shows older
    ones; None where it shows these, or does not say."""
    shown = sent.guidelines_number(request.POST or request.GET)
    current = tasks.current_guidelines(project)
    if shown is None or current is None or shown >= current.number or wants_no_more(request):
        return None
    changes = guidelines.changes_for(contributor, shown=shown)
    changed = {"guidelines_changes": changes}
    return {
        "number": current.number,
        "changes": render_to_string("projects/_guidelines_changed.html", changed) if changes else "",
        "html": render_to_string("projects/_guidelines.html", {"guidelines": current}),
    }


def project_of_same_person(request: HttpRequest, slug: str) -> Project:
    """The project, for the person whose browser asks; raises OtherPersonError where somebody else is signed in."""
    require_same_person(request)
    return project_at(slug, seen_by=request.user)


def wants_no_more(request: HttpRequest) -> bool:
    """Whether what waited is sent from a page at which nobody annotates: no records are handed out there."""
    return "no_more" in request.POST


def require_same_person(request: HttpRequest) -> None:
    account = request.POST.get("account") or request.GET.get("account", "")
    if account and account != cast("User", request.user).browser_key:
        raise OtherPersonError(
            _("This was given by somebody else who used this browser. It waits until they sign in again.")
        )
