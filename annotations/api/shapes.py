"""What the hot path answers, as plain values: the same as the serializers say, which describe it, for a tenth of
their time. A test holds the two to each other."""

from collections.abc import Sequence
from datetime import UTC, datetime

from annotations.domain.responding import Submitted
from annotations.models import Assignment, Response
from projects.domain import tasks
from projects.models import Project

Shape = dict[str, object]


def held(project: Project, assignments: Sequence[Assignment]) -> Shape:
    """As `NextSerializer`."""
    shapes = [assignment(one) for one in assignments]
    return _current(project) | {"next": shapes[0] if shapes else None, "held": shapes}


def held_alone(project: Project, assignments: Sequence[Assignment]) -> Shape:
    """As `HeldSerializer`."""
    return _current(project) | {"held": [assignment(one) for one in assignments]}


def submitted(project: Project, what: Submitted, following: Sequence[Assignment]) -> Shape:
    """As `SubmittedSerializer`."""
    return held(project, following) | {"response": response(what.response), "repeated": what.repeated}


def response(given: Response) -> Shape:
    """As `ResponseSerializer`."""
    return {
        "id": str(given.public_id),
        "project": given.project.slug,
        "record": given.record_id,
        "values": given.values,
        "schema_version": given.schema_version.number,
        "guidelines_version": given.guidelines_version.number if given.guidelines_version else None,
        "surplus": given.surplus,
        "trial": given.trial,
        "submitted_at": _moment(given.submitted_at),
    }


def assignment(one: Assignment) -> Shape:
    """As `AssignmentSerializer`."""
    record = one.record
    return {
        "record": {
            "id": record.pk,
            "external_id": record.external_id,
            "fields": record.fields,
            "suggestions": record.suggestions,
        },
        "expires_at": _moment(one.expires_at),
    }


def _current(project: Project) -> Shape:
    """As `CurrentSerializer`; asks the database for nothing where the project knows it (see `desks.project_at`)."""
    guidelines = tasks.current_guidelines(project)
    return {"guidelines_version": guidelines.number if guidelines else None}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
