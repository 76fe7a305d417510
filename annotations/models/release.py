import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dibt.lib.leases import Leased
from projects.models import Project


class ReleaseState(models.TextChoices):
    REQUESTED = "requested", _("Being made")
    BUILT = "built", _("Ready to download")
    PUBLISHING = "publishing", _("Being published")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")


class Release(Leased):
    """A frozen, numbered snapshot of a project's data: files below RELEASE_DIR, then a dataset on the Hub."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.REQUESTED)
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_version = models.ForeignKey("projects.SchemaVersion", models.PROTECT, related_name="releases")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    # Counts at the moment of the snapshot and the files' sizes and SHA-256: {"records": …, "files": [{…}]}.
    manifest = models.JSONField(default=dict)
    built_at = models.DateTimeField(null=True)
    repo_id = models.CharField(max_length=200, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    url = models.URLField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    due_at = models.DateTimeField()

    class Meta:
        ordering = ("project", "-number")
        constraints = (models.UniqueConstraint(fields=["project", "number"], name="release_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.project}, release {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("releases:detail", args=[self.project.slug, self.number])
