"""What a lead types about a running project: its words, and its guidelines."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dibt.lib.errors import DomainError
from projects.domain import projects, tasks
from projects.forms.refusals import attempt
from projects.models import Project


class WordsForm(forms.Form):
    """What everybody reads about the project."""

    title = forms.CharField(label=_("Title"), max_length=projects.TITLE_LENGTH)
    pitch = forms.CharField(
        label=_("Pitch"), max_length=projects.PITCH_LENGTH, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, data: object = None, *, project: Project) -> None:
        super().__init__(data, initial={"title": project.title, "pitch": project.pitch})  # type: ignore[arg-type]  # POST
        self.project = project
        for field in self.fields.values():
            field.widget.attrs["dir"] = "auto"

    def save(self, *, by: User) -> DomainError | None:
        return attempt(self, partial(projects.edit, self.project, by=by, **self.cleaned_data))


class GuidelinesForm(forms.Form):
    """`edition` is the number of the version that the page showed; 0 where there was none."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=_("Guidelines"),
        help_text=_(
            "Markdown: ## for a heading, - for a list, **bold**. Show examples; say what to do when in doubt."
        ),
        required=False,  # the domain's sentence says more than “required”
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}),
        strip=False,
    )

    def save(self, project: Project, *, by: User) -> DomainError | None:
        return attempt(self, partial(tasks.save_guidelines, project, by=by, **self.cleaned_data))
