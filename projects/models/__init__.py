"""Cohorts, the applications to them, and the projects and Spaces that come of them."""

from projects.models.application import Application, ApplicationState, Review
from projects.models.cohort import Cohort
from projects.models.hosting import FREE_HARDWARE, HardwarePrice, SpaceUse
from projects.models.project import Access, Project, ProjectRole, ProjectState, Role, TaskKind
from projects.models.space import (
    Proof,
    Space,
    SpaceGoal,
    SpaceState,
    SpaceStep,
    StepKey,
    StepState,
    Visibility,
)
from projects.models.space_event import EventKind, SpaceEvent
from projects.models.task import GuidelinesVersion, SchemaVersion

__all__ = [
    "FREE_HARDWARE",
    "Access",
    "Application",
    "ApplicationState",
    "Cohort",
    "EventKind",
    "GuidelinesVersion",
    "HardwarePrice",
    "Project",
    "ProjectRole",
    "ProjectState",
    "Proof",
    "Review",
    "Role",
    "SchemaVersion",
    "Space",
    "SpaceEvent",
    "SpaceGoal",
    "SpaceState",
    "SpaceStep",
    "SpaceUse",
    "StepKey",
    "StepState",
    "TaskKind",
    "Visibility",
]
