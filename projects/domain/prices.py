"""On what a Space can run, and what the Hub asks for it: kept here, and asked for anew once a day."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from dibt.lib import clock
from dibt.lib.money import dollars
from projects.models import FREE_HARDWARE, Cohort, HardwarePrice, Space

# Free, but for Gradio apps alone, and Argilla is none (https://huggingface.co/docs/hub/spaces-zerogpu).
NOT_FOR_US = frozenset({"zero-a10g"})
GOOD_FOR = timedelta(days=1)
# The average month, for what something costs that always runs.
HOURS_A_MONTH = Decimal(730)


class Offer(Protocol):
    """Hardware as the Hub offers it, at its price an hour in US dollars."""

    @property
    def name(self) -> str: ...

    @property
    def pretty_name(self) -> str: ...

    @property
    def hourly(self) -> Decimal: ...


def known() -> list[HardwarePrice]:
    """What can be chosen, cheapest first. What is free is among it, even before the Hub was ever asked."""
    prices = list(HardwarePrice.objects.all())
    if any(price.name == FREE_HARDWARE for price in prices):
        return prices
    return [HardwarePrice(name=FREE_HARDWARE, pretty_name=_("CPU Basic"), hourly=Decimal(0)), *prices]


def in_words(price: HardwarePrice) -> str:
    """Like "CPU Upgrade, $0.03 an hour, about $21.90 a month"."""
    if price.hourly == 0:
        return _("%(hardware)s, free") % {"hardware": price.pretty_name}
    return _("%(hardware)s, %(hourly)s an hour, about %(monthly)s a month") % {
        "hardware": price.pretty_name,
        "hourly": dollars(price.hourly),
        "monthly": dollars(round(price.hourly * HOURS_A_MONTH, 2)),
    }


def are_due() -> bool:
    """Whether the Hub is to be asked: it never was, or not for a day."""
    return not HardwarePrice.objects.filter(seen_at__gt=clock.now() - GOOD_FOR).exists()


@transaction.atomic
def refresh(offers: Iterable[Offer]) -> None:
    """Keep what the Hub offers now and our Spaces can run on, in place of what it did.

    What it offers no more stays, at its last price, while a Space or a cohort wants it; and where it offers
    nothing at all, so does everything.
    """
    now = clock.now()
    rows = {
        offer.name: HardwarePrice(
            name=offer.name, pretty_name=offer.pretty_name, hourly=offer.hourly, seen_at=now
        )
        for offer in offers
        if offer.name not in NOT_FOR_US
    }
    if not rows:
        return
    HardwarePrice.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["pretty_name", "hourly", "seen_at"],
    )
    of_spaces, of_cohorts = Space.objects.values("hardware"), Cohort.objects.values("space_hardware")
    gone = HardwarePrice.objects.exclude(name__in=rows)
    gone.exclude(name__in=of_spaces).exclude(name__in=of_cohorts).delete()
