from django.db import models

from accounts.models import User
from annotations.models.record import Record
from projects.models import GuidelinesVersion, Project, SchemaVersion

MOST_TRIED = 3


class TrialAnswer(models.Model):
    """An answer of somebody who has not signed in yet: it holds no place and is counted nowhere.

    Until they sign in it is known by `visitor`, the digest of a secret that only their browser has; from then on
    by `user`, until it becomes a Response and this row goes. `number` counts a visitor's answers in one project.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="trial_answers", db_index=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="trial_answers")
    visitor = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="trial_answers", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    values = models.JSONField()
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="+", db_index=False)
    guidelines_version = models.ForeignKey(
        GuidelinesVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(user=None) & ~models.Q(visitor=""))
                | (~models.Q(user=None) & models.Q(visitor="")),
                name="trial_of_visitor_or_user",
            ),
            models.CheckConstraint(condition=models.Q(number__range=(1, MOST_TRIED)), name="trial_few"),
            models.UniqueConstraint(
                fields=["visitor", "record"], condition=models.Q(user=None), name="tried_once"
            ),
            models.UniqueConstraint(
                fields=["visitor", "project", "number"],
                condition=models.Q(user=None),
                name="trial_number_once",
            ),
            models.UniqueConstraint(fields=["user", "record"], name="trial_waits_once"),
        )
        indexes = (models.Index(fields=["project", "created_at"], name="trials_of_project"),)

    def __str__(self) -> str:
        return f"trial answer {self.number} to record {self.record_id}"
