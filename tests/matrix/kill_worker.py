"""The Celery application of workers that are killed: the site's own, with a lease as the settings wish.

It writes down each place of the reconciler that it comes by, and stops for ever at one where it is told to, so that
it can be killed there. Both is said in files of the folder KILL_FOLDER.
"""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import django
from celery.signals import worker_ready
from django.conf import settings

from dibt.management.worker import app

django.setup()

from projects.models import SpaceStep  # noqa: E402
from projects.provisioning import ledger, pace  # noqa: E402
from projects.tasks.prices import look_at_once  # noqa: E402
from projects.tasks.spaces import provision  # noqa: E402

__all__ = ["app"]

FOLDER = Path(os.environ["KILL_FOLDER"])
ENTRIES = (
    "started",
    "step_started",
    "step_done",
    "step_got_further",
    "step_waits",
    "step_postponed",
    "step_held",
    "step_failed",
    "finished",
    "postponed",
)
_met: Counter[str] = Counter()


def come_by(place: str) -> None:
    """Write the place down; stop there if that is what was asked for."""
    with (FOLDER / "passed").open("a") as passed:
        passed.write(f"{time.time()} {place}\n")
    try:
        asked = json.loads((FOLDER / "stop").read_text())
    except FileNotFoundError:
        return
    if asked["place"] != place:
        return
    _met[asked["id"]] += 1
    if _met[asked["id"]] == asked["nth"]:
        (FOLDER / "stopped").write_text(asked["id"])
        threading.Event().wait()


def after(name: str, do: Callable[..., Any]) -> Callable[..., Any]:
    """The same, and then it comes by a place of that name."""

    @wraps(do)
    def done(*arguments: Any, **named: Any) -> Any:
        said = do(*arguments, **named)
        steps = [argument.key for argument in arguments if isinstance(argument, SpaceStep)]
        come_by(" ".join([name, *steps]))
        return said

    return done


def send(*arguments: Any, **named: Any) -> Any:
    """Ask for the next run; by a bell, which says no countdown, it can be asked for at any time."""
    sent = _send(*arguments, **named)
    if "countdown" in named:
        come_by("sent")
    return sent


worker_ready.disconnect(look_at_once)  # once a day, in between the calls of a Space
pace.LEASE = getattr(settings, "SPACE_LEASE", pace.LEASE)  # type: ignore[misc]
for entry in ENTRIES:
    setattr(ledger, entry, after(entry, getattr(ledger, entry)))
_send, provision.apply_async = provision.apply_async, send  # type: ignore[method-assign]
