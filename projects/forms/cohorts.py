"""The form in which organisers make and edit a cohort."""

from typing import Any

from django import forms
from django.forms import model_to_dict
from django.utils.translation import gettext_lazy as _

from accounts.models import HubOrganisation, User
from dibt.lib.errors import DomainError
from projects.domain import cohorts
from projects.forms.editions import EditionForm
from projects.forms.hardware import HardwareField
from projects.forms.languages import LanguagesField
from projects.forms.numbers import Dollars, WholeNumber
from projects.models import Cohort, TaskKind
from projects.models.proposal import Domain


class UtcMoment(forms.DateTimeField):
    """A date and time in UTC, with the browser's own picker."""

    def __init__(self, label: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(label=label, widget=widget, help_text=_("Date and time in UTC."))


class CohortForm(EditionForm):
    """All of a cohort; its address is made from the name when it is created, and stays."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"dir": "auto"}))
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
        help_text=_("What this cohort is looking for and what it gives. Markdown."),
    )
    opens_at = UtcMoment(_("Opens"))
    closes_at = UtcMoment(_("Closes"))
    seats = WholeNumber(label=_("Seats"), lowest=1, highest=cohorts.MOST_SEATS, initial=10)
    monthly_budget = Dollars(
        label=_("Hosting budget a month, in US dollars"), highest=cohorts.MOST_BUDGET, initial=0
    )
    hosting_organisation = forms.CharField(
        label=_("Organisation that hosts the Spaces"),
        max_length=96,
        help_text=_("As it stands in its address on the Hub, after huggingface.co/."),
    )
    space_hardware = HardwareField(
        label=_("Hardware of the projects' Spaces"),
        help_text=_("For Spaces that are asked for from now on; those that are there stay as they are."),
    )
    wanted_languages = LanguagesField(label=_("Languages wanted first"), required=False)
    wanted_domains = forms.MultipleChoiceField(
        label=_("Domains wanted first"),
        required=False,
        choices=Domain.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    wanted_tasks = forms.MultipleChoiceField(
        label=_("Tasks wanted first"),
        required=False,
        choices=TaskKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    is_published = forms.BooleanField(
        label=_("Published"), required=False, help_text=_("Until then only organisers see it.")
    )

    def __init__(self, data: Any = None, *, by: User, cohort: Cohort | None = None) -> None:
        said = model_to_dict(cohort) if cohort else {"hosting_organisation": usual_host(by)}
        super().__init__(data, initial=said, thing=cohort)
        self.cohort = cohort
        self.by = by

    def save(self) -> DomainError | None:
        """Make or change the cohort (then in `self.cohort`); what stands against it is on the form, and returned."""
        return self.keep(self._edit if self.cohort else self._create)

    def _create(self) -> None:
        fields = {name: value for name, value in self.cleaned_data.items() if name != "edition"}
        self.cohort = cohorts.create(by=self.by, **fields)

    def _edit(self) -> None:
        assert self.cohort is not None
        cohorts.edit(self.cohort, by=self.by, **self.cleaned_data)


def usual_host(by: User) -> str:
    """Who hosted the last cohort; before the first one, an organisation that `by` belongs to; else ""."""
    if last := Cohort.objects.order_by("-created_at", "-pk").first():
        return last.hosting_organisation
    own = HubOrganisation.objects.filter(memberships__user=by).first()
    return own.handle if own else ""
