"""Who there is: people and organisations as plain data.

People are named after animals so that nobody takes them for real ones. `sub` is what stays when a handle changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; without a `plan` it may not own Docker or Gradio Spaces."""

    sub: str
    handle: str
    fullname: str
    details: str
    plan: str | None = None
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """An account; `memberships` maps an organisation's handle to the role there.

    `hint` tells on the sign-in page what the person is for; a person without one (the bot) cannot be picked.
    """

    sub: str
    handle: str
    fullname: str
    hint: str
    memberships: Mapping[str, str] = field(default_factory=dict)
    is_pro: bool = False

    @property
    def email(self) -> str:
        return f"{self.handle}@sandbox.invalid"


ORGANISATIONS: Mapping[str, Organisation] = {
    organisation.handle: organisation
    for organisation in (
        Organisation(
            "65b0c3f1a4d27e9018f6b2d4",
            "data-is-better-together",
            "Data Is Better Together",
            "Communities building the datasets open source lacks. Hosts the projects' Spaces.",
            plan="team",
            is_verified=True,
        ),
        Organisation(
            "65b1d8e27c30fa46b95e1c08",
            "delta-readers",
            "Delta Readers",
            "Reading and rating texts of the delta.",
        ),
        Organisation(
            "65b2a90d5e81c7f3264ab7e3",
            "souk-letters",
            "Souk Letters",
            "Letters, signs and sayings of the markets.",
        ),
        Organisation(
            "63e0f5b8d19c2a7460e3c5d1",
            "argilla",
            "Argilla",
            "Keeps the template of annotation Spaces.",
            plan="team",
        ),
    )
}

PEOPLE: tuple[Person, ...] = (
    Person(
        "62a0b7d4e3f19c5806ad2e71",
        "weaver",
        "Weaver",
        "organises the cohorts",
        {"data-is-better-together": "admin"},
    ),
    Person("62a1c8e5f4028d6917be3f82", "ibis", "Ibis", "leads a project", {"delta-readers": "admin"}),
    Person("62a2d9f605139e7a28cf4093", "tern", "Tern", "leads a project", {"souk-letters": "admin"}),
    Person("62a3ea0716240f8b39d051a4", "okapi", "Okapi", "contributes", {"delta-readers": "write"}),
    Person("62a4fb182735109c4ae162b5", "heron", "Heron", "contributes", {"delta-readers": "read"}),
    Person("62a50c29384621ad5bf273c6", "gecko", "Gecko", "contributes", {"souk-letters": "contributor"}),
    Person(
        "62a61d3a495732be6c0384d7",
        "hoopoe",
        "Hoopoe",
        "contributes",
        {"souk-letters": "read", "delta-readers": "read"},
    ),
    Person("62a72e4b5a6843cf7d1495e8", "lynx", "Lynx", "contributes", is_pro=True),
    Person("62a83f5c6b7954d08e25a6f9", "marmot", "Marmot", "contributes"),
    Person("62a9406d7c8a65e19f36b70a", "civet", "Civet", "contributes"),
    Person("62aa517e8d9b76f2a047c81b", "dugong", "Dugong", "contributes"),
    Person(
        "62ab628f9eac8703b158d92c",
        "dibt-bot",
        "The platform's own account",
        "",
        {"data-is-better-together": "admin"},
    ),
)

# Tokens that work from the start: the platform's, one that may only read, and one for every person.
TOKENS: tuple[tuple[str, str, str], ...] = (
    ("hf_sandbox_platform", "dibt-bot", "write"),
    ("hf_sandbox_readonly", "dibt-bot", "read"),
    *((f"hf_sandbox_{person.handle}", person.handle, "write") for person in PEOPLE if person.hint),
)
