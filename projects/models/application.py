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


# What is still on its way: of these a person has at most one in a cohort.
UNFINISHED = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.ACCEPTED)
# What holds one of the cohort's seats.
SEATED = (ApplicationState.ACCEPTED, ApplicationState.CONFIRMED)


class ApplicationSet(models.QuerySet["Application"]):
    def visible_to(self, person: Any) -> "ApplicationSet":
        """Their own; for organisers everything that was ever submitted."""
        if not person.is_authenticated:
            return self.none()
        own = models.Q(lead=person)
        return (
            self.filter(own | models.Q(submitted_at__isnull=False))
            if person.is_organiser
            else self.filter(own)
        )

    def handed_in(self) -> "ApplicationSet":
        """What organisers may read: everything submitted and not taken back since."""
        return self.exclude(submitted_at=None)

    def unfinished(self) -> "ApplicationSet":
        return self.filter(state__in=UNFINISHED)

    def waiting_for_review(self) -> "ApplicationSet":
        """Submitted ones, those with the fewest reviews first."""
        waiting = self.filter(state=ApplicationState.SUBMITTED)
        return waiting.with_reviews().order_by(models.F("review_count").asc(), "submitted_at")

    def with_reviews(self) -> "ApplicationSet":
        """Adds `review_count`, and `mean_score` from 1 to 5 (None where nobody has reviewed)."""
        score = (
            models.F("reviews__need") + models.F("reviews__feasibility") + models.F("reviews__community")
        ) / 3.0
        return self.annotate(review_count=models.Count("reviews"), mean_score=models.Avg(score))


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
        ordering = ("-updated_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["cohort", "lead"],
                condition=models.Q(state__in=UNFINISHED),
                name="one_unfinished_application_each",
            ),
        )

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
    # The edition of the application that was read, so that a review shows when it is older than the text.
    edition = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("updated_at", "pk")
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
