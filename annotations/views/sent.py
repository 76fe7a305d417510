"""What forms of the workspace send, read with care: browsers send anything."""

from contextlib import suppress

from django.http import QueryDict
from django.utils.translation import gettext as _

from dibt.lib.errors import InvalidError
from projects.schema.form import PREFIX, FormData

LONGEST_NUMBER = 18  # digits that fit into 64 bits, whatever they are


def record_id(data: QueryDict) -> int:
    """Which record the form is about."""
    number = _whole_number(data, "record")
    if number is None:
        raise InvalidError(_("The form does not say which record it answers. Reload the page and try again."))
    return number


def maybe_record(data: QueryDict, name: str) -> int | None:
    """A record that an address names, to be shown first or undone; None where that is none."""
    with suppress(InvalidError):
        return _whole_number(data, name)
    return None


def schema_number(data: QueryDict) -> int | None:
    """Which version of the task the form showed; None where it does not say."""
    return _whole_number(data, "schema")


def guidelines_number(data: QueryDict) -> int | None:
    """Which version of the guidelines the page showed; None where it does not say."""
    return _whole_number(data, "guidelines")


def moment(data: QueryDict) -> int:
    """When it was typed, in ms since 1970; 0 where it does not say."""
    return _whole_number(data, "at") or 0


def form_data(data: QueryDict) -> FormData:
    """All that was sent, as `projects.schema.form` reads it."""
    return {name: data.getlist(name) for name in data}


def typed(data: QueryDict) -> dict[str, list[str]]:
    """What was sent for questions, by their names."""
    return {name.removeprefix(PREFIX): data.getlist(name) for name in data if name.startswith(PREFIX)}


def _whole_number(data: QueryDict, name: str) -> int | None:
    text = data.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER:
        raise InvalidError(
            _("“%(name)s” has to be a whole number. Reload the page and try again.") % {"name": name}
        )
    return int(text)
