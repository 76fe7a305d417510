"""Where to look for a person's next record, and what makes one theirs: the same on every database."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from annotations.models import Contributor
from annotations.models.record import BEFORE_ALL

LOOK_BACK_EVERY, LOOK_BACK_AMONG = 8, 64
# The offset keeps PostgreSQL from thinking of all orders in which to join six
# tables: an index look-up in each is what is wanted, and the thinking took longer than all the rest.
_WANTED = """
    r.project_id = %(project)s AND r.open_slots > 0 AND r.set_aside = '' AND r.queue_key > %(after)s {among}
"""
_NEVER_IN = """
    AND NOT EXISTS (SELECT 1 FROM annotations_{table} x
                    WHERE x.record_id = r.id AND x.contributor_id = %(me)s LIMIT 1 OFFSET 0)
"""
# What somebody answered before they signed in, and that waits. For the few of whom that may be so: the statement is
# the busiest of all.
_NEVER_TRIED = """
    AND NOT EXISTS (SELECT 1 FROM annotations_trialanswer x
                    WHERE x.record_id = r.id AND x.user_id = %(user)s LIMIT 1 OFFSET 0)
"""
_TABLES = ("response", "skip", "discard", "flag", "assignment")
_AMONG = """AND r.queue_key < COALESCE((
        SELECT y.queue_key FROM annotations_record y
        WHERE y.project_id = %(project)s AND y.open_slots > 0 AND y.set_aside = '' AND y.queue_key > %(after)s
        ORDER BY y.queue_key LIMIT 1 OFFSET %(among)s), %(end)s)
"""
_END = 2**62


@dataclass(frozen=True, slots=True)
class Search:
    """Look beyond the key `after`; only `among` so many records with room, if that is not 0; waiting `patiently` for
    those who are just taking places. What ends a record that was found moves the search of that `number` on.
    `has_tried`: for somebody of whom trial answers may wait."""

    after: int
    number: int
    among: int = 0
    patiently: bool = False
    has_tried: bool = False

    def wanted(self) -> str:
        """The condition on a record `r`, in SQL that takes `values`."""
        return _wanted(among=bool(self.among), has_tried=self.has_tried)

    def values(self, contributor: Contributor) -> dict[str, object]:
        return {
            "project": contributor.project_id,
            "me": contributor.pk,
            "user": contributor.user_id,
            "after": self.after,
            "among": self.among,
            "end": _END,
        }


def searches(contributor: Contributor) -> Iterator[Search]:
    """Where to look, one after the other, until enough is found.

    Beyond the last record they had, which keeps the search short however much they have done; through everything at
    the end, when nobody needs to be left out who is just taking a place. Now and then first from the beginning, so
    that a place which was returned behind everybody is not left until then: among few, as a person who is ahead of
    the others was through with many of those that have room.
    """
    number, tried = contributor.search_number, contributor.has_tried
    if (contributor.submitted_count + contributor.skipped_count) % LOOK_BACK_EVERY == LOOK_BACK_EVERY - 1:
        yield Search(BEFORE_ALL, 0, among=LOOK_BACK_AMONG, has_tried=tried)
    yield Search(contributor.last_queue_key, number, has_tried=tried)
    yield Search(BEFORE_ALL, number, has_tried=tried)
    yield Search(BEFORE_ALL, number, patiently=True, has_tried=tried)


@cache
def _wanted(*, among: bool, has_tried: bool) -> str:
    never = "".join(_NEVER_IN.format(table=table) for table in _TABLES)
    never += _NEVER_TRIED if has_tried else ""
    return _WANTED.format(among=_AMONG if among else "") + never
