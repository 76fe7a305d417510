"""What a lead has done and what comes next, on the way to an open project."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.domain import tasks
from projects.domain.projects import Readiness
from projects.models import Project, Space, SpaceState
from projects.schema.presets import preset


@dataclass(frozen=True)
class Item:
    """One line: whether it is done, what is there or lacking, and where it is done."""

    label: str
    detail: str
    url: str
    done: bool
    optional: bool = False


def checklist(project: Project, ready: Readiness) -> list[Item]:
    return [_task(project, ready), _guidelines(project, ready), _records(project, ready), _space(project)]


def _task(project: Project, ready: Readiness) -> Item:
    schema, start = tasks.current_schema(project).schema, preset(project.task_kind)
    number = len(schema.questions)
    asked = ngettext("%(number)d question", "%(number)d questions", number) % {"number": number}
    as_preset = start is not None and schema == start.schema
    if not ready.schema:
        detail = _("It cannot be used as it is: see what is wrong.")
    elif as_preset:
        detail = _("%(asked)s, as the preset has it. See whether it fits your data.") % {"asked": asked}
    else:
        detail = _("%(asked)s, made your own.") % {"asked": asked}
    return Item(_("Shape the task"), detail, reverse("manage:task", args=[project.slug]), ready.schema)


def _guidelines(project: Project, ready: Readiness) -> Item:
    current, start = tasks.current_guidelines(project), preset(project.task_kind)
    if current is None:
        detail = _("Tell people in a few lines how to decide.")
    elif start is not None and current.text.strip() == str(start.guidelines).strip():
        detail = _("As the preset has them. Examples from your own data make them better.")
    else:
        detail = _("Version %(number)d, made your own.") % {"number": current.number}
    url = reverse("manage:guidelines", args=[project.slug])
    return Item(_("Write the guidelines"), detail, url, ready.guidelines)


def _records(project: Project, ready: Readiness) -> Item:
    there = _("Records are there. See in the preview how they look.")
    lacking = _(
        "Bring in a CSV, TSV, JSON Lines or Parquet file; you see what would be taken before anything is."
    )
    url = reverse("records:list", args=[project.slug])
    return Item(_("Import records"), there if ready.records else lacking, url, ready.records)


def _space(project: Project) -> Item:
    space = Space.objects.filter(project=project).first()
    detail = space.get_state_display() if space else _("Annotating in the workspace here needs none.")
    done = space is not None and space.state == SpaceState.READY
    url = reverse("manage:space", args=[project.slug])
    return Item(_("Ask for a Space"), detail, url, done, optional=True)
