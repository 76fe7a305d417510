import uuid

from django.db import models

from accounts.models import User
from annotations.models.record import Record
from dibt.lib import clock
from projects.models import GuidelinesVersion, Project, SchemaVersion
from projects.models.proposal import Licence


class Contributor(models.Model):
    """Somebody who takes part in one project, with the counters that only they write.

    No counter is in an index: it changes with each answer, and would be written into every index each time.

    Not the same as a user: answers hang on this row, so that people known only by their Hub name (from an
    Argilla Space) fit in. `public_id` stands for them in releases.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="contributors", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="contributions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pseudonym = models.CharField(max_length=60)
    licence = models.CharField(max_length=20, blank=True)
    licence_accepted_at = models.DateTimeField(null=True)
    submitted_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    # Where the search for the next record starts: beyond the last one this person had.
    last_queue_key = models.BigIntegerField(default=-1)
    # Grows with each time that records are handed to this person: of two tabs at once, one finds it changed.
    claims = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()
    last_answer_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "user"], name="one_contributor_each"),
            models.UniqueConstraint(fields=["project", "pseudonym"], name="pseudonym_once"),
        )

    def __str__(self) -> str:
        return f"contributor {self.pk} of project {self.project_id}"

    @property
    def licence_name(self) -> str:
        """The licence they accepted, as people call it; empty before they have."""
        return str(dict(Licence.choices).get(self.licence, self.licence))


class AssignmentSet(models.QuerySet["Assignment"]):
    def live(self) -> "AssignmentSet":
        return self.filter(expires_at__gt=clock.now())

    def expired(self) -> "AssignmentSet":
        return self.filter(expires_at__lte=clock.now())


class Assignment(models.Model):
    """“This record is with this person until …”. It holds one of the record's places, also while expired,
    until the sweep gives the place back."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="assignments", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="assignments")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = AssignmentSet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="assigned_once"),)

    def __str__(self) -> str:
        return f"record {self.record_id} with contributor {self.contributor_id}"


class ResponseSet(models.QuerySet["Response"]):
    def counted(self) -> "ResponseSet":
        """Those inside the overlap; surplus ones are kept and credited, but stay out of releases."""
        return self.filter(surplus=False)


class Response(models.Model):
    """One person's submitted answer to one record, naming the versions it answered."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="responses")
    # Where an index of several columns begins with one of these, an index of that one alone is only more to write.
    record = models.ForeignKey(Record, models.CASCADE, related_name="responses", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="responses", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Nobody looks for the answers of a version, and no version is ever deleted.
    schema_version = models.ForeignKey(
        SchemaVersion, models.PROTECT, related_name="responses", db_index=False
    )
    guidelines_version = models.ForeignKey(
        GuidelinesVersion, models.PROTECT, null=True, related_name="responses", db_index=False
    )
    values = models.JSONField()
    surplus = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()

    objects = ResponseSet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="answered_once"),)
        indexes = (
            models.Index(fields=["contributor", "-submitted_at"], name="response_mine"),
            models.Index(
                fields=["project", "submitted_at"],
                condition=models.Q(surplus=True),
                name="response_surplus",
            ),
        )

    def __str__(self) -> str:
        return f"answer of contributor {self.contributor_id} to record {self.record_id}"


class Skip(models.Model):
    """That a person passed a record over; it is not offered to them again."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="skips", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="skips")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="skipped_once"),)

    def __str__(self) -> str:
        return f"record {self.record_id} skipped by contributor {self.contributor_id}"


class Lapse(models.Model):
    """That a record was with a person whose time ran out: an answer that still comes is theirs to give."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="lapses", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="lapses")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="lapsed_once"),)

    def __str__(self) -> str:
        return f"record {self.record_id} lapsed with contributor {self.contributor_id}"
