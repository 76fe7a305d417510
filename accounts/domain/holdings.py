"""What the site holds of a person apart from their work in projects: to be read by them, and taken away."""

from dataclasses import asdict, dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount

from accounts.domain import notices
from accounts.models import Membership, Notice, User


@dataclass(frozen=True, slots=True)
class HeldMembership:
    organisation: str
    sub: str
    role: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class HeldToken:
    name: str
    begins_with: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldNotice:
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None
    mail: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything in the tables of accounts that hangs on one person; times in UTC."""

    hub_sub: str
    hub_username: str
    full_name: str
    avatar_url: str
    notification_email: str
    shown_as: str
    is_organiser: bool
    joined_at: datetime
    last_login: datetime | None
    signed_in_through: list[str]
    organisations: list[HeldMembership]
    api_tokens: list[HeldToken]
    notices: list[HeldNotice]

    def as_json(self) -> dict[str, object]:
        """Plain values; times stay `datetime`, for Django's JSON encoder."""
        return asdict(self)


def of(user: User) -> Holdings:
    """What is held of `user`. Secrets are not in it: of a token only a digest exists, which tells nothing."""
    memberships = user.memberships.select_related("organisation")
    return Holdings(
        hub_sub=user.hub_sub,
        hub_username=user.hub_username,
        full_name=user.full_name,
        avatar_url=user.avatar_url,
        notification_email=user.notification_email,
        shown_as=user.shown_as,
        is_organiser=user.is_organiser,
        joined_at=user.joined_at,
        last_login=user.last_login,
        signed_in_through=list(SocialAccount.objects.filter(user=user).values_list("provider", flat=True)),
        organisations=[_membership(membership) for membership in memberships],
        api_tokens=[
            HeldToken(token.name, token.prefix, token.created_at, token.last_used_at, token.revoked_at)
            for token in user.api_tokens.all()
        ],
        notices=[_notice(notice) for notice in user.notices.all()],
    )


def _membership(membership: Membership) -> HeldMembership:
    organisation = membership.organisation
    return HeldMembership(organisation.handle, organisation.sub, membership.role, membership.seen_at)


def _notice(notice: Notice) -> HeldNotice:
    subject, body = notices.text_of(notice)
    return HeldNotice(subject, body, notice.created_at, notice.read_at, notice.mail_state)
