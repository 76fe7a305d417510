import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dibt.lib.leases import Leased, unheld
from projects.models import Project


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")  # columns are known; waits for a mapping
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing imported yet")
    COMMITTING = "committing", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Order(models.TextChoices):
    FILE = "file", _("As in the file")
    SHUFFLED = "shuffled", _("Shuffled")


class Priority(models.TextChoices):
    FIRST = "first", _("Before all others")
    NORMAL = "normal", _("After those that are there")
    LAST = "last", _("When nothing else is left")


MOVING = (ImportState.CHECKING, ImportState.COMMITTING)


class ImportSet(models.QuerySet["Import"]):
    def waiting(self, state: ImportState) -> "ImportSet":
        """Those in this state that no living worker holds."""
        return self.filter(unheld(), state=state)


class Import(Leased):
    """One file of records on its way into a project: uploaded, checked without effect, then all good rows at once.

    `folder` (below UPLOAD_DIR) holds `source`, `sample.json`, and what the check named in `report` wrote:
    `<build>.csv` with each refused row and why, `<build>.jsonl` with the records it would make.
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
    # How its records stand in the queue.
    order = models.CharField(max_length=8, choices=Order, default=Order.FILE)
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.NORMAL)
    rows_read = models.PositiveIntegerField(default=0)
    rows_good = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    # The first refusals and records as the page shows them, and which check they are from.
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    # Of what the state asks for: how often a worker began it.
    attempt = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportSet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_moving(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.state in MOVING

    @property
    def build(self) -> str:
        """Which check made the report and the files beside the source; "" before the first."""
        return str(self.report.get("build", ""))

    def get_absolute_url(self) -> str:
        return reverse("records:import", args=[self.project.slug, self.pk])
