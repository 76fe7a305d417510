"""Cohorts, the applications to them, and the projects and Spaces that come of them."""

from projects.models.application import Application, ApplicationState, Review
from projects.models.cohort import Cohort
from projects.models.project import Access, Project, ProjectRole, ProjectState, Role, TaskKind
from projects.models.space import Proof, Space, SpaceState, SpaceStep, StepKey, StepState, Visibility
from projects.models.task import GuidelinesVersion, SchemaVersion

__all__ = [
    "Access",
    "Application",
    "ApplicationState",
    "Cohort",
    "GuidelinesVersion",
    "Project",
    "ProjectRole",
    "ProjectState",
    "Proof",
    "Review",
    "Role",
    "SchemaVersion",
    "Space",
    "SpaceState",
    "SpaceStep",
    "StepKey",
    "StepState",
    "TaskKind",
    "Visibility",
]
