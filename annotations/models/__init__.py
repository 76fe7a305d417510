"""Records and the answers people give to them, the counters that follow, imports and releases."""

from annotations.models.answer import Assignment, Contributor, Lapse, Response, Skip
from annotations.models.imports import Import, ImportState
from annotations.models.record import Record
from annotations.models.release import Release, ReleaseState
from annotations.models.totals import ProjectDay, ProjectTotals, TotalsDelta

__all__ = [
    "Assignment",
    "Contributor",
    "Import",
    "ImportState",
    "Lapse",
    "ProjectDay",
    "ProjectTotals",
    "Record",
    "Release",
    "ReleaseState",
    "Response",
    "Skip",
    "TotalsDelta",
]
