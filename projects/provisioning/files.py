"""The files of a Space that are ours: its card, which also says who may sign in, and Argilla's sign-in.

The keys of the card are those of https://huggingface.co/docs/hub/spaces-config-reference and
https://huggingface.co/docs/hub/spaces-oauth.
"""

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from projects.models import Project

WORKSPACE = "argilla"
PORT = 6900


def of(project: Project) -> dict[str, bytes]:
    """Path in the repository to content; the same project always gives the same bytes."""
    return {"README.md": _card(project).encode(), ".oauth.yaml": _sign_in().encode()}


def _card(project: Project) -> str:
    front: dict[str, object] = {
        "title": project.title,
        "emoji": "🏷️",
        "colorFrom": "purple",
        "colorTo": "yellow",
        "sdk": "docker",
        "app_port": PORT,
        "fullWidth": True,
        "tags": ["argilla", "data-is-better-together"],
        "hf_oauth": True,
    }
    if project.members_only and project.organisation:
        front["hf_oauth_authorized_org"] = project.organisation.handle
    sentence = _("The annotation Space of a project of Data is Better Together. Its page: %(url)s") % {
        "url": f"{settings.SITE_URL}{project.get_absolute_url()}"
    }
    return f"---\n{_yaml(front)}---\n\n# {' '.join(project.title.split())}\n\n{sentence}\n"


def _sign_in() -> str:
    return _yaml({"providers": [{"name": "huggingface"}], "allowed_workspaces": [{"name": WORKSPACE}]})


def _yaml(values: dict[str, object]) -> str:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
