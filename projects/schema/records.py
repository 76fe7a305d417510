"""Whether a record's content fits a schema's fields."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from dibt.lib.text import control_character, excerpt
from projects.schema import limits
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind, FieldValue
from projects.schema.image_addresses import is_image_address
from projects.schema.problem import Problem, ProblemsError


class RecordError(ProblemsError):
    """The content does not fit the schema; the place of each problem is the field's name."""


class FieldRefusedError(ValueError):
    """This content cannot be shown in this field; the message is a sentence."""


def validate_fields(
    schema: TaskSchema, content: Mapping[str, object], *, max_length: int = limits.FIELD_LENGTH
) -> dict[str, FieldValue]:
    """The content of a record by field name, exactly as given; an optional field without content is absent.

    Raises `RecordError` for a missing or empty required field, what is not text, control characters
    other than tab and line ends, more than `max_length` code points, and what is no address of an image.
    """
    taken: dict[str, FieldValue] = {}
    problems = [
        Problem(excerpt(name), _("There is no field “%(name)s” in this task.") % {"name": excerpt(name)})
        for name in content
        if schema.field(name) is None
    ]
    for field in schema.fields:
        try:
            value = _content(field, content.get(field.name), max_length)
        except FieldRefusedError as refusal:
            problems.append(Problem(field.name, str(refusal)))
        else:
            taken |= {} if value is None else {field.name: value}
    if problems:
        raise RecordError(tuple(problems))
    return taken


def _content(field: Field, value: object, max_length: int) -> FieldValue | None:
    empty = value is None or value == [] or (isinstance(value, str) and not value.strip())
    if empty and field.required:
        raise FieldRefusedError(_("The field “%(field)s” is empty.") % {"field": field.name})
    if empty:
        return None
    if field.kind is FieldKind.CHAT:
        return _chat(field, value)
    if field.kind is FieldKind.IMAGE:
        return _image(field, value)
    _check_text(field, value, max_length)
    return str(value)


def _image(field: Field, value: object) -> str:
    address = value.strip() if isinstance(value, str) else value
    if not is_image_address(address):
        raise FieldRefusedError(
            _(
                "The field “%(field)s” is not the address of an image on the web: one begins with https:// and the "
                "name of a host, has no spaces and no user name, and at most %(limit)s characters."
            )
            % {"field": field.name, "limit": limits.IMAGE_ADDRESS_LENGTH}
        )
    return str(address)


def _check_text(field: Field, value: object, max_length: int) -> None:
    named = {"field": field.name}
    if not isinstance(value, str):
        raise FieldRefusedError(_("The field “%(field)s” is not text.") % named)
    if len(value) > max_length:
        raise FieldRefusedError(
            _("The field “%(field)s” is %(count)s characters long; at most %(limit)s are possible.")
            % (named | {"count": str(len(value)), "limit": str(max_length)})
        )
    if character := control_character(value):
        raise FieldRefusedError(
            _("The field “%(field)s” holds the control character %(character)s; remove it.")
            % (named | {"character": character})
        )


def _chat(field: Field, value: object) -> tuple[Mapping[str, str], ...]:
    if not isinstance(value, list | tuple) or len(value) > limits.CHAT_TURNS:
        raise FieldRefusedError(
            _("The field “%(field)s” is not a chat: a list of at most %(limit)s turns is one.")
            % {"field": field.name, "limit": limits.CHAT_TURNS}
        )
    return tuple(_turn(field, turn) for turn in value)


def _turn(field: Field, turn: object) -> Mapping[str, str]:
    if (
        not isinstance(turn, Mapping)
        or set(turn) != {"role", "content"}
        or not turn["role"]
        or not turn["content"]
    ):
        raise FieldRefusedError(
            _("The field “%(field)s” has a turn without a role and content.") % {"field": field.name}
        )
    _check_text(field, turn["role"], limits.CHAT_ROLE_LENGTH)
    _check_text(field, turn["content"], limits.CHAT_TURN_LENGTH)
    return {"role": turn["role"], "content": turn["content"]}
