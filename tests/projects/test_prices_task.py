"""The prices of hardware, asked for in the background."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from celery.signals import worker_ready

from dibt.celery import app
from dibt.lib import clock
from dibt.sandbox.testing import SandboxServer
from projects.models import HardwarePrice
from projects.tasks import prices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
ASKED = "/api/spaces/hardware"


def test_the_prices_are_those_of_the_hub():
    prices.refresh()

    found = {price.name: price for price in HardwarePrice.objects.all()}
    assert (found["cpu-basic"].hourly, found["cpu-upgrade"].hourly) == (0, Decimal("0.03"))
    assert found["cpu-upgrade"].pretty_name == "CPU Upgrade"
    assert len(found) > 10
    assert "zero-a10g" not in found


def test_the_hub_is_asked_once_a_day(sandbox: SandboxServer):
    for hours in (0, 1, 23, 25, 26):
        with clock.at(clock.now() + timedelta(hours=hours)):
            prices.refresh()

    assert len(sandbox.requests.all(path=ASKED)) == 2


def test_a_hub_that_does_not_answer_leaves_them_as_they_were(
    sandbox: SandboxServer, caplog: pytest.LogCaptureFixture
):
    prices.refresh()
    before = list(HardwarePrice.objects.values())
    sandbox.faults.add("status", path=ASKED, status=503, times=None)

    with clock.at(clock.now() + timedelta(days=2)), caplog.at_level(logging.WARNING):
        prices.refresh()

    assert list(HardwarePrice.objects.values()) == before
    assert "stay as they were last seen" in caplog.text


def test_a_worker_has_them_looked_at_as_soon_as_it_is_there():
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("provisioning")
        queue.clear()

        worker_ready.send(sender=None)

        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.headers["task"] == "projects.spaces.prices"
