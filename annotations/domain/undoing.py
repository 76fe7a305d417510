"""Taking back an own skip, discard or flag: a slip of the hand, mostly, seen at once.

Everything is as if it had not been: the counts, and the record's place in the queue where it was set aside only because
of it. Lead's decisions stand. The record is with its person again where it has room for them, else it comes to them
again once it has.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.domain import queue, setting_aside
from annotations.domain.contributors import locked
from annotations.models import Assignment, Contributor, Discard, Flag, Record, Response, Skip
from annotations.permissions import require_taking_part
from dibt.lib.errors import InvalidError, NotVisibleError
from projects.models import Project
from projects.permissions import Person

KINDS: dict[str, type[Skip | Discard | Flag]] = {"skip": Skip, "discard": Discard, "flag": Flag}


@dataclass(frozen=True)
class TakenBack:
    """Whose it was, and their record as it is with them now; None where it has no room for them."""

    contributor: Contributor
    assignment: Assignment | None


@transaction.atomic
def take_back(project: Project, *, by: Person, record_id: int, what: str) -> TakenBack:
    """Undo what this person did with a record instead of answering it: `what` is one of KINDS. Twice is once.

    Also while the project is paused, where the record only waits for them. Raises InvalidError for another `what`, and
    NotVisibleError where they did no such thing.
    """
    if what not in KINDS:
        raise InvalidError(_("Say what to take back: a skip, a discard or a flag."))
    contributor = locked(project, require_taking_part(project, by))
    held = queue.prolong(contributor, record_id)
    record = setting_aside.locked_record(project, record_id)
    deleted, _rows = KINDS[what].objects.filter(record=record, contributor=contributor).delete()
    if not deleted:
        if held is None:
            raise NotVisibleError(_("There is nothing to take back: you did not do that with this record."))
        return TakenBack(contributor, held)
    contributor.skipped_count -= int(what == "skip")
    setting_aside.reconsider(record)
    again = held or _again(contributor, record)
    contributor.save(update_fields=["skipped_count", "last_queue_key", "search_number"])
    return TakenBack(contributor, again)


def with_person(contributor: Contributor, record_id: int) -> Assignment | None:
    """A record as it is with this person now."""
    theirs = Assignment.objects.live().filter(contributor=contributor, record=record_id)
    return theirs.select_related("record").first()


def _again(contributor: Contributor, record: Record) -> Assignment | None:
    """The record for the person once more, unless they have said something else of it. Where that cannot be now, they
    may still answer it, and a search that begins before it finds it."""
    mine = {"contributor": contributor, "record": record}
    if any(kind.objects.filter(**mine).exists() for kind in (Response, *KINDS.values())):
        return None
    if contributor.project.is_open and (again := queue.take_again(contributor, record.pk)):
        return again
    queue.note_had(contributor.pk, record.pk)
    contributor.last_queue_key = min(contributor.last_queue_key, record.queue_key - 1)
    contributor.search_number += 1
    return None
