"""What the demo tells: applications and what became of them, projects and how they went.

All times are in days before now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from projects.schema.definition import TaskSchema


class Fate(StrEnum):
    """How far an application has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an application says; `organisation` names the one whose members alone may take part."""

    title: str
    pitch: str
    languages: tuple[str, ...]
    domain: str
    task_kind: str
    data_source: str = ""
    licence: str = ""
    target: int = 0
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """The organiser's review."""

    need: int
    feasibility: int
    community: int
    comment: str


@dataclass(frozen=True, kw_only=True)
class ApplicationPlan:
    """Started, then decided; `feedback` is what the group was told."""

    lead: str
    said: Said
    fate: Fate
    started: float
    opinion: Opinion | None = None
    decided: float = 0
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file of `data/`: which column feeds the one field of the task, and, if known, the row's right label."""

    file: str
    column: str
    field: str
    id_column: str = ""
    label_column: str = ""
    suggested_by: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectPlan:
    """An application that became a project.

    `crew` says who annotates and how eager each is, `turns` how often one of them opens a record. A project
    without `opened` is still being set up; `task` and `guidelines` replace those of its preset.
    """

    application: ApplicationPlan
    source: Source
    overlap: int
    prepared: float
    opened: float = 0
    crew: Mapping[str, int]
    turns: int = 0
    completed: float = 0
    has_space: bool = False
    guidelines: str = ""
    task: TaskSchema | None = None


@dataclass(frozen=True, kw_only=True)
class CohortPlan:
    """A call; `closes` is negative for one that still runs."""

    name: str
    description: str
    opens: float
    closes: float
    seats: int
    monthly_budget: int
    wanted_languages: tuple[str, ...]
    wanted_domains: tuple[str, ...]
    wanted_tasks: tuple[str, ...]
    projects: tuple[ProjectPlan, ...]
    others: tuple[ApplicationPlan, ...]
