from django.db import models

from projects.models import Project


class Counts(models.Model):
    """What is counted of a project. All of it can be recounted from the rows it was counted from."""

    records = models.IntegerField(default=0)
    complete = models.IntegerField(default=0)
    responses = models.IntegerField(default=0)
    contributors = models.IntegerField(default=0)

    class Meta:
        abstract = True


COUNTED = tuple(field.name for field in Counts._meta.local_fields)


class TotalsDelta(Counts):
    """One change of the counts, appended in the transaction of its cause and folded within seconds.

    Appending instead of updating a sum keeps people who answer at the same time out of each other's way.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="totals_deltas")
    day = models.DateField()

    def __str__(self) -> str:
        return f"change of project {self.project_id} on {self.day}"


class ProjectTotals(Counts):
    """The folded sums of a project; readers add what is not folded yet."""

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="totals")
    folded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"totals of project {self.project_id}"


class ProjectDay(Counts):
    """The folded changes of one day, in UTC: what the charts show."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="days")
    day = models.DateField()

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=["project", "day"], name="one_row_a_day"),)

    def __str__(self) -> str:
        return f"{self.day} of project {self.project_id}"
