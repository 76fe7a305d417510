import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dibt.lib import clock
from dibt.lib.leases import Leased, unheld
from projects.models import Project


class ReleaseState(models.TextChoices):
    """Making and publishing fail apart, so that trying again repeats only what failed."""

    REQUESTED = "requested", _("Being made")
    NOT_BUILT = "not_built", _("Could not be made")
    BUILT = "built", _("Ready to download")
    PUBLISHING = "publishing", _("Being published")
    NOT_PUBLISHED = "not_published", _("Could not be published")
    PUBLISHED = "published", _("Published")


UNFINISHED = (ReleaseState.REQUESTED, ReleaseState.PUBLISHING)
DOWNLOADABLE = (
    ReleaseState.BUILT,
    ReleaseState.PUBLISHING,
    ReleaseState.NOT_PUBLISHED,
    ReleaseState.PUBLISHED,
)


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release: its path inside it, its size in bytes and its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a release holds, counted in its snapshot.

    `build` names the folder of these files; `left_out` are answers to other versions of the task whose values
    the released version does not take; `named` contributors are credited by name, the others only counted.
    No answer in it was submitted after `read_at`, and every edit made before `edited_before` is in it; both are
    moments in ISO 8601, "" where a release is older than this note of them.
    """

    build: str
    records: int
    responses: int
    contributors: int
    named: int
    left_out: int
    files: tuple[ReleaseFile, ...]
    read_at: str = ""
    edited_before: str = ""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Manifest":
        files = tuple(ReleaseFile(**file) for file in value["files"])
        return cls(**{**value, "files": files})


class ReleaseSet(models.QuerySet["Release"]):
    def waiting(self) -> "ReleaseSet":
        """Those with work to do now that no living worker holds."""
        return self.filter(unheld(), state__in=UNFINISHED, due_at__lte=clock.now())

    def published(self) -> "ReleaseSet":
        return self.filter(state=ReleaseState.PUBLISHED)


class Release(Leased):
    """A frozen, numbered snapshot of a project's data: files below RELEASE_DIR, then a dataset on the Hub."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=13, choices=ReleaseState, default=ReleaseState.REQUESTED)
    # Below RELEASE_DIR; each attempt to build writes into a folder of its own in there.
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_version = models.ForeignKey("projects.SchemaVersion", models.PROTECT, related_name="releases")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    manifest = models.JSONField(default=dict)
    built_at = models.DateTimeField(null=True)
    repo_id = models.CharField(max_length=200, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    url = models.URLField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    # Of the work the state asks for: how often it was begun, what went wrong last, when to begin next.
    attempt = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    due_at = models.DateTimeField()

    objects = ReleaseSet.as_manager()

    class Meta:
        ordering = ("project", "-number")
        constraints = (
            models.UniqueConstraint(fields=["project", "number"], name="release_numbered_once"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="requested"), name="one_release_being_made"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="publishing"), name="one_release_being_published"
            ),
        )

    def __str__(self) -> str:
        return f"{self.project}, release {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("releases:detail", args=[self.project.slug, self.number])

    @property
    def is_unfinished(self) -> bool:
        """Whether a worker has something to do for it, now or later."""
        return self.state in UNFINISHED

    @property
    def is_downloadable(self) -> bool:
        return self.state in DOWNLOADABLE

    @property
    def contents(self) -> Manifest | None:
        """None until the release was built."""
        return Manifest.from_json(self.manifest) if self.manifest else None

    @property
    def tag(self) -> str:
        """What the release is called on the Hub."""
        return f"v{self.number}"
