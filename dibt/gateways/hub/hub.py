"""The Hub as the platform uses it: the one place that speaks `huggingface_hub`."""

import time
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from huggingface_hub import CommitOperationAdd, HfApi

from dibt.gateways.errors import RefusedError
from dibt.gateways.hub import datasets, spaces, transport
from dibt.gateways.hub.failures import hub_errors
from dibt.gateways.hub.values import (
    HardwareOffer,
    Identity,
    Listed,
    Mount,
    NewSpace,
    Organisation,
    Published,
    Runtime,
)

LIBRARY = "dibt"
LOG_SECONDS = 10.0
NEVER = -1


class Hub:
    """The Hub under one endpoint, as one account.

    Every method makes its requests once, within time limits, and raises `dibt.gateways.errors.GatewayError`;
    none waits. Those that change something may be repeated, unless they say otherwise.
    """

    def __init__(self, *, endpoint: str, token: str, timeout: timedelta) -> None:
        transport.install(timeout.total_seconds())
        # An empty token must not let the library look for one on the machine: `False` sends none.
        self._api = HfApi(endpoint=endpoint, token=token or False, library_name=LIBRARY)
        self._endpoint = endpoint

    # --- Who we are ------------------------------------------------------------------------------

    @hub_errors()
    def identity(self, *, fresh: bool = False) -> Identity:
        """Whom the token belongs to; remembered unless `fresh`, because the Hub is strict about this call."""
        if not self._api.token:
            raise RefusedError(_("The platform has no token for the Hub. Ask an organiser to set HF_TOKEN."))
        answer = self._api.whoami(cache=not fresh)
        roles = {org["name"]: org.get("roleInOrg") or "" for org in answer.get("orgs", ())}
        plans = {org["name"]: org["plan"] or "" for org in answer.get("orgs", ()) if "plan" in org}
        token = answer["auth"].get("accessToken") or {}
        return Identity(answer["name"], token.get("role", ""), roles, plans)

    @hub_errors()
    def organisation(self, handle: str) -> Organisation:
        """What everybody may know of an organisation; MissingError when there is none of that handle."""
        seen = self._api.get_organization_overview(handle)
        return Organisation(handle, seen.fullname or "", getattr(seen, "plan", None) or "")

    # --- Spaces ----------------------------------------------------------------------------------

    def space_page(self, repo_id: str) -> str:
        """The address of a Space's page on the Hub."""
        return f"{self._endpoint}/spaces/{repo_id}"

    @hub_errors()
    def ensure_bucket(self, bucket_id: str) -> None:
        """Have a private bucket of that name."""
        self._api.create_bucket(bucket_id, private=True, exist_ok=True)

    @hub_errors()
    def delete_bucket(self, bucket_id: str) -> None:
        """Have no bucket of that name: what is in it is lost for ever."""
        self._api.delete_bucket(bucket_id, missing_ok=True)

    @hub_errors()
    def space_exists(self, repo_id: str) -> bool:
        """Whether there is a Space of that name that we may see."""
        return self._api.repo_exists(repo_id, repo_type="space")

    @hub_errors()
    def create_space(self, wanted: NewSpace) -> None:
        """Copy the template into a new Space with everything it needs. Not to be repeated without looking:
        ConflictError says that there is a Space of that name, but not whose it is."""
        self._api.duplicate_repo(
            wanted.template,
            wanted.repo_id,
            repo_type="space",
            visibility="private" if wanted.visibility == "private" else "public",
            space_hardware=spaces.flavor(wanted.hardware),
            space_sleep_time=wanted.sleep_seconds,
            space_secrets=spaces.pairs(wanted.secrets),
            space_variables=spaces.pairs(wanted.variables),
            space_volumes=[spaces.volume(mount) for mount in wanted.mounts],
        )

    @hub_errors()
    def space_host(self, repo_id: str) -> str:
        """Where the Space's application is served; empty while the Hub does not say."""
        return self._api.space_info(repo_id).host or ""

    @hub_errors()
    def runtime(self, repo_id: str) -> Runtime:
        """What the Space does now."""
        return spaces.runtime(self._api.get_space_runtime(repo_id))

    @hub_errors()
    def spaces_of(self, owner: str) -> dict[str, Listed]:
        """All Spaces of an owner that we may see, by repo id: one request for each page of the Hub's list."""
        return spaces.listed(self._api.list_spaces(author=owner, expand=["runtime", "private"]))

    @hub_errors()
    def hardware_prices(self) -> list[HardwareOffer]:
        """On what a Space can run, and what that costs now."""
        return [spaces.offer(priced) for priced in self._api.list_spaces_hardware()]

    @hub_errors()
    def space_variables(self, repo_id: str) -> dict[str, str]:
        return {key: each.value for key, each in self._api.get_space_variables(repo_id).items()}

    @hub_errors()
    def set_space_variable(self, repo_id: str, key: str, value: str) -> None:
        """Restarts the Space."""
        self._api.add_space_variable(repo_id, key, value)

    @hub_errors()
    def space_secret_names(self, repo_id: str) -> frozenset[str]:
        """Which secrets the Space has; the Hub never tells their values."""
        return frozenset(self._api.get_space_secrets(repo_id))

    @hub_errors()
    def set_space_secret(self, repo_id: str, key: str, value: str) -> None:
        """Restarts the Space."""
        self._api.add_space_secret(repo_id, key, value)

    @hub_errors()
    def set_space_mounts(self, repo_id: str, mounts: Iterable[Mount]) -> None:
        """Replace all that is mounted into the Space; restarts it."""
        self._api.set_space_volumes(repo_id, [spaces.volume(mount) for mount in mounts])

    @hub_errors()
    def request_hardware(self, repo_id: str, hardware: str) -> None:
        """Restarts the Space, and may cost money from then on."""
        self._api.request_space_hardware(repo_id, spaces.flavor(hardware))

    @hub_errors()
    def set_sleep_time(self, repo_id: str, seconds: int | None) -> None:
        """Let the Space sleep after so much idleness, None for never. What is fixed for free hardware is refused."""
        self._api.set_space_sleep_time(repo_id, NEVER if seconds is None else seconds)

    @hub_errors()
    def space_is_private(self, repo_id: str) -> bool:
        return bool(self._api.space_info(repo_id).private)

    @hub_errors()
    def set_space_private(self, repo_id: str, *, private: bool) -> None:
        """Say who may see the Space: members of its organisation only, or everybody."""
        self._api.update_repo_settings(
            repo_id, repo_type="space", visibility="private" if private else "public"
        )

    @hub_errors()
    def pause_space(self, repo_id: str) -> str:
        """Stop the Space until it is started by us; returns its stage, PAUSED as soon as nothing runs any more."""
        return str(self._api.pause_space(repo_id).raw["stage"])

    @hub_errors()
    def restart_space(self, repo_id: str, *, factory: bool = False) -> None:
        """Start the Space anew; with `factory` it is built anew as well."""
        self._api.restart_space(repo_id, factory_reboot=factory)

    @hub_errors()
    def delete_space(self, repo_id: str) -> None:
        """Have no Space of that name, whosever it was; its bucket stays."""
        self._api.delete_repo(repo_id, repo_type="space", missing_ok=True)

    @hub_errors()
    def commit_space_files(self, repo_id: str, files: Mapping[str, bytes], *, message: str) -> str:
        """Have these files in the Space, by one commit or, if none differs, by none; returns the head."""
        additions = [CommitOperationAdd(path, content) for path, content in files.items()]
        commit = self._api.create_commit(repo_id, additions, commit_message=message, repo_type="space")
        return commit.oid

    @hub_errors()
    def space_log_tail(self, repo_id: str, *, build: bool, lines: int = 200) -> list[str]:
        """The last lines that the Space's build, or its running application, has written so far."""
        tail: deque[str] = deque(maxlen=lines)
        end = time.monotonic() + LOG_SECONDS
        for line in self._api.fetch_space_logs(repo_id, build=build):
            tail.append(line)
            if time.monotonic() > end:  # it is written faster than it is read
                break
        return list(tail)

    # --- Datasets --------------------------------------------------------------------------------

    @hub_errors()
    def publish_dataset(
        self,
        repo_id: str,
        files: Mapping[str, Path | bytes],
        *,
        message: str,
        description: str,
        private: bool,
        tag: str,
        marker: str = "",
    ) -> Published:
        """Make the dataset hold exactly `files` (by path in the repository), tagged `tag`.

        The same call again makes no second commit. The repository is private until all is there. A dataset
        with files that lacks the file `marker` is somebody else's: ConflictError, and nothing is touched.
        ConflictError when the tag stands at other content, or when somebody committed meanwhile.
        """
        return datasets.publish(
            self._api,
            repo_id,
            files=files,
            message=message,
            description=description,
            private=private,
            tag=tag,
            marker=marker,
        )


@lru_cache(maxsize=1)
def the_hub() -> Hub:
    """The Hub of the settings, one for the process: it remembers who we are."""
    return Hub(endpoint=settings.HUB_URL, token=settings.HUB_TOKEN, timeout=settings.HUB_TIMEOUT)
