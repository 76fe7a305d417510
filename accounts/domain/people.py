"""People: signing in makes and refreshes them; what else about them is theirs to choose."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain.hub_profile import HubOrg, HubProfile
from accounts.models import HubOrganisation, Membership, ShownAs, User
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError

__all__ = [
    "HubOrg",
    "HubProfile",
    "choose_shown_as",
    "dismiss_organiser",
    "find",
    "make_organiser",
    "organisers",
    "set_notification_email",
    "sign_in",
]


def sign_in(profile: HubProfile, *, at: datetime | None = None) -> User:
    """The user of this Hub account, made at the first time, brought up to date at every time.

    Known by `sub` alone. The name follows the Hub, the memberships become exactly those of the profile.
    Safe when the same new person signs in twice at once.
    """
    moment = at or clock.now()
    current: dict[str, object] = {
        "hub_username": profile.username,
        "full_name": profile.full_name,
        "avatar_url": profile.avatar_url,
    }
    if profile.sub in settings.ORGANISER_SUBS:
        current["is_organiser"] = True
    with transaction.atomic():
        # A “!” at its start marks a password that nothing matches.
        first = {**current, "joined_at": moment, "password": "!"}
        user, _made = User.objects.update_or_create(
            hub_sub=profile.sub, defaults=current, create_defaults=first
        )
        _replace_memberships(user, profile.organisations, seen_at=moment)
    return user


def _replace_memberships(user: User, listed: Iterable[HubOrg], *, seen_at: datetime) -> None:
    # In one order for everybody, so that members of the same organisations cannot block one another.
    listed = sorted(listed, key=lambda organisation: organisation.sub)
    organisations = HubOrganisation.objects.bulk_create(
        [
            HubOrganisation(sub=org.sub, handle=org.handle, name=org.name, avatar_url=org.avatar_url)
            for org in listed
        ],
        update_conflicts=True,
        unique_fields=["sub"],
        update_fields=["handle", "name", "avatar_url"],
    )
    user.memberships.exclude(organisation__in=organisations).delete()
    Membership.objects.bulk_create(
        [
            Membership(user=user, organisation=organisation, role=org.role, seen_at=seen_at)
            for organisation, org in zip(organisations, listed, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["user", "organisation"],
        update_fields=["role", "seen_at"],
    )


def choose_shown_as(user: User, *, shown_as: str) -> None:
    """How others see this person from now on, in every project. Raises InvalidError for an unknown way."""
    if shown_as not in ShownAs.values:
        refusal = _("Choose one of the ways to be shown.")
        raise InvalidError(refusal, fields={"shown_as": [refusal]})
    user.shown_as = shown_as
    user.save(update_fields=["shown_as"])


def set_notification_email(user: User, *, email: str) -> None:
    """Where mail goes to; an empty address stops it, also for notices that still wait.

    Raises InvalidError for what is no address.
    """
    email = email.strip()
    try:
        if email:
            User._meta.get_field("notification_email").run_validators(email)
            validate_email(email)
    except ValidationError:
        refusal = _("This is not an e-mail address: it needs the form name@example.org.")
        raise InvalidError(refusal, fields={"email": [refusal]}) from None
    user.notification_email = email
    user.save(update_fields=["notification_email"])


def organisers() -> list[User]:
    """Everybody who runs cohorts, by name."""
    return list(User.objects.filter(is_organiser=True).order_by("hub_username", "hub_sub"))


def find(name: str) -> User:
    """The person with this `sub`, or with this Hub name as of their last sign-in.

    Raises NotVisibleError for nobody, ConflictError where two had the name at different times.
    """
    by_sub = User.objects.filter(hub_sub=name).first()
    if by_sub:
        return by_sub
    named = list(User.objects.filter(hub_username__iexact=name).order_by("pk"))
    if not named:
        raise NotVisibleError(
            _("Nobody called “%(name)s” has signed in here. They must sign in once first.") % {"name": name}
        )
    if len(named) > 1:
        subs = ", ".join(f"{user.hub_sub} ({user.last_login or user.joined_at:%Y-%m-%d})" for user in named)
        raise ConflictError(
            _("More than one person has been called “%(name)s”. Name one by their sub instead: %(subs)s")
            % {"name": name, "subs": subs}
        )
    return named[0]


def make_organiser(user: User, *, by: User | None = None) -> None:
    """Let the person run cohorts; `by` is nobody when the site's operator does it from the command line."""
    _require_organiser(by)
    User.objects.filter(pk=user.pk).update(is_organiser=True)
    user.is_organiser = True


def dismiss_organiser(user: User, *, by: User | None = None) -> None:
    """End that. Whoever ORGANISER_SUBS names becomes one again at their next sign-in."""
    _require_organiser(by)
    User.objects.filter(pk=user.pk).update(is_organiser=False)
    user.is_organiser = False


def _require_organiser(by: User | None) -> None:
    if by is not None and not by.is_organiser:
        raise NotAllowedError(_("Only organisers can choose organisers. Ask one of them."))
