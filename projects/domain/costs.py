"""What Spaces cost: seen as they run, added up for projects and cohorts, and held against the budget.

The Hub bills hardware by the minute while a Space starts or runs, not while it is built, sleeps or is paused
(https://huggingface.co/docs/hub/spaces-gpus#billing). All sums are US dollars.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dibt.lib import clock
from dibt.lib.money import dollars
from projects.domain.prices import HOURS_A_MONTH
from projects.models import (
    FREE_HARDWARE,
    Cohort,
    HardwarePrice,
    Project,
    ProjectState,
    Space,
    SpaceGoal,
    SpaceUse,
)
from projects.models.application import SEATED

BILLED = frozenset({"APP_STARTING", "RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
ZERO = Decimal(0)
CENT = Decimal("0.01")
HOUR = timedelta(hours=1)


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


def observed(space: Space, *, stage: str, hardware: str) -> None:
    """Write down in which stage and on which hardware the Space was seen: what is billed begins, goes on or ends.

    Of two that see it at once, one writes.
    """
    price = hourly(hardware)
    billed = (hardware, price) if stage in BILLED and price > 0 else None
    running = SpaceUse.objects.filter(space=space, ended_at=None).first()
    if billed == ((running.hardware, running.hourly) if running else None):
        return
    now = clock.now()
    with transaction.atomic():
        if running:
            SpaceUse.objects.filter(pk=running.pk, ended_at=None).update(ended_at=now)
        if billed:
            _begin(SpaceUse(space=space, hardware=hardware, hourly=price, began_at=now))


def _begin(use: SpaceUse) -> None:
    try:
        with transaction.atomic():
            use.save(force_insert=True)
    except IntegrityError:  # somebody else began one; whether it is right is seen at the next look
        if not SpaceUse.objects.filter(space=use.space, ended_at=None).exists():
            raise


def hourly(hardware: str) -> Decimal:
    """The price of hardware as the Hub last told it; 0 for what is free, and for what the Hub told no price of."""
    return _hourly({hardware}).get(hardware, ZERO)


def of_project(project: Project) -> Cost:
    return _add_up(_this_month(SpaceUse.objects.filter(space__project=project)))


def of_cohort(cohort: Cohort) -> Cost:
    return by_cohort([cohort])[cohort.pk]


def by_space(spaces: Iterable[Space]) -> dict[int, Cost]:
    """What each of the Spaces costs, by its id; one query, however many they are."""
    ids = [space.pk for space in spaces]
    uses = defaultdict(list)
    for use in _this_month(SpaceUse.objects.filter(space__in=ids)):
        uses[use.space_id].append(use)
    return {pk: _add_up(uses[pk]) for pk in ids}


def by_cohort(cohorts: Iterable[Cohort]) -> dict[int, Cost]:
    """What the Spaces of each of the cohorts cost, by its id; one query, however many they are."""
    budgets = {cohort.pk: cohort.monthly_budget for cohort in cohorts}
    uses = defaultdict(list)
    within = SpaceUse.objects.filter(space__project__cohort__in=budgets)
    for use in _this_month(within.select_related("space__project")):
        uses[use.space.project.cohort_id].append(use)
    return {pk: _add_up(uses[pk], budget=budget) for pk, budget in budgets.items()}


def budget_refusal(space: Space, *, hardware: str = "") -> str:
    """Why the cohort cannot pay for the Space on that hardware (by default its own), empty if it can.

    Counted is what all Spaces of the cohort cost if they always run: in a whole month, and in this one, of which
    a part is spent.
    """
    hardware = hardware or space.hardware
    price = hourly(hardware)
    if price == 0:
        return ""
    cohort = space.project.cohort
    rate = price + _rate(_running_in(cohort).exclude(pk=space.pk))
    this_month = of_cohort(cohort).so_far + rate * _hours(_next_month() - clock.now())
    a_month = max(this_month, rate * HOURS_A_MONTH)
    if a_month <= cohort.monthly_budget:
        return ""
    return _(
        "With this Space on “%(hardware)s” (%(price)s an hour), the Spaces of %(cohort)s could cost %(sum)s a month; "
        "its budget is %(budget)s. Choose cheaper hardware, pause another Space, or ask an organiser to raise the "
        "budget."
    ) % {
        "hardware": hardware,
        "price": dollars(price),
        "cohort": cohort,
        "sum": dollars(a_month.quantize(CENT)),
        "budget": dollars(cohort.monthly_budget),
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
    without = _still_without(cohort) if each else 0
    now = _rate(_running_in(cohort)) * HOURS_A_MONTH + each * without
    return Commitment(now.quantize(CENT), (now + each).quantize(CENT), cohort.monthly_budget)


def acceptance_refusal(cohort: Cohort) -> str:
    """Why the cohort cannot pay for the Space of one project more, empty if it can."""
    if hourly(cohort.space_hardware) == 0:
        return ""
    promised = after_acceptance(cohort)
    if not promised.exceeds:
        return ""
    return _(
        "If all always run, the Spaces of %(cohort)s cost %(now)s a month as promised now, and %(then)s with this "
        "project; the budget is %(budget)s. Raise the budget, or accept it although it exceeds that."
    ) % {
        "cohort": cohort,
        "now": dollars(promised.now),
        "then": dollars(promised.then),
        "budget": dollars(promised.budget),
    }


def _this_month(uses: QuerySet[SpaceUse]) -> QuerySet[SpaceUse]:
    """Those of which a part lies in this month, as far as it has gone."""
    now, begin = clock.now(), _beginning()
    return uses.filter(Q(ended_at=None) | Q(ended_at__gt=begin), began_at__lte=now)


def _add_up(uses: Iterable[SpaceUse], *, budget: Decimal | None = None) -> Cost:
    now, begin = clock.now(), _beginning()
    so_far, rate = ZERO, ZERO
    for use in uses:
        so_far += use.hourly * _hours((use.ended_at or now) - max(use.began_at, begin))
        rate += use.hourly if use.ended_at is None else ZERO
    forecast = so_far + rate * _hours(_next_month() - now)
    return Cost(rate, so_far.quantize(CENT), forecast.quantize(CENT), budget)


def _running_in(cohort: Cohort) -> QuerySet[Space]:
    """The Spaces that run or will: paused ones cost nothing, and what is gone neither."""
    return Space.objects.filter(project__cohort=cohort, goal=SpaceGoal.RUN)


def _still_without(cohort: Cohort) -> int:
    """How many projects, or what will be some, have no Space yet and may ask for one."""
    seated = cohort.applications.filter(state__in=SEATED, project__space=None)
    return seated.exclude(project__state__in=[ProjectState.COMPLETED, ProjectState.ARCHIVED]).count()


def _rate(spaces: QuerySet[Space]) -> Decimal:
    """What they cost an hour while all of them run."""
    wanted = list(spaces.exclude(hardware=FREE_HARDWARE).values_list("hardware", flat=True))
    prices = _hourly(set(wanted))
    return sum((prices.get(hardware, ZERO) for hardware in wanted), ZERO)


def _hourly(hardware: set[str]) -> Mapping[str, Decimal]:
    """The prices that are known of them; nothing has to be looked up for what is free."""
    priced = hardware - {"", FREE_HARDWARE}
    if not priced:
        return {}
    return dict(HardwarePrice.objects.filter(name__in=priced).values_list("name", "hourly"))


def _hours(span: timedelta) -> Decimal:
    return Decimal(max(span, timedelta(0)) / HOUR)


def _beginning() -> datetime:
    return clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month() -> datetime:
    return (_beginning() + timedelta(days=32)).replace(day=1)
