"""Leases: which worker holds a row, and until when.

A worker takes the row by compare-and-swap, works, and gives it back; one that dies simply lets the lease run
out, and another takes over, whatever the broker does with the message.
"""

import uuid
from datetime import timedelta

from django.db import models

from dibt.lib import clock

LEASE = timedelta(minutes=2)


class Leased(models.Model):
    """A row that at most one worker works on at a time."""

    lease_holder = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


def unheld() -> models.Q:
    """The condition that no living worker holds the row."""
    return models.Q(leased_until=None) | models.Q(leased_until__lte=clock.now())


def take(row: Leased, *, lasting: timedelta = LEASE) -> bool:
    """Take the row for this worker; False when another one holds it."""
    holder, until = uuid.uuid4(), clock.now() + lasting
    rows = type(row)._default_manager.filter(unheld(), pk=row.pk)
    if not rows.update(lease_holder=holder, leased_until=until):
        return False
    row.refresh_from_db()
    return row.lease_holder == holder


def extend(row: Leased, *, lasting: timedelta = LEASE) -> bool:
    """Keep the row for longer; False when the lease was lost meanwhile, and the work must be left alone."""
    until = clock.now() + lasting
    mine = type(row)._default_manager.filter(pk=row.pk, lease_holder=row.lease_holder)
    return bool(row.lease_holder and mine.update(leased_until=until))


def give_back(row: Leased) -> None:
    """Let others have the row; does nothing when the lease was lost meanwhile."""
    mine = type(row)._default_manager.filter(pk=row.pk, lease_holder=row.lease_holder)
    mine.update(lease_holder=None, leased_until=None)
