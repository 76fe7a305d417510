"""Releases: asked for by a lead, made by a worker, published on the Hub when a lead says so."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.notices import notify
from accounts.models import User
from annotations.models import Manifest, Release, ReleaseState, Response
from dibt.lib import bells, clock
from dibt.lib.errors import ConflictError, NotVisibleError
from dibt.lib.states import Moves, move
from projects import permissions
from projects.domain import projects
from projects.models import Project, SchemaVersion
from projects.permissions import Person

BELL = "releases.work"
ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=30)
MOVES = Moves(
    gettext_lazy("release"),
    {
        ReleaseState.REQUESTED: frozenset({ReleaseState.BUILT, ReleaseState.NOT_BUILT}),
        ReleaseState.NOT_BUILT: frozenset({ReleaseState.REQUESTED}),
        ReleaseState.BUILT: frozenset({ReleaseState.PUBLISHING}),
        ReleaseState.PUBLISHING: frozenset({ReleaseState.PUBLISHED, ReleaseState.NOT_PUBLISHED}),
        ReleaseState.NOT_PUBLISHED: frozenset({ReleaseState.PUBLISHING}),
        ReleaseState.PUBLISHED: frozenset(),
    },
)


def request(project: Project, *, by: User) -> Release:
    """Ask for a new release, which a worker then makes of what is there when it starts."""
    permissions.require_manager(project, by)
    if not Response.objects.counted().filter(project=project, record__set_aside="").exists():
        raise ConflictError(_("There is no answer yet. Release this project once somebody has answered."))
    newest = project.releases.order_by("-number").first()
    try:
        with transaction.atomic():
            release = Release.objects.create(
                project=project,
                number=newest.number + 1 if newest else 1,
                schema_version=_released_schema(project),
                created_at=clock.now(),
                created_by=by,
                due_at=clock.now(),
            )
            bells.ring(BELL, release.pk)
    except IntegrityError:  # the constraint says it even to two who ask in the same moment
        raise ConflictError(_("Another release is being made. Wait until it is there.")) from None
    return release


def retry(release: Release, *, by: User) -> None:
    """Make a release again whose making failed."""
    permissions.require_manager(release.project, by)
    _start(release, ReleaseState.REQUESTED, _("Another release is being made. Wait until it is there."))


def publish(release: Release, *, by: User) -> None:
    """Ask for a release to be published on the Hub: for everybody, under the project's licence.

    Refuses an older release than one already published, since the dataset would go back in time.
    """
    permissions.require_manager(release.project, by)
    newer = release.project.releases.published().filter(number__gt=release.number).first()
    if newer:
        raise ConflictError(
            _("Release %(newer)s is published, and this one is older. Make a new release instead.")
            % {"newer": newer.number}
        )
    _start(
        release,
        ReleaseState.PUBLISHING,
        _("Another release is being published. Wait until it is there."),
        repo_id=repo_id(release.project),
    )


def find(project: Project, *, number: int, by: Person) -> Release:
    """One release of a project. Those who run it see all, others the published ones."""
    visible = project.releases.all()
    if not permissions.may_manage(project, by):
        visible = visible.published() if permissions.may_see(project, by) else visible.none()
    release = visible.filter(number=number).first()
    if release is None:
        raise NotVisibleError(_("There is no such release."))
    release.project = project
    return release


def repo_id(project: Project) -> str:
    """Where the project's releases are published on the Hub."""
    return f"{project.cohort.hosting_organisation}/{project.slug}"


def begin(release: Release) -> bool:
    """Count an attempt before it is made, so that one which ends its worker counts too.

    The next one may start when the wait is over. False when there were too many: the release has failed.
    """
    if release.attempt >= ATTEMPTS:
        fail(release, release.error or _("It was tried %(count)s times.") % {"count": release.attempt})
        return False
    release.attempt += 1
    release.due_at = clock.now() + wait_after(release.attempt)
    release.save(update_fields=["attempt", "due_at"])
    return True


@transaction.atomic
def after_edits(release: Release) -> datetime:
    """A moment before now: what is read from now on holds every edit made before it, since this waits for those
    under way (see `annotations.domain.editing`)."""
    moment = clock.now()
    Release.objects.select_for_update(no_key=True).filter(pk=release.pk).first()
    return moment


def wait_after(attempt: int) -> timedelta:
    """30 seconds after the first attempt, twice as long after each further one, half an hour at most."""
    return min(timedelta(seconds=30 * 2 ** (attempt - 1)), LONGEST_WAIT)


def postpone(release: Release, *, error: str, wait: timedelta | None = None) -> None:
    """Note what went wrong and that it is tried again: after `wait`, or when `begin` said."""
    release.error = error
    release.due_at = clock.now() + wait if wait else release.due_at
    release.save(update_fields=["error", "due_at"])


def built(release: Release, manifest: Manifest) -> None:
    """Make the built files those of the release; raises ConflictError when it no longer waits for them."""
    changes = {"manifest": manifest.to_json(), "built_at": clock.now(), "error": "", "attempt": 0}
    move(release, MOVES, to=ReleaseState.BUILT, **changes)


def rebuilt(release: Release, manifest: Manifest) -> None:
    """Replace the files of a release on its way to the Hub; raises ConflictError when it is no longer."""
    still = Release.objects.filter(pk=release.pk, state=ReleaseState.PUBLISHING)
    if not still.update(manifest=manifest.to_json(), built_at=clock.now()):
        raise ConflictError(_("This release is not being published any more."))
    release.refresh_from_db()


@transaction.atomic
def published(release: Release, *, url: str, commit: str) -> None:
    """Note where the release is on the Hub, also with its project, and tell the leads."""
    changes = {"url": url, "commit": commit, "published_at": clock.now(), "error": "", "attempt": 0}
    move(release, MOVES, to=ReleaseState.PUBLISHED, **changes)
    projects.released(release.project)
    _tell_leads(release, "release-published")


@transaction.atomic
def fail(release: Release, error: str) -> None:
    """Give up until a lead tries again, and tell the leads why."""
    failed = {
        ReleaseState.REQUESTED: ReleaseState.NOT_BUILT,
        ReleaseState.PUBLISHING: ReleaseState.NOT_PUBLISHED,
    }[ReleaseState(release.state)]
    move(release, MOVES, to=failed, error=error)
    _tell_leads(release, "release-failed")


def _start(release: Release, state: ReleaseState, busy: str, **changes: str) -> None:
    try:
        with transaction.atomic():
            move(release, MOVES, to=state, attempt=0, error="", due_at=clock.now(), **changes)
            bells.ring(BELL, release.pk)
    except IntegrityError:  # a partial unique constraint: one at a time
        raise ConflictError(busy) from None


def _released_schema(project: Project) -> SchemaVersion:
    """The newest version that answers use; a draft after it is not released."""
    return project.schema_versions.filter(frozen_at__isnull=False).order_by("-number")[:1].get()


def _tell_leads(release: Release, kind: str) -> None:
    params = {
        "project": release.project.title,
        "number": release.number,
        "repo_id": release.repo_id,
        "error": release.error,
    }
    for role in release.project.roles.select_related("user"):
        notify(role.user, kind=kind, params=params, url=release.get_absolute_url())
