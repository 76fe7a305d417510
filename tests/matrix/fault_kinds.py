"""The faults that a call can meet, and how one call of a run is made to meet one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

import pytest
from django.conf import settings
from django.test import override_settings

from dibt.gateways import argilla, heartbeat
from dibt.gateways.hub import transport
from dibt.sandbox.testing import SandboxServer
from projects.models import Space
from tests.matrix.fault_calls import Call

# As the Hub says it: https://huggingface.co/docs/hub/rate-limits
NOTHING_LEFT = {
    "RateLimit": '"api";r=0;t=55',
    "RateLimit-Policy": '"fixed window";"api";q=1000;w=300',
    "Retry-After": "55",
}
SOON = timedelta(seconds=0.3)  # when a hanging call is given up


class Fault(StrEnum):
    REFUSED = "connection refused"
    RESET = "reset before the answer"
    LOST = "answer lost after the work"
    HANG = "hang past the timeout"
    TOO_MANY = "429"
    ERROR = "500"
    UNAVAILABLE = "503"


SCRIPTED = {Fault.RESET: "reset", Fault.LOST: "lost_answer", Fault.HANG: "hang"}


@contextmanager
def meeting(
    fault: Fault, call: Call, space: Space, sandbox: SandboxServer, *, lasting: bool
) -> Iterator[Callable[[], int]]:
    """Have that call meet the fault once or, `lasting`, that and all later ones of its kind.

    Yields what tells how often it was met. A connection is refused to whatever is asked, so that a lasting
    refusal is one of everything from that call on.
    """
    if fault is Fault.REFUSED:
        with _door(sandbox, place=call.place, lasting=lasting) as refused:
            yield refused
        return
    sandbox.faults.add(
        SCRIPTED.get(fault, "status"),
        method=call.method,
        path=call.pattern(space),
        after=call.ordinal,
        times=None if lasting else 1,
        status=int(fault) if fault.isdecimal() else 0,
        headers=NOTHING_LEFT if fault is Fault.TOO_MANY else {},
    )
    with override_settings(HUB_TIMEOUT=SOON if fault is Fault.HANG else settings.HUB_TIMEOUT):
        yield lambda: sum(bool(entry.fault) for entry in sandbox.requests.all())
    sandbox.faults.clear()


@contextmanager
def _door(sandbox: SandboxServer, *, place: int, lasting: bool) -> Iterator[Callable[[], int]]:
    """Nobody is there when the `place`-th request is about to leave; for the next somebody is again, unless lasting."""
    asked = refused = 0

    def about_to_ask() -> None:
        nonlocal asked, refused
        heartbeat.beat()
        if asked == place:
            sandbox.leave()
        elif asked == place + 1 and not lasting:
            sandbox.listen()
        refused += asked == place or (lasting and asked > place)
        asked += 1

    with pytest.MonkeyPatch.context() as patch:
        for module in (transport, argilla):
            patch.setattr(module, "beat", about_to_ask)
        try:
            yield lambda: refused
        finally:
            if asked > place and (lasting or asked == place + 1):
                sandbox.listen()
