from functools import cached_property

from django.db import models

from dibt.lib.text import content_hash
from projects.models.project import Project
from projects.schema.definition import TaskSchema


class SchemaVersion(models.Model):
    """One version of a project's task schema. Once frozen (an answer uses it) it never changes again."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="schema_versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("project", "-number")
        constraints = (models.UniqueConstraint(fields=["project", "number"], name="schema_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.project}, schema {self.number}"

    @cached_property
    def schema(self) -> TaskSchema:
        return TaskSchema.from_json(self.definition)

    @property
    def edition(self) -> str:
        """Differs wherever what is asked differs, also within a version that still changes."""
        return f"{self.number}-{content_hash(self.definition)[:12]}"


class GuidelinesVersion(models.Model):
    """One version of the guidelines, in Markdown. Versions are only ever added."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="guidelines_versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=40_000)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ("project", "-number")
        constraints = (
            models.UniqueConstraint(fields=["project", "number"], name="guidelines_numbered_once"),
        )

    def __str__(self) -> str:
        return f"{self.project}, guidelines {self.number}"
