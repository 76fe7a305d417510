import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dibt.lib.leases import Leased
from projects.models import Project


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")  # columns are known; waits for a mapping
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing imported yet")
    COMMITTING = "committing", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Import(Leased):
    """One file of records on its way into a project: uploaded, checked without effect, then all good rows at once.

    `folder` (below UPLOAD_DIR) holds `source` and, once checked, `refused.csv` with each refused row's reason.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="imports")
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    file_format = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    mapping = models.JSONField(default=dict)
    schema_version = models.ForeignKey("projects.SchemaVersion", models.PROTECT, null=True, related_name="+")
    rows_read = models.PositiveIntegerField(default=0)
    rows_good = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    # The first refusals and warnings as shown on the page; the whole list is in refused.csv.
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("records:import", args=[self.project.slug, self.pk])
