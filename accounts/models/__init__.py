"""People, the Hub organisations they belong to, their tokens, and what the site tells them."""

from accounts.models.notice import MailState, Notice
from accounts.models.organisation import HubOrganisation, Membership
from accounts.models.token import ApiToken
from accounts.models.user import ShownAs, User

__all__ = ["ApiToken", "HubOrganisation", "MailState", "Membership", "Notice", "ShownAs", "User"]
