"""Forms of a person's own pages. They only carry values: what may be said is decided in the domain."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.tokens import NAME_LENGTH
from accounts.models import ShownAs


class ShownAsForm(forms.Form):
    shown_as = forms.ChoiceField(
        label=_("How others see you"), choices=ShownAs.choices, widget=forms.RadioSelect
    )


class NotificationEmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Notification address"),
        required=False,
        max_length=254,
        help_text=_("Notices are sent here too. Leave it empty for no mail. Nobody else sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


class NewTokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"),
        max_length=NAME_LENGTH,
        help_text=_("For example: nightly dashboard."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
