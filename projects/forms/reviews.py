"""What organisers type about an application: a review, and a decision."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dibt.lib.errors import DomainError
from projects.domain import applications, reviews
from projects.forms.refusals import attempt
from projects.models import Application, Review

SCORES = [(score, str(score)) for score in reviews.SCORES]


class Score(forms.TypedChoiceField):
    """One score of the rubric, as a row of radio buttons."""

    widget = forms.RadioSelect

    def __init__(self, field_name: str) -> None:
        label = Review._meta.get_field(field_name).verbose_name  # type: ignore[union-attr]  # no relation
        wrong = {"required": _("Choose a score from 1 to 5.")}
        super().__init__(label=label, choices=SCORES, coerce=int, error_messages=wrong)

    def has_changed(self, initial: object, data: object) -> bool:
        return str(initial or "") != str(data or "")


class ReviewForm(forms.Form):
    """One's own review; filled with the one given before, if there is one."""

    SAID: ClassVar = ("need", "feasibility", "community", "comment")

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

    def __init__(self, data: Any = None, *, application: Application, before: Review | None) -> None:
        said = {name: getattr(before, name) for name in self.SAID} if before else {}
        super().__init__(data, initial={**said, "edition": application.edition})
        self.scores = [self[name] for name in self.SAID[:-1]]

    @property
    def has_news(self) -> bool:
        """Whether something was sent that the review given before does not say."""
        sent = any(name in self.data for name in self.SAID)
        return sent and not {"edition"}.issuperset(self.changed_data)

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
    over_budget = forms.BooleanField(label=_("Accept although the budget would be exceeded"), required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("Decline"))])

    def save(self, application: Application, *, by: User) -> DomainError | None:
        said = dict(self.cleaned_data)
        decision, over_budget = said.pop("decision"), said.pop("over_budget")
        if decision == "accept":
            decide = partial(applications.accept, application, by=by, over_budget=over_budget, **said)
        else:
            decide = partial(applications.decline, application, by=by, **said)
        return attempt(self, decide)
