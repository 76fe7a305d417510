"""Answering before signing in: a few records of an open project, by somebody of whom there is only a browser.

Such an answer holds no place and is counted nowhere, until whoever gave it signs in (`annotations.domain.adopting`).
What they are offered lies spread over the next records with room, in an order of each visitor's own: if all of them
began with the same ones, most answers would find their record full.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from annotations.models import Record, TrialAnswer
from annotations.models.trial import MOST_TRIED
from annotations.permissions import require_trying
from dibt.lib import clock, secrets
from dibt.lib.errors import ConflictError, NotVisibleError
from projects.domain import tasks
from projects.models import Project
from projects.schema.answers import validate_answer

WINDOW = 300
MOST_PASSED = 5
# Of all visitors in one project: more is a program that fills the table, or a crowd that can sign in.
MOST_A_DAY = 1_000
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's browser. `seed` is the same on all its pages; `secret` is what it keeps once an answer was saved
    ("" before), and of which only a digest is stored."""

    seed: str
    secret: str = ""

    @property
    def key(self) -> str:
        return secrets.digest(self.secret) if self.secret else ""

    def remembered(self) -> "Visitor":
        """The same visitor with a secret. For a seed it is always the same one: two first answers from two tabs, on
        their way at once, are one visitor's."""
        return self if self.secret else replace(self, secret=_secret_of(self.seed))


def given(project: Project, *, visitor: Visitor) -> int:
    """How many records of the project this visitor has answered."""
    return _of(visitor).filter(project=project).count()


def next_record(project: Project, *, visitor: Visitor, passed: Sequence[int] = ()) -> Record | None:
    """The record offered to this visitor, the same one until they answer it or pass it over; None where none is left.

    `passed` are those they passed over, of which the first few count: it is a way on, not a way to choose. Refuses,
    saying why, where nobody may answer without signing in.
    """
    require_trying(project)
    answered = set(_of(visitor).filter(project=project).values_list("record", flat=True))
    if len(answered) >= MOST_TRIED or _is_crowded(project):
        return None
    return _first_left(project, visitor, answered | {*passed[:MOST_PASSED]})


def offer(record: Record, *, visitor: Visitor) -> str:
    """What a form has to send back to answer this record: nobody chooses what they answer."""
    return _signer(visitor).sign(str(record.pk))


def offered(project: Project, *, visitor: Visitor, offer: str) -> Record:
    """The record that was offered. Raises NotVisibleError when it was not, or not to this visitor."""
    try:
        record = Record.objects.filter(project=project, pk=int(_signer(visitor).unsign(offer))).first()
    except BadSignature:
        record = None
    if record is None:
        raise NotVisibleError(_("This record was not given to you. Reload the page for one that is."))
    return record


def answer(
    project: Project,
    *,
    visitor: Visitor,
    offer: str,
    values: object,
    guidelines_version: int | None = None,
) -> TrialAnswer:
    """Keep an answer of a visitor with a secret. Another one to the same record takes the place of the first:
    nothing was counted yet. `guidelines_version`: the number of the guidelines that they had before them, the present
    ones if not said.

    Raises AnswerError when the values do not fit the task, NotVisibleError for a record that was not offered to
    them, ConflictError after the last one that may be tried or where the project takes none now, NotAllowedError in
    a project for members.
    """
    require_trying(project)
    record = offered(project, visitor=visitor, offer=offer)
    version = tasks.current_schema(project)
    guidelines = tasks.guidelines_numbered(project, guidelines_version)
    said = validate_answer(version.schema, values, fields=record.fields)
    content = {"values": said.to_json(), "schema_version": version, "guidelines_version": guidelines}
    for _attempt in range(MOST_TRIED):
        try:
            with transaction.atomic():
                return _save(project, visitor, record, content)
        except IntegrityError:  # another tab was faster
            continue
    raise _enough()


def forget(visitor: Visitor) -> int:
    """Delete what this visitor answered, in all projects; returns how many."""
    deleted, _rows = _of(visitor).delete()
    return deleted


def forget_unclaimed() -> int:
    """Delete what nobody signed in for in time; returns how many."""
    old = TrialAnswer.objects.filter(user=None, created_at__lt=clock.now() - KEPT_FOR)
    deleted, _rows = old.delete()
    return deleted


def _save(project: Project, visitor: Visitor, record: Record, content: Mapping[str, object]) -> TrialAnswer:
    """`content` is what an answer that takes the place of another changes about it."""
    mine = _of(visitor)
    if mine.filter(record=record).update(**content):
        return mine.get(record=record)
    number = mine.filter(project=project).count() + 1
    if number > MOST_TRIED:
        raise _enough()
    if _is_crowded(project):
        raise ConflictError(
            _(
                "Too many people are trying this project today. Sign in with Hugging Face to answer its records."
            )
        )
    return TrialAnswer.objects.create(
        project=project,
        record=record,
        visitor=visitor.key,
        number=number,
        created_at=clock.now(),
        **content,
    )


def _of(visitor: Visitor) -> QuerySet[TrialAnswer]:
    mine = TrialAnswer.objects.filter(user=None, visitor=visitor.key)
    return mine if visitor.secret else mine.none()


def _first_left(project: Project, visitor: Visitor, through: Collection[int]) -> Record | None:
    """The first in the visitor's own order of the next records with room. Records that are filled or come in change
    little about it: each stands where its own number puts it."""
    with_room = Record.objects.filter(project=project, open_slots__gt=0, set_aside="").order_by("queue_key")
    left = [pk for pk in with_room.values_list("pk", flat=True)[:WINDOW] if pk not in through]
    left.sort(key=lambda pk: hashlib.sha256(f"{visitor.seed}:{pk}".encode()).digest())
    return Record.objects.filter(pk__in=left[:1]).first()


def _is_crowded(project: Project) -> bool:
    since = clock.now() - timedelta(days=1)
    recent = TrialAnswer.objects.filter(project=project, created_at__gt=since).order_by()
    return recent[:MOST_A_DAY].count() >= MOST_A_DAY


def _secret_of(seed: str) -> str:
    """Nobody outside can work it out, also who knows the seed."""
    return salted_hmac("annotations.trials.secret", seed, algorithm="sha256").hexdigest()


def _signer(visitor: Visitor) -> Signer:
    return Signer(salt=f"annotations.trials:{visitor.seed}")


def _enough() -> ConflictError:
    return ConflictError(
        _("You have answered %(most)d records without signing in. Sign in with Hugging Face to go on.")
        % {"most": MOST_TRIED}
    )
