"""What organisers type about an application: a review, and a decision."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dibt.lib.errors import DomainError
from projects.domain import applications, reviews
from projects.forms.refusals import attempt
from projects.models import Application, Review

SCORES = [(1, _("1 weak")), (2, "2"), (3, "3"), (4, "4"), (5, _("5 strong"))]


class Score(forms.TypedChoiceField):
    """One score of the rubric, as a row of radio buttons."""

    widget = forms.RadioSelect

    def __init__(self, field_name: str) -> None:
        label = Review._meta.get_field(field_name).verbose_name  # type: ignore[union-attr]  # no relation
        super().__init__(label=label, choices=SCORES, coerce=int)


class ReviewForm(forms.Form):
    """One's own review; filled with the one given before, if there is one."""

    need = Score("need")
    feasibility = Score("feasibility")
    community = Score("community")
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=reviews.MOST_COMMENT,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=_("For the other organisers. The group does not see it."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def save(self, application: Application, *, by: User) -> DomainError | None:
        return attempt(self, partial(reviews.review, application, by=by, **self.cleaned_data))


class DecisionForm(forms.Form):
    """Accept or decline, whichever button is pressed."""

    feedback = forms.CharField(
        label=_("Feedback for the group"),
        required=False,
        max_length=applications.MOST_FEEDBACK,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=_("They read it with the decision. Needed when you decline."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("Decline"))])

    def save(self, application: Application, *, by: User) -> DomainError | None:
        data = self.cleaned_data
        decide = applications.accept if data["decision"] == "accept" else applications.decline
        return attempt(
            self, partial(decide, application, by=by, feedback=data["feedback"], edition=data["edition"])
        )
