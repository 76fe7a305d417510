from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.proposal import Access, Proposal, TaskKind

__all__ = ["Access", "Project", "ProjectRole", "ProjectState", "Role", "TaskKind"]


class ProjectState(models.TextChoices):
    SETUP = "setup", _("Being set up")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    ARCHIVED = "archived", _("Archived")


class ProjectSet(models.QuerySet["Project"]):
    def public(self) -> "ProjectSet":
        """Those that have been opened once: everybody may read about them."""
        return self.exclude(state=ProjectState.SETUP)

    def open(self) -> "ProjectSet":
        return self.filter(state=ProjectState.OPEN)

    def led_by(self, person: Any) -> "ProjectSet":
        if not person.is_authenticated:
            return self.none()
        return self.filter(pk__in=ProjectRole.objects.filter(user=person).values("project"))

    def visible_to(self, person: Any) -> "ProjectSet":
        """Public ones; to its leads and to organisers also a project that is being set up."""
        if not person.is_authenticated:
            return self.public()
        if person.is_organiser:
            return self.all()
        mine = ProjectRole.objects.filter(user=person).values("project")
        return self.filter(~models.Q(state=ProjectState.SETUP) | models.Q(pk__in=mine))

    def showing_records_to(self, person: User) -> "ProjectSet":
        """Those whose records this person may see: not those for members of what they left."""
        if person.is_organiser:
            return self.all()
        theirs = models.Q(organisation__in=person.memberships.values("organisation"))
        led = models.Q(pk__in=ProjectRole.objects.filter(user=person).values("project"))
        return self.visible_to(person).filter(~models.Q(access=Access.ORGANISATION) | theirs | led)


class Project(Proposal):
    """What an accepted and confirmed application becomes."""

    slug = models.SlugField(max_length=80, unique=True)
    cohort = models.ForeignKey("projects.Cohort", models.PROTECT, related_name="projects")
    application = models.OneToOneField("projects.Application", models.PROTECT, related_name="project")
    state = models.CharField(max_length=12, choices=ProjectState, default=ProjectState.SETUP)
    overlap = models.PositiveSmallIntegerField(_("answers per record"), default=3)
    # The queue key up to which its records are known to have its overlap; None where they all have it.
    followed_to = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    # When a release of it was last published: from then on its records and answers are safe outside.
    released_at = models.DateTimeField(null=True)
    leads = models.ManyToManyField(User, through="ProjectRole", related_name="led_projects")

    objects = ProjectSet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=models.Q(overlap__range=(1, 50)), name="overlap_from_1_to_50"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.state == ProjectState.OPEN


class Role(models.TextChoices):
    LEAD = "lead", _("Lead")
    CO_LEAD = "co_lead", _("Co-lead")


class ProjectRole(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="roles")
    user = models.ForeignKey(User, models.PROTECT, related_name="project_roles")
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["project", "user"], name="one_role_each"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} of {self.project}"
