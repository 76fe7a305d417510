"""Numbers with limits, whose one sentence says what can be written, whatever was."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

shown = lazy(number_format, str)


class WholeNumber(forms.IntegerField):
    """A whole number from `lowest` to `highest`."""

    def __init__(self, *, lowest: int, highest: int, **options: Any) -> None:
        sentence = _within(_("Write a whole number from {lowest} to {highest}."), lowest, highest)
        wrong = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(min_value=lowest, max_value=highest, error_messages=wrong, **options)


class Dollars(forms.DecimalField):
    """An amount of US dollars up to `highest`, to the cent."""

    def __init__(self, *, highest: Decimal, **options: Any) -> None:
        sentence = _within(
            _("Write an amount from {lowest} to {highest} US dollars, with two decimals at most."), 0, highest
        )
        wrong = dict.fromkeys(("invalid", "min_value", "max_value", "max_decimal_places"), sentence)
        super().__init__(min_value=0, max_value=highest, decimal_places=2, error_messages=wrong, **options)


def _within(sentence: Any, lowest: int, highest: int | Decimal) -> Any:
    said = {
        name: shown(value, force_grouping=True) for name, value in (("lowest", lowest), ("highest", highest))
    }
    return format_lazy(sentence, **said)
