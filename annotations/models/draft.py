from django.db import models

from annotations.models.answer import Contributor
from annotations.models.record import Record
from projects.models import SchemaVersion


class Draft(models.Model):
    """What somebody has begun to answer to a record and not sent yet, as it stands in their form.

    `data` is form data, which holds what was typed also while no answer can be made of it:
    `{"quality": ["4"]}`; it is empty once everything was cleared. `at` is when it was typed, in ms since 1970, on
    `sender`, a page that somebody has open: an older state that arrives later changes nothing. No time is in an index,
    since they change with every few letters.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="drafts", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="drafts")
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="+", db_index=False)
    data = models.JSONField()
    sender = models.CharField(max_length=40, blank=True, default="")
    at = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="one_draft_each"),)

    def __str__(self) -> str:
        return f"draft of contributor {self.contributor_id} for record {self.record_id}"
