import uuid

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dibt.lib import clock
from dibt.lib.leases import Leased, unheld
from projects.models.project import Project


class SpaceState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    WORKING = "working", _("Being worked on")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Needs a person")
    PAUSED = "paused", _("Paused")
    GONE = "gone", _("Taken down")


class SpaceGoal(models.TextChoices):
    """What its present plan leads to."""

    RUN = "run", _("Run")
    PAUSED = "paused", _("Be paused")
    GONE = "gone", _("Be taken down")


class Visibility(models.TextChoices):
    """Who may see the Space. Who may sign in to it is said in its card."""

    PUBLIC = "public", _("Everybody")
    PRIVATE = "private", _("Members of the hosting organisation")


class Proof(models.TextChoices):
    """How far the proof is that the Space keeps its data: a mark is written, the Space stopped and started again."""

    NONE = "none", _("Not begun")
    WRITTEN = "written", _("The mark is written")
    STOPPED = "stopped", _("The Space was stopped")
    READ = "read", _("The mark was read again")


class SpaceSet(models.QuerySet["Space"]):
    def needing_a_person(self) -> "SpaceSet":
        return self.filter(state=SpaceState.FAILED)

    def with_age(self) -> "SpaceSet":
        """Adds `since`: when the step it is at began; when it came to rest or stopped; or when it was asked for."""
        steps = SpaceStep.objects.filter(space=OuterRef("pk"))
        begun = steps.filter(state__in=[StepState.WORKING, StepState.WAITING]).order_by("position")
        ended = steps.filter(ended_at__isnull=False).order_by("-ended_at")
        return self.annotate(
            since=Coalesce(
                Subquery(begun.values("started_at")[:1]), Subquery(ended.values("ended_at")[:1]), "due_at"
            )
        )

    def problems_first(self) -> "SpaceSet":
        """What needs a person; what differs from what is wanted; what moves, longest first; the rest by name."""
        moving = Q(state__in=[SpaceState.REQUESTED, SpaceState.WORKING])
        rank = Case(
            When(state=SpaceState.FAILED, then=Value(0)),
            When(~Q(drift=[]), then=Value(1)),
            When(moving, then=Value(2)),
            default=Value(3),
        )
        waited = Case(When(moving, then="since"), output_field=models.DateTimeField())
        return (
            self.with_age().alias(rank=rank, waited=waited).order_by("rank", "waited", "project__title", "pk")
        )

    def watched(self) -> "SpaceSet":
        """Those that rest and are on the Hub, so that whatever changes there was not our doing."""
        return self.filter(state__in=[SpaceState.READY, SpaceState.PAUSED])

    def to_inspect(self) -> "SpaceSet":
        """Those whose settings are due to be compared, longest due first, that no living worker holds."""
        due = self.watched().filter(unheld(), inspect_at__lte=clock.now())
        return due.order_by("inspect_at", "pk")

    def waiting(self) -> "SpaceSet":
        """Those with work to do now that no living worker holds."""
        unfinished = self.filter(state__in=[SpaceState.REQUESTED, SpaceState.WORKING])
        return unfinished.filter(unheld(), due_at__lte=clock.now())


class Space(Leased):
    """A project's Hugging Face Space: what is wanted of it, and what the Hub last said it is.

    Which worker holds it is a lease on this row: a dead worker's lease runs out and another takes over.
    """

    project = models.OneToOneField(Project, models.PROTECT, related_name="space")
    # Written into the Space as a variable: how we tell our Space from a stranger's of the same name.
    provision_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.CharField(max_length=96)
    name = models.CharField(max_length=96)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    hardware = models.CharField(max_length=40, default="cpu-basic")
    # After how much idleness it sleeps; null is never. On free hardware that is the Hub's to say.
    sleep_seconds = models.PositiveIntegerField(null=True)
    secrets_box = models.TextField()
    # Those of which a new value is still to be written into the Space; what is there cannot be compared.
    rotating = models.JSONField(default=list)
    goal = models.CharField(max_length=8, choices=SpaceGoal, default=SpaceGoal.RUN)
    state = models.CharField(max_length=10, choices=SpaceState, default=SpaceState.REQUESTED)
    stage = models.CharField(max_length=40, blank=True)
    # Since when it was in that stage each time that it was looked at while it rests; null before the first look.
    stage_since = models.DateTimeField(null=True)
    url = models.URLField(max_length=300, blank=True)
    seen_hardware = models.CharField(max_length=40, blank=True)
    checked_at = models.DateTimeField(null=True)
    # What was found to be otherwise than wanted, as `Difference`s of provisioning; empty while all is well.
    drift = models.JSONField(default=list)
    # When its settings are to be compared next; null while nothing can have changed them, as in its sleep.
    inspect_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    # After its end its bucket stays, until a release has what was in it and its lead lets it go.
    bucket_deleted_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ready_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    # A Space that does not come up is rebuilt once by itself; after that a person has to look at its log.
    rebuilt_at = models.DateTimeField(null=True)
    log_tail = models.TextField(blank=True)
    # A worker that takes over goes on from here, and once it is proven nothing is stopped for it again.
    proof = models.CharField(max_length=8, choices=Proof, default=Proof.NONE)
    proof_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)

    objects = SpaceSet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "name"], name="one_space_of_a_name"),)

    def __str__(self) -> str:
        return self.repo_id

    @property
    def repo_id(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def bucket_id(self) -> str:
        """Named after what never changes, so that another name for the Space does not leave its data behind."""
        return f"{self.owner}/dibt-{self.provision_id.hex[:16]}"

    @property
    def is_moving(self) -> bool:
        """Whether something will happen to it without anybody's doing."""
        return self.state in {SpaceState.REQUESTED, SpaceState.WORKING}


class StepKey(models.TextChoices):
    """The steps there are; which of them a Space takes, and in which order, is its plan."""

    PREFLIGHT = "preflight", _("Check the platform's account and the organisation")
    BUCKET = "bucket", _("Make a bucket that keeps the data")
    SPACE = "space", _("Make the Space from the template")
    SETTINGS = "settings", _("Set its secrets, variables, volume and hardware")
    FILES = "files", _("Write its card and sign-in")
    RUNNING = "running", _("Wait until it runs")
    ARGILLA = "argilla", _("Wait until Argilla answers")
    PROOF = "proof", _("Prove that its data survives a restart")
    SIGN_IN = "sign_in", _("Check that people can sign in with Hugging Face")
    STOP = "stop", _("Stop it")
    REMOVE = "remove", _("Delete the Space")
    FORGET = "forget", _("Delete its data")


class StepState(models.TextChoices):
    PENDING = "pending", _("Not yet")
    WORKING = "working", _("Working")
    WAITING = "waiting", _("Will be tried again")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class SpaceStep(models.Model):
    """One idempotent step of provisioning and how it goes; shown as it is on the lead's page."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=30, choices=StepKey)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=StepState, default=StepState.PENDING)
    attempt = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    # The id the Hub answered with, to be quoted when asking about a failure.
    request_id = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["space", "key"], name="each_step_once"),)

    def __str__(self) -> str:
        return f"{self.key} of {self.space}"
