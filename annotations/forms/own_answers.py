"""How the list of own answers is narrowed."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.domain.searching import LONGEST_SEARCH
from projects.models import Project


class OwnAnswersForm(forms.Form):
    """`q` searches records and answers; `project` is the slug of one they took part in."""

    use_required_attribute = False

    q = forms.CharField(
        required=False, max_length=LONGEST_SEARCH, label=_("Search"), widget=forms.TextInput({"dir": "auto"})
    )
    project = forms.ChoiceField(required=False, label=_("Project"))

    def __init__(self, data: object, *, projects: Iterable[Project]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # the query of any request
        titles = [(project.slug, project.title) for project in projects]
        self.fields["project"].choices = [("", _("All projects")), *titles]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, str]:
        """What to search by; all is empty where something cannot be searched for."""
        if not self.is_valid():
            return {"text": "", "project": ""}
        return {"text": self.cleaned_data["q"], "project": self.cleaned_data["project"]}
