"""What hardware costs, kept up to date in the background."""

import logging

from celery import shared_task
from celery.signals import worker_ready

from projects.domain import prices

log = logging.getLogger(__name__)


@shared_task(name="projects.spaces.prices", soft_time_limit=60, time_limit=90)
def refresh() -> None:
    """Ask the Hub for its prices unless they were asked for within the day; what fails is tried at the next beat."""
    if not prices.are_due():
        return
    # The Hub's client is slow to import, and tasks are imported by everything.
    from dibt.gateways.errors import GatewayError
    from dibt.gateways.hub import the_hub

    try:
        offers = the_hub().hardware_prices()
    except GatewayError as error:
        log.warning("The prices of hardware stay as they were last seen: %s", error.message)
        return
    prices.refresh(offers)


@worker_ready.connect
def look_at_once(**_: object) -> None:
    """A site that is new, or was down for long, has prices as soon as it has a worker."""
    refresh.delay()
