"""All Spaces of all projects, for organisers: what needs them, what moves, what it costs."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, signed_in
from dibt.lib.htmx import wants_fragment
from dibt.lib.money import dollars
from projects.domain import costs
from projects.domain.costs import Cost
from projects.forms.space_lists import STATES, Group, SpaceFilter
from projects.models import Application, Cohort, HardwarePrice, Space
from projects.models.space import SpaceSet
from projects.permissions import require_organiser
from projects.views.space_rows import rows, with_present_step

PER_PAGE = 50
# The part of the page that asks for itself again; what has changed beside it comes along.
MOVING_PART = "spaces-table"


@dataclass(frozen=True, slots=True)
class CohortBill:
    """What the Spaces of a cohort cost beside what there is for them; `over` says by how much too much, if it is."""

    cohort: Cohort
    spaces: int
    cost: Cost
    words: str
    tone: str
    hourly: str
    so_far: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What all of them cost, by cohort, those over their budget first."""

    cohorts: tuple[CohortBill, ...]
    hourly: str
    so_far: str
    forecast: str
    prices_seen: datetime | None


@require_safe
@never_cache
@signed_in
def spaces(request: PersonRequest) -> HttpResponse:
    """The whole page; to htmx what was searched for, or only what moves."""
    require_organiser(request.user)
    chosen = SpaceFilter(request.GET)
    matching = chosen.matching(Space.objects.all())
    ordered = with_present_step(chosen.in_group(matching)).problems_first()
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    listed = rows(page.object_list)
    context = {
        "filter": chosen,
        "groups": _groups(matching, chosen.group),
        "page": page,
        "rows": listed,
        "moves": any(row.space.is_moving for row in listed),
        "narrowed": any(request.GET.get(name) for name in ("q", "cohort")) or chosen.group != Group.ALL,
        "bill": bill(chosen.cohort_chosen),
        "beside": wants_fragment(request),
        "refreshed": _wants_moving_part(request),
        "waiting": Application.objects.waiting_for_review().exclude(lead=request.user).count(),
        "needing": Space.objects.needing_a_person().count(),
    }
    return render(request, _template(request), context)


def bill(cohort: Cohort | None = None) -> Bill:
    """What the Spaces of that cohort cost, or of all that have any."""
    having = Cohort.objects.filter(projects__space__isnull=False)
    counted = (having.filter(pk=cohort.pk) if cohort else having).annotate(spaces=Count("projects__space"))
    by_cohort = costs.by_cohort(counted)
    bills = [_bill_of(each, by_cohort[each.pk]) for each in counted]
    every = [each.cost for each in bills]
    return Bill(
        cohorts=tuple(sorted(bills, key=lambda each: not each.cost.exceeds)),
        hourly=dollars(sum((cost.hourly for cost in every), Decimal(0))),
        so_far=dollars(sum((cost.so_far for cost in every), Decimal(0))),
        forecast=dollars(sum((cost.forecast for cost in every), Decimal(0))),
        prices_seen=HardwarePrice.objects.aggregate(seen=Max("seen_at"))["seen"],
    )


def _bill_of(cohort: Cohort, cost: Cost) -> CohortBill:
    told = {"forecast": dollars(cost.forecast), "budget": dollars(cohort.monthly_budget)}
    words = _("%(forecast)s of %(budget)s") % told
    if cost.exceeds:
        over = {**told, "over": dollars(cost.forecast - cohort.monthly_budget)}
        words = _("Over budget by %(over)s: %(forecast)s of %(budget)s") % over
    return CohortBill(
        cohort=cohort,
        spaces=getattr(cohort, "spaces", 0),
        cost=cost,
        words=words,
        tone="bad" if cost.exceeds else "accent",
        hourly=dollars(cost.hourly),
        so_far=dollars(cost.so_far),
    )


def _groups(matching: SpaceSet, chosen: Group) -> list[dict[str, object]]:
    """Each group with how many are in it, to choose from."""
    counted = matching.order_by().values_list("state").annotate(number=Count("pk"))
    number = Counter(dict(counted))
    return [
        {
            "group": group,
            "label": group.label,
            "count": sum(number[state] for state in STATES[group]),
            "current": group == chosen,
        }
        for group in Group
    ]


def _template(request: PersonRequest) -> str:
    if not wants_fragment(request):
        return "organise/spaces.html"
    return "organise/_spaces_moved.html" if _wants_moving_part(request) else "organise/_spaces_found.html"


def _wants_moving_part(request: PersonRequest) -> bool:
    return wants_fragment(request) and request.headers.get("HX-Target") == MOVING_PART
