"""Drafts: what people have begun to answer and not sent yet. For them alone, on any device they sign in on.

Whoever types is at work: a draft keeps their record with them, or brings it back to them where it still has room.
A draft ends with the answer, a skip, a discard or a flag, in the same transaction, or when nobody has touched it
for a month. Of several states that stands which was typed last, on whatever page or device, also when an older one
was delayed on its way, as by hours without network.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.domain import leasing, queue
from annotations.domain.contributors import locked
from annotations.models import Assignment, Contributor, Discard, Draft, Flag, Lapse, Response, Skip
from annotations.permissions import require_contributing, require_taking_part
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError, TooLargeError
from dibt.lib.text import unstorable_character
from projects.domain import tasks
from projects.models import Project, SchemaVersion
from projects.permissions import Person
from projects.schema.answers import Answer
from projects.schema.definition import TaskSchema
from projects.schema.form import PREFIX, FormData, carried_over, form_data

LARGEST = 64 * 1024
LONGEST_SENDER = 40
LATEST = 2**53 - 1  # what a number of JavaScript can say exactly
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Typed:
    """The state of a form: what was typed by question name, in which version of the task, on which page and when
    (in ms since 1970 by the site's clock, as far as the page knows it; 0 where it does not say, which is now)."""

    data: Mapping[str, Sequence[str]]
    version: SchemaVersion
    sender: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The record as it is with who typed, None where it is not; and what stands instead, where that was typed later."""

    held: Assignment | None
    newer: Draft | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """What was typed for a record, as its form of the present task is filled with it, and when."""

    data: FormData
    at: int


def save(
    project: Project,
    *,
    by: Person,
    record_id: int,
    data: object,
    schema_version: int | None = None,
    sender: str = "",
    at: int = 0,
) -> Kept:
    """Keep what somebody has typed for a record that is or was with them; also while the project is paused.

    `data` has a list of texts for each question, as a form sends them, whether or not they are an answer; what is
    for no question of the task is passed over. Raises InvalidError or TooLargeError for what cannot be kept,
    ConflictError where they are through with the record, NotVisibleError where it was never handed to them.
    """
    user = require_taking_part(project, by)
    version = tasks.schema_numbered(project, schema_version)
    _require_moment(sender, at)
    state = Typed(_taken(version.schema, data), version, sender, at)
    with transaction.atomic():
        contributor = locked(project, user)
        return keep(contributor, record_id, state)


def keep(contributor: Contributor, record_id: int, state: Typed) -> Kept:
    """As `save`, in a transaction that has locked its author's row."""
    held = queue.prolong(contributor, record_id)
    if held is None:
        _require_unfinished(contributor, record_id)
        if contributor.project.is_open:
            held = queue.take_again(contributor, record_id)
    return Kept(held, newer=_put(contributor, record_id, state))


def _put(contributor: Contributor, record_id: int, state: Typed) -> Draft | None:
    """Unless something was typed later, which is returned then."""
    now = clock.milliseconds(clock.now())
    at = min(state.at or now, now)  # a clock that is ahead must not win for ever
    before = Draft.objects.filter(contributor=contributor, record=record_id).first()
    if before and before.at > at:
        return before
    draft = before or Draft(contributor=contributor, record_id=record_id)
    draft.data, draft.schema_version = dict(state.data), state.version
    draft.sender, draft.at, draft.updated_at = state.sender, at, clock.now()
    draft.save()
    return None


def typed(answer: Answer, version: SchemaVersion) -> Typed:
    """An answer as it would stand in a form."""
    data = {name.removeprefix(PREFIX): texts for name, texts in form_data(answer).items()}
    return Typed(data, version)


def restore(contributor: Contributor, record_ids: Iterable[int]) -> dict[int, Begun]:
    """Drafts of these records, by their ids; one statement for all.

    One from a page in which everything was taken out is one, too: what was suggested does not come back.
    """
    rows = Draft.objects.filter(contributor=contributor, record__in=record_ids)
    drafts = [draft for draft in rows.select_related("schema_version") if draft.data or draft.sender]
    current = tasks.current_schema(contributor.project) if drafts else None
    return {draft.record_id: Begun(as_form(draft, current), draft.at) for draft in drafts if current}


def as_form(draft: Draft, current: SchemaVersion) -> FormData:
    """What a browser would send of what was typed, as far as it still fits the task."""
    data, version = draft.data, draft.schema_version
    if version.pk != current.pk:
        data = carried_over(data, old=version.schema, new=current.schema)
    return {PREFIX + name: texts for name, texts in data.items()}


def go_on(project: Project, *, by: Person, record_id: int) -> bool:
    """Have a record with its draft's author again; False where it has no room left for them, and what they send may be
    surplus. Refuses as `save` does, and where the project takes no answers now."""
    user = require_contributing(project, by)
    with transaction.atomic():
        contributor = locked(project, user)
        held = queue.prolong(contributor, record_id)
        if held is None:
            _require_unfinished(contributor, record_id)
            held = queue.take_again(contributor, record_id)
        return held is not None


def take_up(contributor: Contributor, *, most: int) -> list[Assignment]:
    """Have what this person has begun with them, again where its record went back and has room; the latest `most`, in
    that order. Call it outside of transactions: each is taken in one of its own."""
    theirs = Assignment.objects.filter(contributor=contributor).values("record")
    has_room = Q(
        record__set_aside="", record__open_slots__gt=0, record__submitted_count__lt=F("record__overlap")
    )
    begun = _begun(contributor).filter(has_room | Q(record__in=theirs)).order_by("-updated_at", "-pk")
    records = list(begun.values_list("record", flat=True)[:most])
    taken = [leasing.take_again(contributor, record_id) for record_id in records]
    return [held for held in taken if held]


def find(project: Project, *, by: Person, record_id: int) -> Draft:
    """Somebody's own draft for a record. Raises NotVisibleError where they have none."""
    user = require_taking_part(project, by)
    draft = of(user).filter(record__id=record_id, contributor__project=project).first()
    if draft is None:
        raise NotVisibleError(_("You have begun no answer to this record."))
    return draft


def of(user: User) -> QuerySet[Draft]:
    """What this person has begun and not sent, the latest first."""
    own = Draft.objects.filter(contributor__user=user).exclude(data={}).exclude(_answered())
    own = own.select_related("record__project", "schema_version", "contributor__user")
    return own.order_by("-updated_at", "-pk")


def without_record(contributor: Contributor) -> int:
    """How many drafts of this person lie in the project whose records are no longer with them."""
    held = Assignment.objects.live().filter(contributor=contributor).values("record")
    return _begun(contributor).exclude(record__in=held).count()


def _begun(contributor: Contributor) -> QuerySet[Draft]:
    return Draft.objects.filter(contributor=contributor).exclude(data={}).exclude(_answered())


def drop(contributor: Contributor, record_id: int) -> None:
    """Forget a draft with what ends it, in the same transaction."""
    Draft.objects.filter(contributor=contributor, record=record_id).delete()


def delete(draft: Draft, *, by: User) -> None:
    """Forget an own draft for good; the record stays with them for as long as it is."""
    if not Draft.objects.filter(pk=draft.pk, contributor__user=by).delete()[0]:
        raise NotVisibleError(_("You have begun no answer to this record."))


def sweep() -> int:
    """Forget drafts that nobody has touched for long, and those that their answer has overtaken; returns how many."""
    old = Q(updated_at__lt=clock.now() - KEPT_FOR)
    return Draft.objects.filter(old | _answered()).delete()[0]


def _answered() -> Exists:
    """A save that crossed its own answer leaves a draft behind."""
    return Exists(Response.objects.filter(record=OuterRef("record"), contributor=OuterRef("contributor")))


def _require_unfinished(contributor: Contributor, record_id: int) -> None:
    """Of a record that is not with them now."""
    mine = {"contributor": contributor, "record": record_id}
    if Response.objects.filter(**mine).exists():
        raise ConflictError(
            _("You have answered this record already. Change your answer under “Your answers”.")
        )
    if any(model.objects.filter(**mine).exists() for model in (Skip, Discard, Flag)):
        raise ConflictError(_("You have passed this record over, so nothing is kept for it."))
    if not any(model.objects.filter(**mine).exists() for model in (Draft, Lapse)):
        raise NotVisibleError(_("This record was not given to you. Open the next one."))


def _require_moment(sender: str, at: int) -> None:
    if len(sender) > LONGEST_SENDER or unstorable_character(sender):
        sentence = _("Name the page by a text of at most %(most)d characters.") % {"most": LONGEST_SENDER}
        raise InvalidError(sentence, {"page": [sentence]})
    if not 0 <= at <= LATEST:
        sentence = _("Say when it was typed in milliseconds since 1970.")
        raise InvalidError(sentence, {"at": [sentence]})


def _taken(schema: TaskSchema, data: object) -> dict[str, list[str]]:
    """What is for a question of the task; empty where nothing is typed."""
    if not isinstance(data, Mapping) or not all(_is_texts(texts) for texts in data.values()):
        raise InvalidError(_("A draft has a list of texts for each question."))
    names = {question.name for question in schema.questions}
    typed = {name: list(texts) for name, texts in data.items() if name in names}
    if not any(text.strip() for texts in typed.values() for text in texts):
        return {}
    if sum(len(text) + 1 for texts in typed.values() for text in texts) > LARGEST:
        raise TooLargeError(
            _("A draft holds at most %(most)d characters. Send the answer, or shorten it.")
            % {"most": LARGEST}
        )
    for text in (text for texts in typed.values() for text in texts):
        if character := unstorable_character(text):
            said = {"character": character}
            raise InvalidError(_("The text holds %(character)s, which cannot be stored; remove it.") % said)
    return typed


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) for text in value)
