"""The sign-in page: one button per person, and one to turn back."""

from collections.abc import Mapping, Sequence
from html import escape

from dibt.sandbox.people import ORGANISATIONS, Person
from dibt.sandbox.whoami import avatar
from dibt.sandbox.wire import Request

ASKS = {
    "profile": "your name and picture",
    "email": "your e-mail address",
    "read-memberships": "your organisations with your role in each",
    "write-repos": "to write to your repositories",
    "manage-repos": "to manage your repositories",
}


def form(
    request: Request, people: Sequence[Person], scopes: Sequence[str], carried: Mapping[str, str], client: str
) -> str:
    """The page's content; `carried` goes along as hidden fields, `client` is the origin that asks."""
    asked = [words for scope, words in ASKS.items() if scope in scopes] or ["to know who you are"]
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in carried.items()
        if value
    )
    buttons = "".join(_person(request, person, shows_orgs="read-memberships" in scopes) for person in people)
    return f"""
<p class="lead"><strong>{escape(client)}</strong> would like {escape(_joined(asked))}.
This is a sandbox, not Hugging Face: pick any of these people, no password is asked.</p>
<form method="post" action="/oauth/authorize">
{hidden}
<ul class="people">{buttons}</ul>
<p class="deny"><button name="person" value="" class="quiet-button">Deny, and go back</button></p>
</form>"""


def _person(request: Request, person: Person, *, shows_orgs: bool) -> str:
    memberships = "".join(
        f'<span class="org">{escape(ORGANISATIONS[handle].fullname)} <small>{escape(role)}</small></span>'
        for handle, role in person.memberships.items()
    )
    orgs = f'<span class="orgs">{memberships}</span>' if memberships and shows_orgs else ""
    return (
        f'<li><button name="person" value="{escape(person.handle)}" class="person">'
        f'<img src="{escape(avatar(request, person.handle))}" alt="" width="48" height="48">'
        f'<span class="who"><span class="handle">{escape(person.handle)}</span> '
        f'<span class="hint">{escape(person.hint)}</span>{orgs}</span>'
        "</button></li>"
    )


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"
