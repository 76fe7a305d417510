import uuid

from django.db import models

from accounts.models import User
from annotations.models.record import BEFORE_ALL, Record
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
    last_queue_key = models.BigIntegerField(default=BEFORE_ALL)
    # Another search begins when records come that are to be had before others, or skipped ones are wanted again.
    search_number = models.PositiveIntegerField(default=1)
    # Grows with each time that records are handed to this person, or that one they do not hold is answered or
    # objected to: of two tabs at once, the one that looks for records finds it changed.
    claims = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()
    last_answer_at = models.DateTimeField(null=True)
    # Whether something may wait that they answered before they signed in: those records are not offered to them.
    has_tried = models.BooleanField(default=False, db_default=False)

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
    until the sweep gives the place back. `taken_along` ones are for a day without the network."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="assignments", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="assignments")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    taken_along = models.BooleanField(default=False)
    # Of the search that found it: who is through with the record goes on beyond it, unless another one has begun.
    search_number = models.PositiveIntegerField(default=1)

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
    # Given before its author signed in. The statements that take answers in do not name it.
    trial = models.BooleanField(default=False, db_default=False)
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


class Withdrawal(models.Model):
    """That a person deleted an answer which had a key: sent again under that key, it does not come back.

    With `same_as`, the `public_id` of another answer: that one was sent under this key as well, and what becomes of
    this key is what becomes of it.
    """

    public_id = models.UUIDField(primary_key=True, editable=False)
    same_as = models.UUIDField(null=True, editable=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="withdrawals")

    def __str__(self) -> str:
        return f"key under which contributor {self.contributor_id} brings no answer"


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
    """That a record was with a person until `created_at`, lately, when their time ran out, they left, or they deleted
    their answer to it: an answer that still comes is theirs to give."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="lapses", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="lapses")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "contributor"], name="lapsed_once"),)

    def __str__(self) -> str:
        return f"record {self.record_id} lapsed with contributor {self.contributor_id}"
