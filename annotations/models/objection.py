from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.models.answer import Contributor
from annotations.models.record import Record


class Discard(models.Model):
    """That a person found a record not answerable; it is not offered to them again."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="discards", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="discards")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="discarded_once"),)

    def __str__(self) -> str:
        return f"record {self.record_id} discarded by contributor {self.contributor_id}"


class FlagReason(models.TextChoices):
    WRONG_LANGUAGE = "wrong_language", _("Wrong language")
    PERSONAL_DATA = "personal_data", _("Personal data")
    TOXIC = "toxic", _("Toxic")
    BROKEN = "broken", _("Broken")
    UNCLEAR = "unclear", _("Unclear")


class Flag(models.Model):
    """That something is wrong with a record, in the eyes of one person; it is not offered to them again."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="flags", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=14, choices=FlagReason)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="flagged_once"),)

    def __str__(self) -> str:
        return f"record {self.record_id} flagged by contributor {self.contributor_id}"
