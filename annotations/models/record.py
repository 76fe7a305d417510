from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project

BEFORE_ALL = -(2**62)  # no queue key is as low


class SetAside(models.TextChoices):
    """Why a record is out of the queue; the empty string stands for “it is not”."""

    DISCARDED = "discarded", _("Not answerable")  # waits for the lead's look
    FLAGGED = "flagged", _("Flagged")  # the same
    LEFT_OUT = "left_out", _("Left out")  # the lead has looked


class Record(models.Model):
    """One item to annotate.

    `overlap` is how many answers it needs: its project's, which its records follow when that changes.
    `open_slots` = overlap − submitted − assignments, below zero after the overlap was lowered; it and
    `submitted_count` change only in the transaction that changes their cause. `queue_key` orders the queue and
    never changes; `annotations.domain.ordering` says how it is made. `suggestions` are by question name:
    `{"label": {"value": "negative", "agent": "some-model"}}`, the agent "" where unknown. Discards and flags from
    before `put_back_at` do not count against it.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="records", db_index=False)
    imported_by = models.ForeignKey(
        "annotations.Import", models.PROTECT, related_name="records", db_index=False
    )
    external_id = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    fields = models.JSONField()
    metadata = models.JSONField(default=dict)
    suggestions = models.JSONField(default=dict)
    queue_key = models.BigIntegerField()
    overlap = models.PositiveSmallIntegerField()
    open_slots = models.SmallIntegerField()
    submitted_count = models.PositiveSmallIntegerField(default=0)
    set_aside = models.CharField(max_length=9, choices=SetAside, blank=True, default="")
    set_aside_at = models.DateTimeField(null=True)
    put_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("queue_key",)
        constraints = (
            models.UniqueConstraint(fields=["project", "external_id"], name="external_id_once"),
            models.UniqueConstraint(fields=["project", "queue_key"], name="queue_key_once"),
        )
        indexes = (
            models.Index(
                fields=["project", "queue_key"],
                condition=models.Q(open_slots__gt=0, set_aside=""),
                name="record_with_room",
            ),
            models.Index(
                fields=["project", "set_aside_at"], condition=~models.Q(set_aside=""), name="record_set_aside"
            ),
        )

    def __str__(self) -> str:
        return f"{self.external_id} of project {self.project_id}"

    def get_absolute_url(self) -> str:
        """Where its project's leads look at what people hold against records."""
        return reverse("records:objections", args=[self.project.slug])
