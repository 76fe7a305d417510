"""Which Spaces an operator means, and on whose behalf they ask."""

from accounts.domain import people
from accounts.models import User
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from projects.models import Space
from projects.models.space import SpaceSet


def every() -> SpaceSet:
    """All Spaces, those with problems first, with what is told of them."""
    return Space.objects.problems_first().select_related(
        "project__cohort", "project__organisation", "requested_by"
    )


def find(name: str) -> Space:
    """The Space called OWNER/NAME, or of the project with this address. Raises NotVisibleError."""
    owner, slash, own = name.partition("/")
    wanted = {"owner": owner, "name": own} if slash else {"project__slug": name}
    space = every().filter(**wanted).first()
    if space is None:
        raise NotVisibleError(
            "There is no such Space. Name it as OWNER/NAME or by its project, as manage.py spaces list does."
        )
    return space


def find_resting(name: str) -> Space:
    """One that can be compared. Raises NotVisibleError, and ConflictError for one that is not at rest."""
    space = find(name)
    if not Space.objects.watched().filter(pk=space.pk).exists():
        raise ConflictError(
            f"It is “{space.get_state_display()}”, and only what is ready or paused can be compared with the Hub."
        )
    return space


def organiser(name: str) -> User:
    """The organiser of this Hub name, or `sub`. Raises NotVisibleError, ConflictError and NotAllowedError."""
    user = people.find(name)
    if not user.is_organiser:
        raise NotAllowedError(
            f"{user} is no organiser, and only organisers change Spaces from here. "
            "Make them one with manage.py organiser add, or name another."
        )
    return user
