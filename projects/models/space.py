import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from dibt.lib import clock
from dibt.lib.leases import Leased, unheld
from projects.models.project import Project


class SpaceState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    WORKING = "working", _("Being set up")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Needs a person")


class SpaceSet(models.QuerySet["Space"]):
    def waiting(self) -> "SpaceSet":
        """Those with work to do now that no living worker holds."""
        unfinished = self.filter(state__in=[SpaceState.REQUESTED, SpaceState.WORKING])
        return unfinished.filter(unheld(), due_at__lte=clock.now())


class Space(Leased):
    """A project's Hugging Face Space: what is wanted of it, and what the Hub last said it is.

    Which worker holds it is a lease on this row: a dead worker's lease runs out and another takes over.
    """

    project = models.OneToOneField(Project, models.PROTECT, related_name="space")
    # Written into the Space as a variable: how we tell our Space from a stranger's of the same name.
    provision_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.CharField(max_length=96)
    name = models.CharField(max_length=96)
    hardware = models.CharField(max_length=40, default="cpu-basic")
    secrets_box = models.TextField()
    state = models.CharField(max_length=10, choices=SpaceState, default=SpaceState.REQUESTED)
    stage = models.CharField(max_length=40, blank=True)
    url = models.URLField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ready_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()

    objects = SpaceSet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "name"], name="one_space_of_a_name"),)

    def __str__(self) -> str:
        return self.repo_id

    @property
    def repo_id(self) -> str:
        return f"{self.owner}/{self.name}"


class StepState(models.TextChoices):
    PENDING = "pending", _("Not yet")
    WORKING = "working", _("Working")
    WAITING = "waiting", _("Will be tried again")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class SpaceStep(models.Model):
    """One idempotent step of provisioning and how it goes; shown as it is on the lead's page."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="steps")
    key = models.SlugField(max_length=30)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=StepState, default=StepState.PENDING)
    attempt = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    # The id the Hub answered with, to be quoted when asking about a failure.
    request_id = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["space", "key"], name="each_step_once"),)

    def __str__(self) -> str:
        return f"{self.key} of {self.space}"
