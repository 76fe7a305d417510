"""Checking files and bringing their records in, in the background.

Nothing is retried by the message: the row says what waits, and the sweeper rings for rows whose worker died.
"""

import logging
import time
from collections.abc import Callable, Iterable
from copy import copy
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from annotations.domain import imports
from annotations.domain.surveying import survey
from annotations.models import Import, ImportState
from annotations.reading.rows import UnreadableFileError
from dibt.lib import bells, leases
from dibt.lib.errors import ConflictError
from dibt.lib.heartbeat import kept

log = logging.getLogger(__name__)
# Longer than bringing in the largest file: while it is done, nobody outside could see the lease extended.
COMMIT_LEASE = timedelta(minutes=15)
BETWEEN_NEWS = 1.0  # seconds


class LeaseLostError(Exception):
    """Another worker has the import now; what this one did must not be written down."""


@shared_task(name="annotations.imports.check", ignore_result=True)
def check(import_id: int) -> None:
    """Judge a file that waits for it, unless another worker has it."""
    _work(import_id, ImportState.CHECKING, _check)


@shared_task(name="annotations.imports.commit", ignore_result=True)
def commit(import_id: int) -> None:
    """Bring in the records of a file that waits for it, unless another worker has it."""
    _work(import_id, ImportState.COMMITTING, _commit)


def _work(import_id: int, state: ImportState, do: Callable[[Import, Import], None]) -> None:
    import_ = Import.objects.select_related("project").filter(pk=import_id).first()
    if import_ is None or import_.state != state or not leases.take(import_):
        return
    lease = copy(import_)  # a row that is read again could name another worker's lease
    try:
        if import_.state == state and imports.begin(import_):
            do(import_, lease)
    except LeaseLostError:
        log.warning("Import %s was taken over by another worker", import_.pk)
    except ConflictError as error:
        log.info("Import %s moved on while it was worked on: %s", import_.pk, error.message)
    finally:
        leases.give_back(lease)


def _check(import_: Import, lease: Import) -> None:
    try:
        with kept(lease):
            found = survey(import_, build=_name(lease), progress=_news(import_))
    except UnreadableFileError as error:
        _fail(import_, lease, error.message)
    except OSError as error:
        _fail(import_, lease, _unavailable(error))
    else:
        with transaction.atomic():
            _hold(lease)
            imports.checked(import_, found)


def _commit(import_: Import, lease: Import) -> None:
    _hold(lease, lasting=COMMIT_LEASE)
    try:
        imports.bring_in(import_)
    except OSError as error:
        _fail(import_, lease, _unavailable(error))


def _fail(import_: Import, lease: Import, sentence: str) -> None:
    with transaction.atomic():
        _hold(lease)
        imports.fail(import_, sentence)


def _hold(lease: Import, *, lasting: timedelta = leases.LEASE) -> None:
    if not leases.extend(lease, lasting=lasting):
        raise LeaseLostError


def _name(lease: Import) -> str:
    """The files of this worker's check, which no other one writes to."""
    assert lease.lease_holder is not None
    return lease.lease_holder.hex


def _news(import_: Import) -> Callable[[int], None]:
    """Note the progress, at most once a second."""
    last = time.monotonic()

    def told(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= BETWEEN_NEWS:
            last = time.monotonic()
            imports.told(import_, rows)

    return told


def _unavailable(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return _("The uploaded file cannot be read any more (%(reason)s). Upload it again.") % {"reason": reason}


def _to_check() -> Iterable[int]:
    return Import.objects.waiting(ImportState.CHECKING).values_list("pk", flat=True)


def _to_commit() -> Iterable[int]:
    return Import.objects.waiting(ImportState.COMMITTING).values_list("pk", flat=True)


bells.on(imports.CHECK, waiting=_to_check)(check.delay)
bells.on(imports.COMMIT, waiting=_to_commit)(commit.delay)
