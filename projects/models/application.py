from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.proposal import Proposal

SCORE = (MinValueValidator(1), MaxValueValidator(5))


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApplicationSet(models.QuerySet["Application"]):
    def visible_to(self, person: Any) -> "ApplicationSet":
        """Their own; for organisers everything that was ever submitted."""
        if not person.is_authenticated:
            return self.none()
        own = models.Q(lead=person)
        return self.filter(own | ~models.Q(submitted_at=None)) if person.is_organiser else self.filter(own)

    def waiting_for_review(self) -> "ApplicationSet":
        """Submitted ones, those with the fewest reviews first."""
        waiting = self.filter(state=ApplicationState.SUBMITTED)
        return waiting.annotate(review_count=models.Count("reviews")).order_by("review_count", "submitted_at")


class Application(Proposal):
    """A group's proposal to a cohort. One person applies to a cohort at most once at a time."""

    cohort = models.ForeignKey("projects.Cohort", models.PROTECT, related_name="applications")
    lead = models.ForeignKey(User, models.PROTECT, related_name="applications")
    state = models.CharField(max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT)
    # Grows with each saved change, so that a stale form is noticed instead of overwriting a newer one.
    edition = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    feedback = models.TextField(blank=True, max_length=4000)
    confirmed_at = models.DateTimeField(null=True)

    objects = ApplicationSet.as_manager()

    class Meta:
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return self.title or str(_("Untitled application"))

    def get_absolute_url(self) -> str:
        return reverse("applications:detail", args=[self.pk])


class Review(models.Model):
    """One reviewer's scores, from 1 (weak) to 5 (strong), and comment on one application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    need = models.PositiveSmallIntegerField(_("Need: does open source lack this data?"), validators=SCORE)
    feasibility = models.PositiveSmallIntegerField(_("Feasibility: can this group do it?"), validators=SCORE)
    community = models.PositiveSmallIntegerField(_("Community: will people take part?"), validators=SCORE)
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("updated_at",)
        constraints = (
            models.UniqueConstraint(fields=["application", "reviewer"], name="one_review_each"),
            models.CheckConstraint(
                condition=models.Q(need__range=(1, 5), feasibility__range=(1, 5), community__range=(1, 5)),
                name="scores_from_1_to_5",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.application}"

    @property
    def mean(self) -> float:
        return (self.need + self.feasibility + self.community) / 3
