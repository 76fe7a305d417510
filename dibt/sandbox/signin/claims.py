"""What a client learns of a person, scope by scope.

Organisations come only with `read-memberships`, the address only with `email`. An organisation's handle is its
`preferred_username`; its `name` is for display. `sub` survives a change of the handle, nothing else does.
"""

from dibt.sandbox.people import ORGANISATIONS, Person
from dibt.sandbox.whoami import avatar
from dibt.sandbox.wire import Request

SCOPES = (
    *("openid", "profile", "email", "read-billing", "read-memberships"),
    *("read-repos", "gated-repos", "contribute-repos", "write-repos", "manage-repos"),
    *("read-collections", "write-collections", "inference-api", "read-endpoints", "write-endpoints"),
    *("jobs", "webhooks", "write-discussions"),
)
WRITING = frozenset({"write-repos", "manage-repos"})


def userinfo(request: Request, person: Person, scope: str) -> dict[str, object]:
    """The claims that `scope` allows."""
    granted = scope.split()
    claims: dict[str, object] = {"sub": person.sub}
    if "profile" in granted:
        claims |= {
            "name": person.fullname,
            "preferred_username": person.handle,
            "profile": f"{request.origin}/{person.handle}",
            "picture": avatar(request, person.handle),
        }
    if "email" in granted:
        claims |= {"email": person.email, "email_verified": True}
    if "read-billing" in granted:
        claims |= {"canPay": False, "billingMode": "prepaid"}
    claims["isPro"] = person.is_pro
    claims["orgs"] = _organisations(request, person) if "read-memberships" in granted else []
    return claims


def _organisations(request: Request, person: Person) -> list[dict[str, object]]:
    return [
        {
            "sub": ORGANISATIONS[handle].sub,
            "name": ORGANISATIONS[handle].fullname,
            "preferred_username": handle,
            "picture": avatar(request, handle),
            "plan": ORGANISATIONS[handle].plan,
            "canPay": False,
            "roleInOrg": role,
            "securityRestrictions": [],
            "resourceGroups": [],
        }
        for handle, role in person.memberships.items()
    ]
