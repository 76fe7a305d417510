from django.db import models

from annotations.models.answer import Response
from projects.models import GuidelinesVersion, SchemaVersion


class ResponseEdit(models.Model):
    """What an answer was before its author changed it at `at`. Never changed, and deleted with the answer."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="edits", db_index=False)
    at = models.DateTimeField()
    values = models.JSONField()
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="+", db_index=False)
    guidelines_version = models.ForeignKey(
        GuidelinesVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["response", "-at"], name="edits_of_response"),)

    def __str__(self) -> str:
        return f"answer {self.response_id} before {self.at}"
