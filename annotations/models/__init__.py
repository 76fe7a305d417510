"""Records and the answers people give to them, the counters that follow, imports and releases."""

from annotations.models.answer import Assignment, Contributor, Lapse, Response, Skip
from annotations.models.history import ResponseEdit
from annotations.models.imports import Import, ImportState
from annotations.models.objection import Discard, Flag, FlagReason
from annotations.models.record import Record, SetAside
from annotations.models.release import Manifest, Release, ReleaseFile, ReleaseState
from annotations.models.totals import ProjectDay, ProjectTotals, TotalsDelta

__all__ = [
    "Assignment",
    "Contributor",
    "Discard",
    "Flag",
    "FlagReason",
    "Import",
    "ImportState",
    "Lapse",
    "Manifest",
    "ProjectDay",
    "ProjectTotals",
    "Record",
    "Release",
    "ReleaseFile",
    "ReleaseState",
    "Response",
    "ResponseEdit",
    "SetAside",
    "Skip",
    "TotalsDelta",
]
