"""Which of all Spaces are looked at, and which of them something is to be done with."""

from django import forms
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from dibt.lib.folding import holds
from projects.domain.space_bulk import BulkChange
from projects.models import Cohort, Space, SpaceState
from projects.models.space import SpaceSet


class Group(models.TextChoices):
    ALL = "all", _("All")
    PERSON = "person", _("Need a person")
    MOVING = "moving", _("Moving")
    READY = "ready", _("Ready")
    PAUSED = "paused", _("Paused")
    GONE = "gone", _("Taken down")


STATES = {
    Group.ALL: tuple(SpaceState),
    Group.PERSON: (SpaceState.FAILED,),
    Group.MOVING: (SpaceState.REQUESTED, SpaceState.WORKING),
    Group.READY: (SpaceState.READY,),
    Group.PAUSED: (SpaceState.PAUSED,),
    Group.GONE: (SpaceState.GONE,),
}


class SpaceFilter(forms.Form):
    """All of it is in the address; what is not understood there narrows nothing."""

    q = forms.CharField(label=_("Project or Space"), required=False, max_length=120)
    cohort = forms.ModelChoiceField(
        Cohort.objects.all(),
        label=_("Cohort"),
        required=False,
        to_field_name="slug",
        empty_label=_("All cohorts"),
    )
    show = forms.ChoiceField(choices=Group, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # Django's own, which are many
        self.full_clean()

    @property
    def group(self) -> Group:
        return Group(self.cleaned_data.get("show") or Group.ALL)

    @property
    def cohort_chosen(self) -> Cohort | None:
        cohort: Cohort | None = self.cleaned_data.get("cohort")
        return cohort

    def matching(self, spaces: SpaceSet) -> SpaceSet:
        """Those of the cohort and the name that were asked for, of every group."""
        if cohort := self.cohort_chosen:
            spaces = spaces.filter(project__cohort=cohort)
        if words := self.cleaned_data.get("q", ""):
            named = spaces.alias(full_name=Concat("owner", Value("/"), "name"))
            spaces = named.filter(holds("project__title", words) | holds("full_name", words))
        return spaces

    def in_group(self, spaces: SpaceSet) -> SpaceSet:
        return spaces if self.group == Group.ALL else spaces.filter(state__in=STATES[self.group])


class BulkForm(forms.Form):
    """What is to be done with which Spaces. `back` is the query of the list that they were chosen from."""

    change = forms.ChoiceField(
        choices=BulkChange, widget=forms.HiddenInput, error_messages={"required": _("Choose what to do.")}
    )
    space = forms.ModelMultipleChoiceField(
        Space.objects.select_related("project__cohort").order_by("project__title", "pk"),
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": _(
                "No Space is selected. Tick those that something is to be done with, then try again."
            ),
        },
    )
    back = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def refusal(self) -> str:
        """What is wrong with it, in one sentence."""
        return next((str(errors[0]) for errors in self.errors.values()), "")
