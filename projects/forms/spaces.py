"""What a lead types about a Space: another name for it, when the wanted one is a stranger's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dibt.lib.errors import InvalidError
from projects.domain import spaces
from projects.models import Space


class SpaceNameForm(forms.Form):
    """The name is asked for only where it can still be changed; else the form is only a button."""

    name = forms.CharField(label=_("Name on the Hub"), required=False, max_length=spaces.NAME_MAX)

    def save(self, space: Space, *, by: User) -> bool:
        """Try again; False when the name is refused. That it moves already is told by the page, not the form."""
        try:
            spaces.retry(space, by=by, name=self.cleaned_data["name"])
        except InvalidError as refusal:
            self.add_error("name", refusal.message)
            return False
        return True
