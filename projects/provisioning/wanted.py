"""What is wanted of a Space, as one plain value: the steps know no models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings

from dibt.gateways.errors import HIDDEN
from dibt.gateways.hub import Mount, NewSpace
from dibt.lib import clock, secrets
from projects.domain import costs
from projects.models import FREE_HARDWARE, Project, Proof, Role, Space, SpaceGoal, Visibility
from projects.provisioning import files

PROVISION_ID = "DIBT_PROVISION_ID"
API_KEY = "API_KEY"
DATA = "/data"
PASSWORD = "PASSWORD"  # noqa: S105  the name of one


@dataclass(frozen=True)
class Wanted:
    """The desired state of one Space, and what its row tells of the way there.

    `closed_to_leads` is the handle of the organisation that the project is for if none of its leads belongs to
    it. `over_budget` is why its cohort cannot pay for it, empty if it can. `address` is where Argilla is served,
    once that is known. `may_rebuild`: it has not been rebuilt by itself yet; `settled`: what was last written into
    Argilla has had time to reach the volume; `leaving`: it is to be deleted. `rotating` are the secrets of which
    the Space may still have an old value.
    """

    owner: str
    repo_id: str
    other_name: str
    bucket_id: str
    provision_id: str
    template: str
    visibility: str
    hardware: str
    sleep_seconds: int | None
    closed_to_leads: str
    over_budget: str
    address: str
    proof: Proof
    settled: bool
    may_rebuild: bool
    leaving: bool
    rotating: frozenset[str]
    mounts: tuple[Mount, ...]
    variables: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    space_token: str = field(repr=False)

    @property
    def private(self) -> bool:
        return self.visibility == Visibility.PRIVATE

    @property
    def mark(self) -> str:
        """What the proof writes into Argilla."""
        return f"dibt-proof-{self.provision_id[:8]}"

    @cached_property
    def new_space(self) -> NewSpace:
        return NewSpace(
            repo_id=self.repo_id,
            template=self.template,
            visibility=self.visibility,
            hardware=self.hardware,
            sleep_seconds=None if self.hardware == FREE_HARDWARE else self.sleep_seconds,
            variables=self.variables,
            secrets=self.secrets,
            mounts=self.mounts,
        )

    def without_secrets(self, text: str) -> str:
        """The text with all secrets and the platform's token blotted out, for what strangers' programs have written."""
        for value in filter(None, (*self.secrets.values(), settings.HUB_TOKEN)):
            text = text.replace(value, HIDDEN)
        return text


def wanted_of(space: Space, *, other_name: str) -> Wanted:
    """The desired state of the Space, as its row and its project tell it."""
    return Wanted(
        owner=space.owner,
        repo_id=space.repo_id,
        other_name=other_name,
        bucket_id=space.bucket_id,
        provision_id=str(space.provision_id),
        template=settings.SPACE_TEMPLATE,
        visibility=space.visibility,
        hardware=space.hardware,
        sleep_seconds=space.sleep_seconds,
        closed_to_leads=_closed_to_leads(space.project),
        over_budget=costs.budget_refusal(space),
        address=space.url,
        proof=Proof(space.proof),
        settled=space.proof_at is None or clock.now() - space.proof_at >= settings.SPACE_SETTLE_TIME,
        may_rebuild=space.rebuilt_at is None,
        leaving=space.goal == SpaceGoal.GONE,
        rotating=frozenset(space.rotating),
        mounts=mounts_of(space),
        variables=variables_of(space),
        secrets=secrets.decrypt(space.secrets_box),
        files=files.of(space.project),
        space_token=settings.HUB_TOKEN if space.visibility == Visibility.PRIVATE else "",
    )


def mounts_of(space: Space) -> tuple[Mount, ...]:
    """What is mounted into the Space: its bucket, where Argilla keeps its data."""
    return (Mount(space.bucket_id, DATA),)


def _closed_to_leads(project: Project) -> str:
    organisation = project.organisation if project.members_only else None
    if organisation is None:
        return ""
    leads = project.roles.filter(role=Role.LEAD, user__memberships__organisation=organisation)
    return "" if leads.exists() else organisation.handle


def variables_of(space: Space) -> dict[str, str]:
    """What the Argilla image reads at its start; USERNAME is the Hub name of the person who becomes its owner."""
    return {
        PROVISION_ID: str(space.provision_id),
        "USERNAME": space.requested_by.hub_username,
        "WORKSPACE": files.WORKSPACE,
        "ARGILLA_HOME_PATH": f"{DATA}/argilla",
        # Its search index is lost with every restart, and filled again from its database.
        "REINDEX_DATASETS": "1",
    }
