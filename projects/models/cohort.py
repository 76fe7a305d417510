from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dibt.lib import clock
from projects.models.proposal import Domain, TaskKind


class CohortSet(models.QuerySet["Cohort"]):
    def published(self) -> "CohortSet":
        return self.filter(is_published=True)

    def open(self) -> "CohortSet":
        """Those that take applications now."""
        return self.published().filter(opens_at__lte=clock.now(), closes_at__gt=clock.now())

    def visible_to(self, person: Any) -> "CohortSet":
        """Published ones; to organisers also those in the making."""
        return self.all() if person.is_authenticated and person.is_organiser else self.published()

    def with_counts(self) -> "CohortSet":
        """Adds `seats_taken` (accepted or confirmed) and `waiting` (submitted, not yet decided)."""
        taken = models.Q(applications__state__in=["accepted", "confirmed"])
        waiting = models.Q(applications__state="submitted")
        return self.annotate(
            seats_taken=models.Count("applications", filter=taken),
            waiting=models.Count("applications", filter=waiting),
        )


class Phase(models.TextChoices):
    """Where a cohort stands at a moment."""

    UPCOMING = "upcoming", _("Opens soon")
    OPEN = "open", _("Open for applications")
    CLOSED = "closed", _("Closed")


class Cohort(models.Model):
    """A call for projects: when it takes applications, for how many, and who pays for their Spaces."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    seats = models.PositiveSmallIntegerField(_("seats"), default=10)
    monthly_budget = models.DecimalField(
        _("hosting budget a month, in US dollars"), max_digits=9, decimal_places=2, default=0
    )
    hosting_organisation = models.CharField(_("organisation that hosts the Spaces"), max_length=96)
    space_hardware = models.CharField(
        _("hardware of its projects' Spaces"), max_length=40, default="cpu-basic"
    )
    wanted_languages = models.JSONField(_("wanted languages"), default=list, blank=True)
    wanted_domains = models.JSONField(_("wanted domains"), default=list, blank=True)
    wanted_tasks = models.JSONField(_("wanted tasks"), default=list, blank=True)
    is_published = models.BooleanField(_("published"), default=False)
    # Grows with each saved change, so that a stale form is noticed instead of overwriting a newer one.
    edition = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = CohortSet.as_manager()

    class Meta:
        ordering = ("-opens_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="cohort_closes_after_it_opens"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohorts:detail", args=[self.slug])

    @property
    def wanted_labels(self) -> list[str]:
        """Wanted tasks and domains in words."""
        tasks = [TaskKind(kind).label for kind in self.wanted_tasks]
        return [str(label) for label in [*tasks, *(Domain(domain).label for domain in self.wanted_domains)]]

    @property
    def phase(self) -> Phase:
        now = clock.now()
        if now < self.opens_at:
            return Phase.UPCOMING
        return Phase.OPEN if now < self.closes_at else Phase.CLOSED

    def is_open(self, at: datetime | None = None) -> bool:
        return self.is_published and self.opens_at <= (at or clock.now()) < self.closes_at
