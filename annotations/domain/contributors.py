"""Who takes part in a project, how they are shown there, and what they agreed to."""

import re
import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import ShownAs, User
from annotations.models import Contributor, TrialAnswer
from annotations.permissions import require_contributing
from dibt.lib import clock
from dibt.lib.errors import ConflictError, NotVisibleError
from projects.models import Project
from projects.permissions import Person

# 32 × 32 words × 900 numbers: friendly, easy to say, and nobody's real name.
QUALITIES = re.findall(
    r"\w+",
    "amber brave bright calm clear crimson deep early gentle golden green honest indigo kind light lively "
    "lucky mellow noble patient quick quiet ready silver steady sunny swift tender violet warm wide wise",
)
BEINGS = re.findall(
    r"\w+",
    "acacia baobab bee birch brook cedar cloud comet coral dune fern finch forest fox garden harbour heron "
    "island lake lantern maple meadow moon otter pebble pine rain river sparrow star tide willow",
)


def find(project: Project, person: Person) -> Contributor | None:
    if not isinstance(person, User):
        return None
    return Contributor.objects.filter(project=project, user=person).first()


def join(project: Project, *, by: Person) -> Contributor:
    """The person's row in this project, made if it is their first visit. Refuses who may not annotate."""
    user = require_contributing(project, by)
    return find(project, user) or _enter(project, user)


def locked(project: Project, user: User) -> Contributor:
    """Their row, locked: what one person does at once, in two tabs, happens one after the other.

    Raises NotVisibleError where they have none.
    """
    rows = Contributor.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    contributor = rows.filter(project=project, user=user).first()
    if contributor is None:
        raise NotVisibleError(_("You have not opened a record of this project yet. Open the next one first."))
    contributor.project = project  # as the caller read it, with what was looked up beside it
    return contributor


def accept_licence(contributor: Contributor) -> None:
    """Note that they give their answers under the project's licence. The first time counts."""
    Contributor.objects.filter(pk=contributor.pk, licence_accepted_at=None).update(
        licence=contributor.project.licence, licence_accepted_at=clock.now()
    )
    contributor.refresh_from_db(fields=["licence", "licence_accepted_at"])


def lacks_consent(contributor: Contributor) -> bool:
    """Whether something must be chosen or accepted before the first answer is saved."""
    user = contributor.user
    return contributor.licence_accepted_at is None or (user is not None and not user.shown_as)


class ConsentError(ConflictError):
    """Something has to be chosen or accepted before the first answer is saved."""

    kind = "consent"


def require_consent(contributor: Contributor) -> None:
    if lacks_consent(contributor):
        raise ConsentError(
            _(
                "Your answer is not saved yet. First choose how you are shown and accept the licence of this "
                "project; then send it again."
            )
        )


def shown_name(contributor: Contributor) -> str | None:
    """How others see them: Hub name, pseudonym, or None where they chose not to be shown."""
    user = contributor.user
    if user is None or user.shown_as == ShownAs.PSEUDONYM:
        return contributor.pseudonym
    return user.hub_username if user.shown_as == ShownAs.HUB_NAME else None


def note_tries(user: User) -> None:
    """Keep the records from being offered to somebody that they answered before they signed in. Called after a trial
    answer has become theirs, and after they have joined a project: whichever comes last finds the other."""
    waiting = TrialAnswer.objects.filter(user=user).order_by().values("project")
    Contributor.objects.filter(user=user, project__in=waiting, has_tried=False).update(has_tried=True)


def _enter(project: Project, user: User) -> Contributor:
    """Make the row; two first visits at once end in one row, two equal pseudonyms in another try."""
    for _attempt in range(20):
        try:
            with transaction.atomic():
                contributor = Contributor.objects.create(
                    project=project, user=user, pseudonym=_pseudonym(), joined_at=clock.now()
                )
        except IntegrityError:
            if existing := find(project, user):
                return existing
        else:
            note_tries(user)
            contributor.refresh_from_db(fields=["has_tried"])
            return contributor
    raise RuntimeError("Twenty pseudonyms in a row were taken; the lists of words are too short")


def _pseudonym() -> str:
    """A random name, kept on the row: nothing about it leads back to the person."""
    quality, being = secrets.choice(QUALITIES), secrets.choice(BEINGS)
    return f"{quality.title()} {being.title()} {secrets.randbelow(900) + 100}"
