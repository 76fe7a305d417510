"""What Spaces cost: as it is seen, added up, and held against the budget. Prices, as the Hub tells them."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from dibt.gateways.hub import HardwareOffer
from dibt.lib import clock
from dibt.sandbox.testing import SandboxServer
from projects.domain import applications, cohorts, costs, prices, spaces
from projects.models import Cohort, HardwarePrice, Project, Space, SpaceGoal, SpaceState, SpaceUse, StepKey
from tests.factories import a_cohort, a_project, an_application, organiser
from tests.projects.space_worlds import a_requested_space, lead_of, step, try_again, work

pytestmark = pytest.mark.django_db
FREE, UPGRADE, T4 = "cpu-basic", "cpu-upgrade", "t4-small"
HOUR = timedelta(hours=1)
# The first hour of November, which has 720 of them.
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _prices() -> None:
    offered()


def offered(*, upgrade: str = "0.03", **others: str) -> None:
    """The Hub told these prices."""
    told = {FREE: "0", UPGRADE: upgrade, T4: "0.40", **others}
    prices.refresh([HardwareOffer(name, name.title(), Decimal(price)) for name, price in told.items()])


def a_space(cohort: Cohort | None = None, *, hardware: str = UPGRADE) -> Space:
    project = a_project(cohort)
    space = spaces.request_space(project, by=lead_of(project))
    Space.objects.filter(pk=space.pk).update(hardware=hardware)
    return Space.objects.select_related("project__cohort").get(pk=space.pk)


def seen(space: Space, at: datetime, stage: str = "RUNNING", *, hardware: str = "") -> None:
    with clock.at(at):
        costs.observed(space, stage=stage, hardware=hardware or space.hardware)


def uses(space: Space) -> list[tuple[str, str, int | None]]:
    """On what it was billed, at which price, for how many hours; None where it goes on."""
    found = SpaceUse.objects.filter(space=space).order_by("began_at")
    return [
        (use.hardware, f"{use.hourly:.2f}", use.ended_at and round((use.ended_at - use.began_at) / HOUR))
        for use in found
    ]


def cost_at(moment: datetime, project: Project) -> costs.Cost:
    with clock.at(moment):
        return costs.of_project(project)


# --- What is billed -------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["APP_STARTING", "RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"])
def test_starting_and_running_is_billed(stage: str):
    space = a_space()

    seen(space, NOVEMBER, stage)

    assert uses(space) == [(UPGRADE, "0.03", None)]


@pytest.mark.parametrize("stage", ["BUILDING", "SLEEPING", "PAUSED", "RUNTIME_ERROR", "STOPPED", ""])
def test_what_neither_starts_nor_runs_is_not_billed_and_ends_what_was(stage: str):
    idle, stopped = a_space(), a_space()

    seen(idle, NOVEMBER, stage)
    seen(stopped, NOVEMBER)
    seen(stopped, NOVEMBER + 5 * HOUR, stage)

    assert (uses(idle), uses(stopped)) == ([], [(UPGRADE, "0.03", 5)])


def test_what_is_seen_again_goes_on():
    space = a_space()

    for hours in range(4):
        seen(space, NOVEMBER + hours * HOUR, "APP_STARTING" if hours == 0 else "RUNNING")

    assert uses(space) == [(UPGRADE, "0.03", None)]


def test_what_wakes_is_billed_again_and_its_sleep_is_not():
    space = a_space()

    for hours, stage in enumerate(["RUNNING", "SLEEPING", "SLEEPING", "RUNNING"]):
        seen(space, NOVEMBER + hours * HOUR, stage)

    assert uses(space) == [(UPGRADE, "0.03", 1), (UPGRADE, "0.03", None)]
    assert cost_at(NOVEMBER + 5 * HOUR, space.project).so_far == Decimal("0.09")


def test_other_hardware_and_another_price_are_billed_apart():
    space = a_space()

    seen(space, NOVEMBER)
    seen(space, NOVEMBER + 2 * HOUR, hardware=T4)
    offered(**{T4: "0.60"})
    seen(space, NOVEMBER + 3 * HOUR, hardware=T4)

    assert uses(space) == [(UPGRADE, "0.03", 2), (T4, "0.40", 1), (T4, "0.60", None)]
    assert cost_at(NOVEMBER + 4 * HOUR, space.project).so_far == Decimal("1.06")


def test_free_hardware_is_never_billed_and_ends_what_was():
    free, moved = a_space(hardware=FREE), a_space()

    seen(free, NOVEMBER)
    seen(moved, NOVEMBER)
    seen(moved, NOVEMBER + HOUR, hardware=FREE)

    assert (uses(free), uses(moved)) == ([], [(UPGRADE, "0.03", 1)])


@pytest.mark.django_db(transaction=True)
def test_of_two_that_see_it_at_once_one_writes_and_neither_fails():
    space, failures = a_space(), []

    def look() -> None:
        try:
            costs.observed(space, stage="RUNNING", hardware=UPGRADE)
        except Exception as error:  # noqa: BLE001  told by the test itself
            failures.append(error)
        finally:
            connection.close()

    second = threading.Thread(target=look)
    with transaction.atomic():
        costs.observed(space, stage="RUNNING", hardware=UPGRADE)
        second.start()
        second.join(0.5)  # it has seen that nothing is billed yet, and waits for this transaction
    second.join()

    assert failures == []
    assert uses(space) == [(UPGRADE, "0.03", None)]


# --- Added up -------------------------------------------------------------------------------------


def test_a_month_counts_from_its_first_moment():
    space = a_space()
    seen(space, NOVEMBER - 30 * HOUR, hardware=T4)
    seen(space, NOVEMBER - 10 * HOUR)

    before, after = (cost_at(NOVEMBER + hours * HOUR, space.project) for hours in (-2, 100))

    assert before.so_far == Decimal("8.24")  # 20 h at 0.40 and 8 h at 0.03
    assert (after.so_far, after.hourly) == (Decimal("3.00"), Decimal("0.03"))


def test_the_forecast_goes_on_as_now_to_the_end_of_the_month():
    space = a_space()
    seen(space, NOVEMBER)

    half = cost_at(NOVEMBER + 360 * HOUR, space.project)
    seen(space, NOVEMBER + 360 * HOUR, "PAUSED")
    stopped = cost_at(NOVEMBER + 400 * HOUR, space.project)

    assert (half.so_far, half.forecast) == (Decimal("10.80"), Decimal("21.60"))
    assert (stopped.hourly, stopped.so_far, stopped.forecast) == (0, Decimal("10.80"), Decimal("10.80"))


def test_december_ends_with_the_year():
    space = a_space()
    seen(space, datetime(2026, 12, 31, 22, tzinfo=UTC))

    last = cost_at(datetime(2026, 12, 31, 23, tzinfo=UTC), space.project)

    assert (last.so_far, last.forecast) == (Decimal("0.03"), Decimal("0.06"))


def test_a_cohort_costs_what_its_spaces_do_and_is_held_against_its_budget():
    cohort = a_cohort(monthly_budget=Decimal(40))
    for _ in range(2):
        seen(a_space(cohort), NOVEMBER)
    seen(a_space(a_cohort()), NOVEMBER, hardware=T4)

    with clock.at(NOVEMBER + 100 * HOUR):
        cost = costs.of_cohort(cohort)

    assert (cost.hourly, cost.so_far, cost.forecast) == (Decimal("0.06"), Decimal("6.00"), Decimal("43.20"))
    assert (cost.budget, cost.exceeds) == (Decimal(40), True)


def test_what_costs_nothing_is_told_too():
    space = a_space(hardware=FREE)

    nothing = costs.Cost(Decimal(0), Decimal(0), Decimal(0))
    assert costs.of_project(space.project) == nothing
    assert costs.by_space([space]) == {space.pk: nothing}
    assert costs.by_cohort([space.project.cohort])[space.project.cohort_id].forecast == 0


def test_many_spaces_and_cohorts_are_added_up_in_one_query_each(django_assert_num_queries):
    found = [a_space() for _ in range(6)]
    for hours, space in enumerate(found):
        seen(space, NOVEMBER + hours * HOUR)
        seen(space, NOVEMBER + 6 * HOUR, "PAUSED")

    with clock.at(NOVEMBER + 9 * HOUR):
        with django_assert_num_queries(1):
            by_space = costs.by_space(found)
        with django_assert_num_queries(1):
            by_cohort = costs.by_cohort(space.project.cohort for space in found)

    expected = [Decimal("0.03") * hours for hours in (6, 5, 4, 3, 2, 1)]
    assert [by_space[space.pk].so_far for space in found] == expected
    assert [by_cohort[space.project.cohort_id].so_far for space in found] == expected


def test_the_budget_is_looked_at_in_as_many_queries_for_many_spaces(django_assert_max_num_queries):
    cohort = a_cohort(monthly_budget=Decimal(10_000))
    found = [a_space(cohort) for _ in range(6)]

    with django_assert_max_num_queries(4):
        refusal = costs.budget_refusal(found[0])
    with django_assert_max_num_queries(4):
        promised = costs.after_acceptance(cohort)

    assert refusal == ""
    assert promised.now == Decimal("131.40")


# --- The budget -----------------------------------------------------------------------------------


def test_a_space_that_the_cohort_cannot_pay_is_refused_with_the_sums():
    cohort = a_cohort(monthly_budget=Decimal(30))
    first, second = a_space(cohort), a_space(cohort)

    refusal = costs.budget_refusal(second)
    Space.objects.filter(pk=first.pk).update(goal=SpaceGoal.PAUSED)

    assert "“cpu-upgrade” ($0.03 an hour)" in refusal
    assert "could cost $43.80 a month; its budget is $30.00" in refusal
    assert costs.budget_refusal(second) == ""
    assert "$0.40 an hour" in costs.budget_refusal(second, hardware=T4)
    assert costs.budget_refusal(second, hardware=FREE) == ""


def test_what_was_spent_this_month_counts_even_when_it_runs_no_more():
    cohort = a_cohort(monthly_budget=Decimal(30))
    spent, next_one = a_space(cohort), a_space(cohort)
    seen(spent, NOVEMBER, hardware=T4)
    seen(spent, NOVEMBER + 50 * HOUR, "PAUSED")
    Space.objects.filter(pk=spent.pk).update(goal=SpaceGoal.PAUSED)

    with clock.at(NOVEMBER + 60 * HOUR):
        refusal = costs.budget_refusal(next_one)

    assert "could cost $39.80 a month" in refusal  # 20.00 spent, and 660 h at 0.03


def test_a_month_that_is_nearly_over_does_not_hide_what_the_next_one_costs():
    space = a_space(a_cohort(monthly_budget=Decimal(30)))

    with clock.at(NOVEMBER + 719 * HOUR):
        refusal = costs.budget_refusal(space, hardware=T4)

    assert "could cost $292.00 a month" in refusal


def on(cohort: Cohort, hardware: str) -> Cohort:
    """The cohort, whose Spaces run on that from now on."""
    cohorts.edit(cohort, by=organiser(), edition=cohort.edition, space_hardware=hardware)
    return cohort


def test_projects_without_a_space_are_promised_one_of_the_cohorts():
    cohort = on(a_cohort(monthly_budget=Decimal(60)), UPGRADE)
    a_space(cohort)
    a_project(cohort)

    promised = costs.after_acceptance(cohort)

    assert (promised.now, promised.then) == (Decimal("43.80"), Decimal("65.70"))
    assert promised.exceeds
    assert costs.after_acceptance(a_project().cohort).then == 0


def test_what_is_finished_paused_or_taken_down_promises_nothing():
    cohort = on(a_cohort(), UPGRADE)
    paused, gone, finished = a_space(cohort), a_space(cohort), a_project(cohort)
    Space.objects.filter(pk=paused.pk).update(goal=SpaceGoal.PAUSED)
    Space.objects.filter(pk=gone.pk).update(goal=SpaceGoal.GONE)
    Project.objects.filter(pk=finished.pk).update(state="completed")

    assert costs.after_acceptance(cohort).now == 0


def test_an_acceptance_over_the_budget_needs_a_word_and_declining_none():
    cohort = on(a_cohort(monthly_budget=Decimal(20)), UPGRADE)
    first, second = an_application(cohort), an_application(cohort)

    with pytest.raises(
        applications.ConflictError, match=r"and \$21\.90 with this project; the budget is \$20"
    ):
        applications.accept(first, by=organiser())
    first.refresh_from_db()
    undecided = first.state
    applications.accept(first, by=organiser(), over_budget=True)
    applications.decline(second, by=organiser(), feedback="Sorry.")

    assert (undecided, first.state, second.state) == ("submitted", "accepted", "declined")


@pytest.mark.usefixtures("calm_sandbox")
def test_provisioning_stops_before_anything_is_made_that_the_budget_does_not_allow(sandbox: SandboxServer):
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(hardware=UPGRADE)
    cohort = space.project.cohort
    cohorts.edit(cohort, by=organiser(), edition=cohort.edition, monthly_budget=Decimal(20))
    sandbox.requests.clear()

    refused = work(space)
    state, error = refused.state, step(refused, StepKey.PREFLIGHT).error
    asked = sandbox.requests.all()
    cohorts.edit(cohort, by=organiser(), edition=cohort.edition, monthly_budget=Decimal(25))
    made = work(try_again(refused))

    assert (state, asked) == (SpaceState.FAILED, [])
    assert "could cost $21.90 a month; its budget is $20.00" in error
    assert made.state == SpaceState.READY
    assert uses(made)[-1] == (UPGRADE, "0.03", None)


# --- Prices ---------------------------------------------------------------------------------------


def test_what_the_hub_offers_no_more_goes_unless_somebody_wants_it():
    kept, wanted = a_space(hardware=T4), on(a_cohort(), UPGRADE)
    offered(**{"a10g-small": "1.00"})

    with clock.at(clock.now() + timedelta(days=1)):
        prices.refresh([HardwareOffer(FREE, "CPU Basic", Decimal(0))])

    left = {price.name: f"{price.hourly:.2f}" for price in HardwarePrice.objects.all()}
    assert left == {FREE: "0.00", kept.hardware: "0.40", wanted.space_hardware: "0.03"}


def test_a_hub_that_offers_nothing_at_all_is_not_believed():
    prices.refresh([])

    assert HardwarePrice.objects.count() == 3


def test_free_hardware_can_be_chosen_before_the_hub_was_ever_asked():
    HardwarePrice.objects.all().delete()

    assert [prices.in_words(price) for price in prices.known()] == ["CPU Basic, free"]


def test_prices_are_told_in_words():
    found = {price.name: prices.in_words(price) for price in prices.known()}

    assert found[FREE] == "Cpu-Basic, free"
    assert found[UPGRADE] == "Cpu-Upgrade, $0.03 an hour, about $21.90 a month"


def test_a_cohort_takes_only_hardware_that_is_offered():
    with pytest.raises(cohorts.InvalidError) as refused:
        a_cohort(space_hardware="abacus")

    assert refused.value.fields == {"space_hardware": ["Choose from the list."]}
    assert a_cohort(space_hardware=T4).space_hardware == T4
