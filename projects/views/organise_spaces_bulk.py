"""One change to several Spaces at once: what it will do and cost, and after a yes what became of each."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, signed_in
from dibt.lib.money import dollars
from projects.domain import costs, space_bulk
from projects.domain.space_bulk import BulkChange, Outcome
from projects.forms.space_lists import BulkForm
from projects.models import Space, SpaceGoal
from projects.permissions import require_organiser

NAMED = 5  # Spaces that a sentence names before it only counts the others


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def change(request: PersonRequest) -> HttpResponse:
    """Look first, and with the same fields do it; then back to the list that they were chosen from."""
    require_organiser(request.user)
    form = BulkForm(request.POST if request.method == "POST" else request.GET)
    back = _list_again(form.data.get("back", ""))
    if not form.is_valid():
        messages.error(request, form.refusal)
        return redirect(back)
    wanted, chosen = BulkChange(form.cleaned_data["change"]), list(form.cleaned_data["space"])
    if request.method == "POST":
        _report(request, wanted, space_bulk.perform(chosen, wanted, by=request.user))
        return redirect(back)
    return render(request, "organise/spaces_change.html", _preview(form, wanted, chosen) | {"back": back})


def _list_again(query: str) -> str:
    """The list, filtered as it was. Only the query comes from the form, so it leads nowhere else."""
    kept = QueryDict(query).urlencode()
    return reverse("organise:spaces") + (f"?{kept}" if kept else "")


def _preview(form: BulkForm, wanted: BulkChange, chosen: Sequence[Space]) -> dict[str, object]:
    outcome = space_bulk.foresee(chosen, wanted)
    return {
        "form": form,
        "done": outcome.done,
        "title": _title(wanted, len(outcome.done)),
        "change": wanted.label,
        "sentences": [_effect(wanted), _price(wanted, outcome.done)],
        "refusals": _refusals(outcome),
    }


def _title(wanted: BulkChange, number: int) -> str:
    told = {"number": number}
    match wanted:
        case BulkChange.RETRY:
            return ngettext("Try %(number)d Space again", "Try %(number)d Spaces again", number) % told
        case BulkChange.PAUSE:
            return ngettext("Pause %(number)d Space", "Pause %(number)d Spaces", number) % told
    return ngettext("Resume %(number)d Space", "Resume %(number)d Spaces", number) % told


def _effect(wanted: BulkChange) -> str:
    match wanted:
        case BulkChange.RETRY:
            return _(
                "What each was doing starts again from its first step. A step that finds all well does nothing, "
                "and no data are touched."
            )
        case BulkChange.PAUSE:
            return _(
                "Each is stopped, and nobody can sign in to it until it is resumed. Its data and settings stay."
            )
    return _("Each starts again, set as it is wanted now. That takes a few minutes.")


def _price(wanted: BulkChange, spaces: Sequence[Space]) -> str:
    if wanted == BulkChange.PAUSE:
        saved = costs.by_space(spaces).values()
        hourly = sum((cost.hourly for cost in saved), Decimal(0))
        rest = sum((cost.forecast - cost.so_far for cost in saved), Decimal(0))
        told = {"hourly": dollars(hourly), "rest": dollars(rest)}
        if hourly == 0:
            return _("They cost nothing at the moment, so that saves nothing now.")
        return _("That saves %(hourly)s an hour, up to %(rest)s until the month ends.") % told
    running = [
        space.hardware for space in spaces if wanted == BulkChange.RESUME or space.goal == SpaceGoal.RUN
    ]
    price = {hardware: costs.hourly(hardware) for hardware in set(running)}
    hourly = sum((price[hardware] for hardware in running), Decimal(0))
    if hourly == 0:
        return _("That costs nothing.")
    return _("While all of them run they cost %(hourly)s an hour.") % {"hourly": dollars(hourly)}


def _report(request: PersonRequest, wanted: BulkChange, outcome: Outcome) -> None:
    number = len(outcome.done)
    if number:
        messages.success(request, _done(wanted, number))
    for refusal in _refusals(outcome):
        messages.warning(request, refusal)


def _done(wanted: BulkChange, number: int) -> str:
    told = {"number": number}
    match wanted:
        case BulkChange.RETRY:
            return (
                ngettext("%(number)d Space is tried again.", "%(number)d Spaces are tried again.", number)
                % told
            )
        case BulkChange.PAUSE:
            return (
                ngettext("%(number)d Space is being paused.", "%(number)d Spaces are being paused.", number)
                % told
            )
    return (
        ngettext("%(number)d Space is being resumed.", "%(number)d Spaces are being resumed.", number) % told
    )


def _refusals(outcome: Outcome) -> list[str]:
    """Why it was not done to some, in a line for each reason, with their names."""
    return [
        _("%(names)s: %(why)s") % {"names": _names(spaces), "why": why}
        for why, spaces in outcome.refused.items()
    ]


def _names(spaces: Sequence[Space]) -> str:
    named = ", ".join(space.project.title for space in spaces[:NAMED])
    if not (others := len(spaces) - NAMED) > 0:
        return named
    return ngettext("%(named)s and %(others)d other", "%(named)s and %(others)d others", others) % {
        "named": named,
        "others": others,
    }
