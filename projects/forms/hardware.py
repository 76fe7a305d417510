"""The hardware that a Space can run on, to choose from with what it costs."""

from typing import Any

from django import forms

from projects.domain import prices
from projects.models import FREE_HARDWARE


class HardwareField(forms.ChoiceField):
    """One kind of hardware by its name on the Hub; told in words with its price, as it is when the form is made."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=offered, initial=FREE_HARDWARE, **options)


def offered() -> list[tuple[str, str]]:
    return [(price.name, prices.in_words(price)) for price in prices.known()]
