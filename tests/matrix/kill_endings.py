"""How it ended, to be compared with how it ends where nobody is killed."""

from collections.abc import Mapping

from django.conf import settings

from accounts.models import Notice
from dibt.gateways.argilla import Argilla
from dibt.lib import secrets
from projects.models import Space
from projects.provisioning.wanted import API_KEY
from tests.matrix.fault_endings import not_as_wanted
from tests.matrix.kill_scenarios import Asked
from tests.matrix.kill_world import World

Picture = Mapping[str, object]


def picture_of(world: World, asked: Asked) -> Picture:
    """What there is in the end, here and on the Hub, in words that are the same for one Space and the next."""
    space = Space.objects.get(pk=asked.space.pk)
    notices = Notice.objects.filter(url__contains=space.project.slug)
    there = space.repo_id in world.sandbox.state.repos("space", owner=space.owner)
    return {
        "state": space.state,
        "not as wanted": not_as_wanted(space, world.sandbox),
        "steps": [(step.key, step.state, step.error) for step in space.steps.all()],
        "proven": space.proven_at is not None and space.proven_at >= asked.at,
        "events": [event.kind for event in space.events.order_by("pk")],
        "notices": sorted(notices.values_list("kind", flat=True)),
        "strays": strays(world, space.owner),
        "commits": commits(world, space) if there else [],
        "workspaces": workspaces(space) if there else [],
    }


def strays(world: World, owner: str) -> list[str]:
    """Spaces and buckets that belong to none of our rows."""
    state, rows = world.sandbox.state, Space.objects.all()
    ours = {name for row in rows for name in (row.repo_id, row.bucket_id)}
    return sorted({*state.repos("space", owner=owner), *state.buckets(owner=owner)} - ours)


def commits(world: World, space: Space) -> list[str]:
    return [commit.title for commit in world.api.list_repo_commits(space.repo_id, repo_type="space")]


def workspaces(space: Space) -> list[str]:
    """Those in its Argilla, where nothing of the proof is left."""
    key = secrets.decrypt(space.secrets_box)[API_KEY]
    return sorted(Argilla(space.url, api_key=key, timeout=settings.HUB_TIMEOUT).workspaces())
