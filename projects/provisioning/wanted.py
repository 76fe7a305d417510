"""What is wanted of a Space, as one plain value: the steps know no models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings

from dibt.gateways.hub import Mount, NewSpace
from dibt.lib import secrets
from projects.models import Space
from projects.provisioning import files

PROVISION_ID = "DIBT_PROVISION_ID"
DATA = "/data"


@dataclass(frozen=True)
class Wanted:
    """The desired state of one Space. `may_rebuild`: it has not been rebuilt by itself yet."""

    owner: str
    repo_id: str
    other_name: str
    bucket_id: str
    provision_id: str
    template: str
    visibility: str
    hardware: str
    variables: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    may_rebuild: bool

    @property
    def mounts(self) -> tuple[Mount, ...]:
        return (Mount(self.bucket_id, DATA),)

    @cached_property
    def new_space(self) -> NewSpace:
        return NewSpace(
            repo_id=self.repo_id,
            template=self.template,
            visibility=self.visibility,
            hardware=self.hardware,
            variables=self.variables,
            secrets=self.secrets,
            mounts=self.mounts,
        )

    def without_secrets(self, text: str) -> str:
        """The text with every secret's value blotted out, for what strangers' programs have written."""
        for value in self.secrets.values():
            text = text.replace(value, "•••")
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
        visibility="public",  # the code holds no records, and who may sign in is said in the card
        hardware=space.hardware,
        variables=_variables(space),
        secrets=secrets.decrypt(space.secrets_box),
        files=files.of(space.project),
        may_rebuild=space.rebuilt_at is None,
    )


def _variables(space: Space) -> dict[str, str]:
    """What the Argilla image reads at its start; USERNAME is the Hub name of the person who becomes its owner."""
    return {
        PROVISION_ID: str(space.provision_id),
        "USERNAME": space.requested_by.hub_username,
        "WORKSPACE": files.WORKSPACE,
        "ARGILLA_HOME_PATH": f"{DATA}/argilla",
        # Its search index is lost with every restart, and filled again from its database.
        "REINDEX_DATASETS": "1",
    }
