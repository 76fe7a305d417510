"""Forms on things that somebody else, or another tab, may save meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django import forms

from dibt.lib import languages
from dibt.lib.errors import ConflictError, DomainError
from projects.forms.languages import LanguagesField
from projects.forms.refusals import attempt
from projects.models import Application, Cohort


class EditionForm(forms.Form):
    """A form whose `edition` is the one that the page showed; `thing` is what is edited, None if it is new."""

    edition = forms.IntegerField(min_value=1, widget=forms.HiddenInput, initial=1)

    def __init__(
        self, data: Any, *, initial: dict[str, Any] | None, thing: Application | Cohort | None
    ) -> None:
        super().__init__(data, initial=initial)
        self.thing = thing
        self.conflict = False
        self._shows_newest = not self.is_bound

    def keep(self, action: Callable[[], object]) -> DomainError | None:
        """Save by `action`; what stands against it is on the form afterwards, and returned."""
        refusal = attempt(self, action)
        self.conflict = isinstance(refusal, ConflictError)
        self._shows_newest = refusal is None or self.conflict
        return refusal

    @property
    def edition_to_save(self) -> object:
        """The edition that the next save goes on from: after a conflict has been shown, the newest, knowingly."""
        if not self._shows_newest:
            return self["edition"].value()
        return self.thing.edition if self.thing else 1

    def saved_otherwise(self) -> Iterator[tuple[Any, str]]:
        """After a conflict: label and saved value of each field that was typed otherwise here."""
        for name, field in self.fields.items():
            saved = getattr(self.thing, name)
            if name != "edition" and self.cleaned_data.get(name) != saved:
                yield field.label, _told(field, saved)


def _told(field: forms.Field, value: Any) -> str:
    if isinstance(field, LanguagesField):
        return ", ".join(languages.get(code).name for code in value)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        labels = dict(cast(Iterable[tuple[str, Any]], field.choices))
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(labels[key]) for key in chosen if key)
    return str(value or "")
