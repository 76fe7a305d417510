"""What Spaces cost: seen as they run, added up for a project and a cohort, and held against the budget.

The Hub bills hardware by the minute while a Space starts or runs, not while it is built, sleeps or is paused
(https://huggingface.co/docs/hub/spaces-gpus#billing). All sums are US dollars.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dibt.lib import clock
from projects.models import FREE_HARDWARE, Cohort, HardwarePrice, Project, Space, SpaceGoal, SpaceUse
from projects.models.application import SEATED

BILLED = frozenset({"APP_STARTING", "RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
ZERO = Decimal(0)
CENT = Decimal("0.01")
# The average month, for what something costs that always runs.
HOURS_A_MONTH = Decimal(730)


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs: this moment an hour, since the month began, and by its end if all goes on as now.

    `budget` is what there is a month, None for what has none of its own.
    """

    hourly: Decimal
    so_far: Decimal
    forecast: Decimal
    budget: Decimal | None = None

    @property
    def exceeds(self) -> bool:
        return self.budget is not None and self.forecast > self.budget


@transaction.atomic
def observed(space: Space, *, stage: str, hardware: str) -> None:
    """Write down in which stage and on which hardware the Space was seen: what is billed begins, goes on or ends."""
    now, price = clock.now(), hourly(hardware)
    billed = stage in BILLED and price > 0
    running = SpaceUse.objects.filter(space=space, ended_at=None)
    if billed and running.filter(hardware=hardware, hourly=price).exists():
        return
    running.update(ended_at=now)
    if billed:
        SpaceUse.objects.create(space=space, hardware=hardware, hourly=price, began_at=now)


def hourly(hardware: str) -> Decimal:
    """The price of hardware as the Hub last told it; 0 for what is free, and for what the Hub told no price of."""
    if hardware in {"", FREE_HARDWARE}:
        return ZERO
    return HardwarePrice.objects.filter(name=hardware).values_list("hourly", flat=True).first() or ZERO


def of_project(project: Project) -> Cost:
    return _of(SpaceUse.objects.filter(space__project=project))


def of_cohort(cohort: Cohort) -> Cost:
    return _of(SpaceUse.objects.filter(space__project__cohort=cohort), budget=cohort.monthly_budget)


def budget_refusal(space: Space, *, hardware: str = "") -> str:
    """Why the cohort cannot pay for the Space on that hardware (by default its own), empty if it can.

    Counted is what was spent this month, and its rest as if all Spaces of the cohort always ran.
    """
    price = hourly(hardware or space.hardware)
    if price == 0:
        return ""
    cohort = space.project.cohort
    others = _running_in(cohort).exclude(pk=space.pk)
    rate = price + sum((hourly(each.hardware) for each in others), ZERO)
    sum_up = of_cohort(cohort).so_far + rate * _hours(_next_month() - clock.now())
    if sum_up <= cohort.monthly_budget:
        return ""
    return _(
        "With this Space on “%(hardware)s” (%(price)s $ an hour), the Spaces of %(cohort)s would cost up to %(sum)s $ "
        "this month; its budget is %(budget)s $. Choose cheaper hardware, pause another Space, or ask an organiser to "
        "raise the budget."
    ) % {
        "hardware": hardware or space.hardware,
        "price": price.normalize(),
        "cohort": cohort,
        "sum": sum_up.quantize(CENT),
        "budget": cohort.monthly_budget,
    }


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a cohort's Spaces cost a month if all always run: as promised now, and with one project more."""

    now: Decimal
    then: Decimal
    budget: Decimal

    @property
    def exceeds(self) -> bool:
        return self.then > self.now and self.then > self.budget


def after_acceptance(cohort: Cohort) -> Commitment:
    """What accepting one more application promises; projects that have no Space yet are counted with the cohort's."""
    each = hourly(cohort.space_hardware) * HOURS_A_MONTH
    spaces = Space.objects.filter(project__cohort=cohort)
    still_without = cohort.applications.filter(state__in=SEATED).exclude(project__space__in=spaces).count()
    running = sum((hourly(space.hardware) for space in _running_in(cohort)), ZERO) * HOURS_A_MONTH
    now = (running + each * still_without).quantize(CENT)
    return Commitment(now, (now + each).quantize(CENT), cohort.monthly_budget)


def _of(uses: QuerySet[SpaceUse], *, budget: Decimal | None = None) -> Cost:
    now, begin = clock.now(), _this_month()
    this_month = uses.filter(Q(ended_at=None) | Q(ended_at__gt=begin)).exclude(began_at__gt=now)
    so_far, rate = ZERO, ZERO
    for use in this_month:
        so_far += use.hourly * _hours((use.ended_at or now) - max(use.began_at, begin))
        rate += use.hourly if use.ended_at is None else ZERO
    forecast = so_far + rate * _hours(_next_month() - now)
    return Cost(rate, so_far.quantize(CENT), forecast.quantize(CENT), budget)


def _running_in(cohort: Cohort) -> QuerySet[Space]:
    """The Spaces that run or will: paused ones cost nothing, and what is gone neither."""
    return Space.objects.filter(project__cohort=cohort, goal=SpaceGoal.RUN)


def _hours(span: timedelta) -> Decimal:
    return Decimal(max(span, timedelta(0)) / timedelta(hours=1))


def _this_month() -> datetime:
    return clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month() -> datetime:
    return (_this_month() + timedelta(days=32)).replace(day=1)
