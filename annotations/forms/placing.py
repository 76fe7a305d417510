"""How the records of a file stand in the queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.models import Import, Order, Priority


class PlaceForm(forms.Form):
    """Asked beside the button that brings the records in; what it says is judged by the domain."""

    order = forms.ChoiceField(
        label=_("Order"),
        choices=Order.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Shuffle a file whose rows are sorted, so that people do not get all of one kind at once."
        ),
    )
    priority = forms.ChoiceField(
        label=_("When people get them"),
        choices=Priority.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Before all others: also for people who are further on, as soon as they have finished what they have open."
        ),
    )

    def __init__(self, import_: Import, data: Any = None) -> None:
        super().__init__(data, initial={"order": import_.order, "priority": import_.priority})
