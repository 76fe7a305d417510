"""What goes to the Hub and what comes back, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

WRITING_TOKENS = frozenset({"write", "god", "fineGrained"})
UNPAID = frozenset({"", "free"})
WRITING_ROLES = frozenset({"admin", "write", "contributor"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the platform's token belongs to, and the account's role in each organisation (by handle).

    `plans` has the organisations whose plan the Hub tells, with "" for one that is told to have none.
    """

    name: str
    token_role: str
    roles: Mapping[str, str]
    plans: Mapping[str, str]

    @property
    def token_can_write(self) -> bool:
        return self.token_role in WRITING_TOKENS

    def may_create_in(self, owner: str) -> bool:
        """Whether repositories can be made there, as far as can be told.

        A role that an organisation made up counts as able: only the Hub knows what it allows.
        """
        if owner == self.name:
            return True
        role = self.roles.get(owner, "no_access")
        return role in WRITING_ROLES or role not in {"read", "no_access", ""}

    def must_pay_first(self, owner: str) -> bool:
        """Whether the Hub is known to want a plan of `owner` before it takes a Docker Space."""
        return self.plans.get(owner, "unknown") in UNPAID


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as everybody may see it; `plan` is empty where the Hub does not tell."""

    handle: str
    fullname: str
    plan: str


@dataclass(frozen=True, slots=True)
class Mount:
    """A bucket mounted into a Space, readable and writable."""

    bucket_id: str
    path: str


@dataclass(frozen=True, slots=True)
class NewSpace:
    """All that a Space is created with, at once: each later change would restart it.

    With `sleep_seconds` None it sleeps as the Hub lets such hardware sleep: free hardware soon, other never.
    """

    repo_id: str
    template: str
    visibility: str
    hardware: str
    sleep_seconds: int | None
    variables: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    mounts: tuple[Mount, ...]


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a Space does now. `stage` is the Hub's word, which the library may not know (SLEEPING).

    `hardware` is on what it runs, empty while it does not. `sleep_seconds` is after how much idleness it sleeps,
    None for never.
    """

    stage: str
    hardware: str
    requested_hardware: str
    sleep_seconds: int | None
    mounts: tuple[Mount, ...]
    error_message: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A Space as the list of its owner's tells of it."""

    runtime: Runtime
    private: bool


@dataclass(frozen=True, slots=True)
class HardwareOffer:
    """On what a Space can run, and its price in US dollars per hour."""

    name: str
    pretty_name: str
    hourly: Decimal


@dataclass(frozen=True, slots=True)
class Published:
    """A dataset as it is on the Hub now: its page and the commit that holds the files."""

    url: str
    commit: str
