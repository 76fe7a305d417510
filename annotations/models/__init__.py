"""Records and the answers people give to them, the counters that follow, imports and releases."""

from annotations.models.answer import Assignment, Contributor, Lapse, Response, Skip, Withdrawal
from annotations.models.draft import Draft
from annotations.models.history import ResponseEdit
from annotations.models.imports import Import, ImportState, Order, Priority
from annotations.models.objection import Discard, Flag, FlagReason
from annotations.models.record import Record, SetAside
from annotations.models.release import Manifest, Release, ReleaseFile, ReleaseState
from annotations.models.totals import ProjectDay, ProjectTotals, TotalsDelta
from annotations.models.trial import TrialAnswer

__all__ = [
    "Assignment",
    "Contributor",
    "Discard",
    "Draft",
    "Flag",
    "FlagReason",
    "Import",
    "ImportState",
    "Lapse",
    "Manifest",
    "Order",
    "Priority",
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
    "TrialAnswer",
    "Withdrawal",
]
