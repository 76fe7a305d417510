"""The order of the queue: what the lead wants first or last, and within that one import after the other.

A record's key says it all, in one number: a band, of which there is one for each priority, and a running position in
it. Positions are never used twice, and what is imported into a band comes after what is there.
"""

import random
from array import array
from collections.abc import Sequence

from django.db.models import F, Value
from django.db.models.functions import Least

from annotations.models import Contributor, Import, Order, Priority, Record
from projects.models import Project

BAND = 2**48
_BANDS = {Priority.FIRST: -1, Priority.NORMAL: 0, Priority.LAST: 1}


def newest_keys(project: Project) -> list[int]:
    """The last key of each band, the one before its first where it is empty: every import and nothing else moves
    one of them."""
    return [_newest(project, band) for band in _BANDS.values()]


def keys_for(project: Project, import_: Import, *, number: int) -> Sequence[int]:
    """A key for each of so many records, in the order of the file; shuffled ones lie the same each time.

    Call it in a transaction that holds the project's row: keys are given out there.
    """
    first = _newest(project, _BANDS[Priority(import_.priority)]) + 1
    if import_.order == Order.FILE:
        return range(first, first + number)
    keys = array("q", range(first, first + number))
    random.Random(str(import_.folder)).shuffle(keys)  # noqa: S311  no secret, and the same again is what is wanted
    return keys


def show_everybody(project: Project, *, first: int, last: int) -> None:
    """Have everybody look for records from this key on, if others come after the last of them.

    What people have open they answer first; as another search has begun, that does not lead them past these.
    """
    if Record.objects.filter(project=project, queue_key__gt=last).exists():
        Contributor.objects.filter(project=project).update(
            last_queue_key=Least("last_queue_key", Value(first - 1)), search_number=F("search_number") + 1
        )


def _newest(project: Project, band: int) -> int:
    start = band * BAND
    keys = Record.objects.filter(project=project, queue_key__gte=start, queue_key__lt=start + BAND)
    newest = keys.order_by("-queue_key").values_list("queue_key", flat=True).first()
    return start - 1 if newest is None else newest
