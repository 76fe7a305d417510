"""Who takes part: the people of the sandbox Hub, exactly as its sign-in would tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from accounts.domain import people
from accounts.domain.hub_profile import HubOrg, HubProfile
from accounts.models import HubOrganisation, ShownAs, User
from dibt.lib import clock
from dibt.sandbox.people import ORGANISATIONS, PEOPLE, Person

ORGANISER = "weaver"
# How each chose to be shown. Whoever is missing here has never visited the site: a newcomer to sign in as.
SHOWN_AS: Mapping[str, ShownAs] = {
    "weaver": ShownAs.HUB_NAME,
    "ibis": ShownAs.HUB_NAME,
    "tern": ShownAs.HUB_NAME,
    "okapi": ShownAs.HUB_NAME,
    "heron": ShownAs.PSEUDONYM,
    "gecko": ShownAs.HUB_NAME,
    "hoopoe": ShownAs.HIDDEN,
    "lynx": ShownAs.HUB_NAME,
    "marmot": ShownAs.PSEUDONYM,
    "civet": ShownAs.HUB_NAME,
}


@dataclass(frozen=True)
class Cast:
    """Everybody by their Hub name, and the moment the world is built for."""

    users: Mapping[str, User]
    now: datetime

    def __getitem__(self, handle: str) -> User:
        return self.users[handle]

    @property
    def organiser(self) -> User:
        return self.users[ORGANISER]

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def sign_in_everybody(*, now: datetime, days_ago: float) -> Cast:
    """The people of the demo, signed in one after the other, the organiser first."""
    users: dict[str, User] = {}
    for person in PEOPLE:
        if person.handle in SHOWN_AS:
            with clock.at(now - timedelta(days=days_ago, minutes=-7 * len(users))):
                users[person.handle] = _sign_in(person)
    people.make_organiser(users[ORGANISER])
    return Cast(users, now)


def organisation(handle: str) -> HubOrganisation | None:
    """The organisation of that name, which a member has brought along; None for no name."""
    return HubOrganisation.objects.get(sub=ORGANISATIONS[handle].sub) if handle else None


def profile(person: Person) -> HubProfile:
    """What the sandbox's sign-in says of this person."""
    return HubProfile(
        sub=person.sub,
        username=person.handle,
        full_name=person.fullname,
        avatar_url=_picture(person.handle),
        organisations=tuple(_membership(handle, role) for handle, role in person.memberships.items()),
    )


def _sign_in(person: Person) -> User:
    user = people.sign_in(profile(person))
    people.choose_shown_as(user, shown_as=SHOWN_AS[person.handle])
    return user


def _membership(handle: str, role: str) -> HubOrg:
    organisation = ORGANISATIONS[handle]
    return HubOrg(
        sub=organisation.sub,
        handle=handle,
        name=organisation.fullname,
        avatar_url=_picture(handle),
        role=role,
    )


def _picture(handle: str) -> str:
    return f"{settings.HUB_URL}/avatars/{handle}.svg"
