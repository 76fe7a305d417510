"""How it ended, to be compared with how it ends where nobody is killed."""

from collections.abc import Mapping

from django.conf import settings

from accounts.models import Notice
from dibt.gateways.argilla import Argilla
from dibt.lib import secrets
from projects.models import Space
from projects.provisioning.wanted import API_KEY
from tests.matrix.kill_scenarios import Asked
from tests.matrix.kill_world import World

Picture = Mapping[str, object]


def picture_of(world: World, asked: Asked) -> Picture:
    """What there is in the end, here and on the Hub, in words that are the same for one Space and the next."""
    space = Space.objects.get(pk=asked.space.pk)
    there = space.repo_id in world.sandbox.state.repos("space", owner=space.owner)
    return {
        "state": space.state,
        "steps": [(step.key, step.state, step.error) for step in space.steps.all()],
        "proven": space.proven_at is not None and space.proven_at >= asked.at,
        "events": [event.kind for event in space.events.order_by("pk")],
        "notices": sorted(
            Notice.objects.filter(url__contains=space.project.slug).values_list("kind", flat=True)
        ),
        "its bucket": space.bucket_id in world.sandbox.state.buckets(owner=space.owner),
        "strays": strays(world, space.owner),
        "on the Hub": _on_the_hub(world, space) if there else None,
    }


def strays(world: World, owner: str) -> list[str]:
    """Spaces and buckets that belong to none of our rows."""
    state, rows = world.sandbox.state, Space.objects.all()
    ours = {name for row in rows for name in (row.repo_id, row.bucket_id)}
    return sorted({*state.repos("space", owner=owner), *state.buckets(owner=owner)} - ours)


def _on_the_hub(world: World, space: Space) -> Picture:
    api = world.api
    box = secrets.decrypt(space.secrets_box)
    runtime = api.get_space_runtime(space.repo_id)
    own = {
        str(space.provision_id): "its provision id",
        space.bucket_id: "its bucket",
        space.requested_by.hub_username: "who asked for it",
    }
    return {
        "stage": runtime.stage,
        "hardware": runtime.hardware,
        "volumes": [(own.get(volume.source), volume.mount_path) for volume in runtime.volumes or ()],
        "variables": {
            key: own.get(variable.value, variable.value)
            for key, variable in api.get_space_variables(space.repo_id).items()
        },
        "secrets": {
            key: world.sandbox.state.has_secret(space.repo_id, key, box.get(key, ""))
            for key in api.get_space_secrets(space.repo_id)
        },
        "commits": [commit.title for commit in api.list_repo_commits(space.repo_id, repo_type="space")],
        "workspaces": sorted(
            Argilla(space.url, api_key=box[API_KEY], timeout=settings.HUB_TIMEOUT).workspaces()
        ),
    }
