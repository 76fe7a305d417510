"""What people hold against a record, and what comes of it.

A discard says “this cannot be answered”, a flag that something is wrong with it. Both free the place that was held
for it. Enough of them, by different people, take the record out of the queue until a lead has looked at it: then it
is put back, and what was held against it before counts no more, or left out. Answers stay, and so do the places of
those who have the record open: they may still answer.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from accounts.domain.notices import notify, withdraw
from accounts.models import User
from annotations.domain import responding
from annotations.models import Contributor, Discard, Flag, FlagReason, Record, Response, SetAside
from dibt.lib import clock
from dibt.lib.errors import InvalidError, NotVisibleError
from dibt.lib.text import unstorable_character
from projects.models import Project
from projects.permissions import Person, require_manager

ENOUGH = 2
GRAVE = (FlagReason.PERSONAL_DATA, FlagReason.TOXIC)
LONGEST_NOTE = 500
NOTICE = "record-flagged"


@dataclass(frozen=True)
class Objections:
    """A record with what people hold against it since it was last put back, the earliest first."""

    record: Record
    discards: int
    flags: tuple[Flag, ...]


def discard(project: Project, *, by: Person, record_id: int) -> Contributor:
    """Say that a record cannot be answered; twice is once, and an answer of theirs stands against it.

    Raises NotVisibleError when the record was never handed to them.
    """
    with transaction.atomic():
        contributor, _held = responding.let_go(project, by=by, record_id=record_id)
        answered = Response.objects.filter(record=record_id, contributor=contributor).exists()
        if not answered:
            record = locked_record(project, record_id)
            Discard.objects.get_or_create(
                record=record, contributor=contributor, defaults={"created_at": clock.now()}
            )
            _take_out(project, record)
    return contributor


def flag(project: Project, *, by: Person, record_id: int, reason: str, note: str = "") -> Contributor:
    """Say what is wrong with a record, also one they have answered or let lapse; the first reason stands.

    Raises InvalidError for a reason that is none of FlagReason, or a note of more than 500 characters or with one that
    cannot be stored, and NotVisibleError when the record was never handed to them.
    """
    note = note.strip()
    _require_flag(reason, note)
    with transaction.atomic():
        contributor, _held = responding.let_go(project, by=by, record_id=record_id)
        record = locked_record(project, record_id)
        said = {"reason": reason, "note": note, "created_at": clock.now()}
        Flag.objects.get_or_create(record=record, contributor=contributor, defaults=said)
        _take_out(project, record)
    return contributor


def put_back(project: Project, *, by: User, record_id: int) -> None:
    """Let people answer a record again; discards and flags until now count against it no more."""
    require_manager(project, by)
    with transaction.atomic():
        record = locked_record(project, record_id)
        record.set_aside, record.set_aside_at, record.put_back_at = "", None, clock.now()
        record.save(update_fields=["set_aside", "set_aside_at", "put_back_at"])


def leave_out(project: Project, *, by: User, record_id: int) -> None:
    """Keep a record out of the queue until it is put back."""
    require_manager(project, by)
    with transaction.atomic():
        _set_aside(locked_record(project, record_id), SetAside.LEFT_OUT)


def locked_record(project: Project, record_id: int) -> Record:
    """A record of the project, locked; raises NotVisibleError where there is none."""
    rows = Record.objects.select_for_update(no_key=True)
    record = rows.filter(project=project, pk=record_id).first()
    if record is None:
        raise NotVisibleError(_("There is no such record in this project."))
    return record


def reconsider(record: Record) -> None:
    """Let people answer a locked record again that was set aside and to which too few object now; not one that a lead
    has left out. What the leads were told and have not read yet is withdrawn."""
    if record.set_aside == SetAside.FLAGGED and not _is_flagged(record):
        _set_aside(record, SetAside.DISCARDED if _is_discarded(record) else "")
        withdraw(kind=NOTICE, url=record.get_absolute_url(), params={"record": record.external_id})
    elif record.set_aside == SetAside.DISCARDED and not _is_discarded(record):
        _set_aside(record, "")


def objected(project: Project) -> QuerySet[Record]:
    """Records that somebody objects to since they were last put back, or that are out of the queue.

    Those that wait outside of the queue come first, then those still in it, then those left out.
    """
    of_project = {"contributor__project": project}
    discarded = Discard.objects.filter(_counting(), **of_project).values("record")
    flagged = Flag.objects.filter(_counting(), **of_project).values("record")
    aside = Record.objects.filter(project=project).exclude(set_aside="").order_by().values("pk")
    last = Case(When(set_aside=SetAside.LEFT_OUT, then=2), When(set_aside="", then=1), default=0)
    # As one list of ids, so that a project of a million records is not gone through for them.
    return Record.objects.filter(pk__in=aside.union(discarded, flagged)).order_by(last, "queue_key")


def with_objections(records: list[Record]) -> list[Objections]:
    """The records in their order, each with what is held against it; three statements for all of them."""
    discards = Discard.objects.filter(_counting(), record__in=records).order_by("record_id")
    flags = Flag.objects.filter(_counting(), record__in=records).order_by("record_id", "created_at", "pk")
    discards_of = {key: len(list(group)) for key, group in groupby(discards, lambda one: one.record_id)}
    flags_of = {key: tuple(group) for key, group in groupby(flags, lambda one: one.record_id)}
    return [
        Objections(record, discards_of.get(record.pk, 0), flags_of.get(record.pk, ())) for record in records
    ]


def _require_flag(reason: str, note: str) -> None:
    problems = {}
    if reason not in FlagReason.values:
        problems["reason"] = [_("Choose what is wrong with the record.")]
    if len(note) > LONGEST_NOTE:
        problems["note"] = [_("The note has more than %(most)d characters.") % {"most": LONGEST_NOTE}]
    elif character := unstorable_character(note):
        sentence = _("The note holds %(character)s, which cannot be stored; remove it.")
        problems["note"] = [sentence % {"character": character}]
    if problems:
        raise InvalidError(" ".join(text for texts in problems.values() for text in texts), problems)


def _take_out(project: Project, record: Record) -> None:
    """Set a locked record aside once enough people object to it. The leads are told when that is for flags."""
    if record.set_aside in (SetAside.FLAGGED, SetAside.LEFT_OUT):
        return
    if _is_flagged(record):
        _set_aside(record, SetAside.FLAGGED)
        _tell_leads(project, record)
    elif not record.set_aside and _is_discarded(record):
        _set_aside(record, SetAside.DISCARDED)


def _is_flagged(record: Record) -> bool:
    return Flag.objects.filter(_counting(), record=record, reason__in=GRAVE).count() >= ENOUGH


def _is_discarded(record: Record) -> bool:
    return Discard.objects.filter(_counting(), record=record).count() >= ENOUGH


def _set_aside(record: Record, why: SetAside | Literal[""]) -> None:
    record.set_aside, record.set_aside_at = why, clock.now() if why else None
    record.save(update_fields=["set_aside", "set_aside_at"])


def _counting() -> Q:
    return Q(record__put_back_at=None) | Q(created_at__gt=F("record__put_back_at"))


def _tell_leads(project: Project, record: Record) -> None:
    url = record.get_absolute_url()
    params = {"project": project.title, "record": record.external_id}
    for role in project.roles.select_related("user"):
        notify(role.user, kind=NOTICE, params=params, url=url)
