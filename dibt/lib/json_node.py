"""Reading a JSON document strictly: every refusal names the place, nothing unknown is passed over."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext as _

from dibt.lib.errors import InvalidError
from dibt.lib.text import excerpt

Kind = TypeVar("Kind", bound=StrEnum)
Item = TypeVar("Item")


class JsonFormatError(InvalidError):
    """The document is not what was expected; `place` says where, such as `questions[1].min`."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence, {place: [sentence]})
        self.place = place


class JsonNode:
    """A JSON object and its place. Each key is read once, then `finish` refuses what is left."""

    def __init__(self, value: object, place: str = "") -> None:
        if not isinstance(value, Mapping):
            raise JsonFormatError(place, _("An object is expected here, with names and values."))
        self.place = place
        self._left: dict[str, object] = {str(key): item for key, item in value.items()}

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str):
            raise JsonFormatError(self._at(key), _("Text is expected here."))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise JsonFormatError(self._at(key), _("true or false is expected here."))
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self._take(key, default)
        if type(value) is not int:
            raise JsonFormatError(self._at(key), _("A whole number is expected here."))
        return value

    def kind(self, key: str, kinds: type[Kind]) -> Kind:
        value = self.text(key)
        if value not in set(kinds):
            raise JsonFormatError(
                self._at(key),
                _("“%(value)s” is not known here. Known are: %(known)s.")
                % {"value": excerpt(value), "known": ", ".join(kinds)},
            )
        return kinds(value)

    def items(self, key: str, read: Callable[["JsonNode"], Item]) -> tuple[Item, ...]:
        value = self._take(key, None)
        if not isinstance(value, list | tuple):
            raise JsonFormatError(self._at(key), _("A list is expected here."))
        return tuple(read(JsonNode(item, f"{self._at(key)}[{index}]")) for index, item in enumerate(value))

    def optional(self, key: str, read: Callable[["JsonNode"], Item]) -> Item | None:
        """What an object says; None where there is none."""
        return read(JsonNode(self._take(key, None), self._at(key))) if key in self._left else None

    def choices(self, key: str) -> tuple[int | str, ...]:
        """A list of whole numbers and texts."""
        value = self._take(key, None)
        if not isinstance(value, list | tuple) or any(type(item) not in {int, str} for item in value):
            raise JsonFormatError(self._at(key), _("A list of whole numbers or texts is expected here."))
        return tuple(value)

    def named(self, key: str, read: Callable[["JsonNode"], Item]) -> dict[str, Item]:
        """The objects of an object whose keys are names."""
        inner = JsonNode(self._take(key, {}), self._at(key))
        return {name: read(JsonNode(item, inner._at(name))) for name, item in inner._left.items()}

    def texts(self, key: str) -> dict[str, str]:
        """The texts of an object whose keys are names."""
        inner = JsonNode(self._take(key, {}), self._at(key))
        return {name: inner.text(name) for name in list(inner._left)}

    def finish(self) -> None:
        """Refuse keys that nobody read: taking a document and losing a part of it would be worse."""
        for key in self._left:
            raise JsonFormatError(self._at(excerpt(key)), _("Nothing of this name is known here."))

    def _take(self, key: str, default: object) -> object:
        value = self._left.pop(key, default)
        if value is None:
            raise JsonFormatError(self._at(key), _("A value is missing here."))
        return value

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key
