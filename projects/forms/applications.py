"""The application form. Nothing in it is required: a draft may say as little as it likes."""

from functools import partial
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import HubOrganisation, User
from dibt.lib.errors import DomainError
from projects.domain import applications
from projects.domain.proposals import MOST_RECORDS, ProposalFields
from projects.forms.editions import EditionForm
from projects.forms.languages import LanguagesField
from projects.forms.numbers import WholeNumber
from projects.forms.refusals import attempt
from projects.models import Access, Application, TaskKind
from projects.models.proposal import PROPOSAL_FIELDS, Domain, Licence

FREE_TEXT = {"dir": "auto"}
CHOOSE = ("", _("Choose…"))


class ApplicationForm(EditionForm):
    """A draft as its lead edits it."""

    title = forms.CharField(
        label=_("Title of the project"),
        required=False,
        max_length=120,
        widget=forms.TextInput(FREE_TEXT),
        help_text=_("Contributors will see it. Short and plain is best."),
    )
    pitch = forms.CharField(
        label=_("What do you want to build, and why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(FREE_TEXT | {"rows": 6}),
        help_text=_("Who is it for? What is missing today? Who will take part?"),
    )
    languages = LanguagesField(
        label=_("Languages"),
        required=False,
        help_text=_("Write a name or a code, such as Yoruba or yor_Latn; one to a line."),
    )
    domain = forms.ChoiceField(
        label=_("What are the texts about?"), required=False, choices=[CHOOSE, *Domain.choices]
    )
    task_kind = forms.ChoiceField(
        label=_("What will people do?"), required=False, choices=[CHOOSE, *TaskKind.choices]
    )
    data_source = forms.CharField(
        label=_("Where does the data come from?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(FREE_TEXT | {"rows": 3}),
        help_text=_(
            "A dataset on the Hub, a file of yours, texts you will write; and that you may use them."
        ),
    )
    licence = forms.ChoiceField(
        label=_("Licence of the dataset"), required=False, choices=[CHOOSE, *Licence.choices]
    )
    target = WholeNumber(
        label=_("How many records are to be annotated?"), required=False, lowest=1, highest=MOST_RECORDS
    )
    access = forms.ChoiceField(
        label=_("Who may take part?"), required=False, choices=Access.choices, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        HubOrganisation.objects.none(),
        label=_("Organisation"),
        required=False,
        empty_label=_("Choose…"),
        help_text=_("Only for “Members of one Hub organisation”. Yours, as of your last sign-in."),
    )

    def __init__(self, data: Any = None, *, application: Application, by: User) -> None:
        said = {name: getattr(application, name) for name in PROPOSAL_FIELDS}
        super().__init__(data, initial=said | {"target": application.target or None}, thing=application)
        self.application = application
        self.kept = False
        self.by = by
        own = HubOrganisation.objects.filter(memberships__user=by)
        cast("forms.ModelChoiceField[HubOrganisation]", self.fields["organisation"]).queryset = own
        self.has_organisations = own.exists()

    def clean_target(self) -> int:
        return self.cleaned_data["target"] or 0

    def clean_access(self) -> str:
        return self.cleaned_data["access"] or Access.OPEN

    def save(self) -> DomainError | None:
        """Keep what can be kept of the draft, field by field, so that one that cannot takes no other with it.

        `kept` says whether it was; what stands against it is on the form afterwards, and returned.
        """
        self.is_valid()
        edition = self.cleaned_data.get("edition")
        if edition is None:
            return None
        good = {name: self.cleaned_data[name] for name in PROPOSAL_FIELDS if name in self.cleaned_data}
        said = cast(ProposalFields, good)
        refusal = self.keep(partial(applications.save, self.application, by=self.by, edition=edition, **said))
        self.kept = refusal is None
        if self.kept and self.errors:
            self.add_error(None, _("Everything is saved, except what is marked."))
        return refusal

    def submit(self) -> DomainError | None:
        """Hand in what was saved."""
        return attempt(self, partial(applications.submit, self.application, by=self.by))
