"""Who a token belongs to; people and organisations.

Membership lists come in pages, followed by the `Link` header; a member's handle is in `user`.
"""

from dibt.sandbox import directory
from dibt.sandbox.identity import Caller, bearer, caller_of, required_caller
from dibt.sandbox.paging import page_of
from dibt.sandbox.people import ORGANISATIONS, Organisation, Person
from dibt.sandbox.repos import records
from dibt.sandbox.routing import Router
from dibt.sandbox.wire import HubError, Request, Response

PAGE = 5

router = Router()


@router.route("GET", "/api/whoami-v2")
def whoami(request: Request) -> Response:
    if not bearer(request):
        raise HubError(401, "Invalid username or password.")
    caller = required_caller(request)
    person = caller.person
    answer: dict[str, object] = {
        "type": "user",
        "id": person.sub,
        "name": person.handle,
        "fullname": person.fullname,
        "canPay": False,
        "billingMode": "prepaid",
        "periodEnd": None,
        "isPro": person.is_pro,
        "avatarUrl": avatar(request, person.handle),
        "orgs": [_org_of_caller(request, handle, role) for handle, role in person.memberships.items()],
        "auth": _auth(caller),
    }
    if not caller.scope or "email" in caller.scope.split():
        answer |= {"email": person.email, "emailVerified": True}
    return Response.json(answer)


@router.route("GET", "/api/organizations/{handle}/overview")
def organisation_overview(request: Request) -> Response:
    organisation = _organisation(request)
    counts = records.counts(request.db, organisation.handle)
    return Response.json(
        {
            **organisation_card(request, organisation),
            "details": organisation.details,
            "isVerified": organisation.is_verified,
            "isFollowing": False,
            "numUsers": len(directory.members(request.db, organisation.handle)),
            "numModels": counts["model"],
            "numSpaces": counts["space"],
            "numDatasets": counts["dataset"],
            "numFollowers": 0,
            "plan": organisation.plan,
        }
    )


@router.route("GET", "/api/organizations/{handle}/members")
def organisation_members(request: Request) -> Response:
    caller_of(request)
    organisation = _organisation(request)
    people = [
        person for person, role in directory.members(request.db, organisation.handle) if role != "no_access"
    ]
    return page_of(request, [_member(request, person) for person in people], size=PAGE)


@router.route("GET", "/api/users/{handle}/overview")
def user_overview(request: Request) -> Response:
    person = directory.by_handle(request.db, request.params["handle"])
    if person is None:
        raise HubError(404, "This user does not exist")
    counts = records.counts(request.db, person.handle)
    return Response.json(
        {
            **_member(request, person),
            "numModels": counts["model"],
            "numSpaces": counts["space"],
            "numDatasets": counts["dataset"],
            "orgs": [organisation_card(request, ORGANISATIONS[handle]) for handle in person.memberships],
        }
    )


def organisation_card(request: Request, organisation: Organisation) -> dict[str, object]:
    """What every answer says of an organisation."""
    return {
        "type": "org",
        "id": organisation.sub,
        "name": organisation.handle,
        "fullname": organisation.fullname,
        "avatarUrl": avatar(request, organisation.handle),
    }


def avatar(request: Request, handle: str) -> str:
    """Where the picture of a person or organisation is."""
    return f"{request.origin}/avatars/{handle}.svg"


def _organisation(request: Request) -> Organisation:
    organisation = ORGANISATIONS.get(request.params["handle"].lower())
    if organisation is None:
        raise HubError(404, "This organization does not exist")
    return organisation


def _member(request: Request, person: Person) -> dict[str, object]:
    return {
        "_id": person.sub,
        "user": person.handle,
        "fullname": person.fullname,
        "avatarUrl": avatar(request, person.handle),
        "isPro": person.is_pro,
        "type": "user",
    }


def _org_of_caller(request: Request, handle: str, role: str) -> dict[str, object]:
    organisation = ORGANISATIONS[handle]
    return {
        **organisation_card(request, organisation),
        "plan": organisation.plan,
        "canPay": False,
        "roleInOrg": role,
        "securityRestrictions": [],
        "resourceGroups": [],
    }


def _auth(caller: Caller) -> dict[str, object]:
    token = {"displayName": caller.name, "role": caller.role, "createdAt": caller.created_at}
    return {"type": "access_token", "accessToken": token}
