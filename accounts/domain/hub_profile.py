"""Who somebody is on the Hub, as its sign-in tells: the OIDC userinfo answer, checked and cut to size."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from dibt.lib.errors import InvalidError

NAME_LENGTH = 96
FULL_NAME_LENGTH = 200
SUB_LENGTH = 64
ROLE_LENGTH = 60
URL_LENGTH = 500


@dataclass(frozen=True, slots=True)
class HubOrg:
    """An organisation and one person's role in it; a role the Hub did not tell is empty, which is no role."""

    sub: str
    handle: str
    name: str
    avatar_url: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class HubProfile:
    """A person of the Hub. `sub` stays for ever; everything else is as it is today."""

    sub: str
    username: str
    full_name: str = ""
    avatar_url: str = ""
    organisations: tuple[HubOrg, ...] = ()

    @classmethod
    def from_userinfo(cls, userinfo: Mapping[str, object]) -> Self:
        """Read `/oauth/userinfo`. Organisations without a `sub` are left out, so are those named twice.

        Raises InvalidError when it does not say who the person is.
        """
        sub = _sub(userinfo)
        if not sub:
            raise InvalidError(_("Hugging Face did not say who you are. Try to sign in again."))
        listed = userinfo.get("orgs")
        entries = listed if isinstance(listed, list) else []
        organisations = (_organisation(entry) for entry in entries if isinstance(entry, Mapping))
        return cls(
            sub=sub,
            username=_text(userinfo, "preferred_username", NAME_LENGTH) or sub,
            full_name=_text(userinfo, "name", FULL_NAME_LENGTH),
            avatar_url=_picture(userinfo),
            organisations=tuple({org.sub: org for org in organisations if org.sub}.values()),
        )


def _organisation(entry: Mapping[str, object]) -> HubOrg:
    """The handle is `preferred_username`; `name` is what people call it."""
    sub = _sub(entry)
    handle = _text(entry, "preferred_username", NAME_LENGTH) or sub
    return HubOrg(
        sub=sub,
        handle=handle,
        name=_text(entry, "name", FULL_NAME_LENGTH) or handle,
        avatar_url=_picture(entry),
        role=_text(entry, "roleInOrg", ROLE_LENGTH),
    )


def _sub(source: Mapping[str, object]) -> str:
    """The identifier as it is: one that does not fit is none, for a shortened one could be somebody else's."""
    sub = source.get("sub")
    fits = isinstance(sub, str) and len(sub) <= SUB_LENGTH and sub.isprintable()
    return sub.strip() if fits and isinstance(sub, str) else ""


def _text(source: Mapping[str, object], key: str, length: int) -> str:
    value = source.get(key)
    if not isinstance(value, str):
        return ""
    kept = (character for character in value if unicodedata.category(character) not in {"Cc", "Cs"})
    return "".join(kept).strip()[:length]


def _picture(source: Mapping[str, object]) -> str:
    """The address of the picture; empty if it is none that a page may show."""
    given = _text(source, "picture", URL_LENGTH + 1)
    url = urljoin(f"{settings.HUB_URL}/", given) if given else ""
    shown = len(url) <= URL_LENGTH and urlsplit(url).scheme in {"http", "https"}
    return url if shown else ""
