"""Changing an own answer, until it is in a release; what it was before is kept.

An edit changes no count and no place. It is also for a project that is paused or completed: no answer is added, and
what its releases are made of are the answers as their authors want them. What is published stays as it was given, so
that a release and the site never say two things of one answer; what was left out of it is still its author's to change.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from annotations.domain import released
from annotations.models import Contributor, Release, ReleaseState, Response, ResponseEdit
from dibt.lib import clock
from dibt.lib.errors import ConflictError, NotAllowedError, NotVisibleError
from projects.domain import tasks
from projects.models import ProjectState
from projects.permissions import may_see_records
from projects.schema.answers import validate_answer

CHANGEABLE = (ProjectState.OPEN, ProjectState.PAUSED, ProjectState.COMPLETED)


def edit(response: Response, *, by: User, values: object, guidelines_version: int | None = None) -> Response:
    """The answer with other values, held to the task as it is now; the same values again change nothing.

    `guidelines_version`: the number of the guidelines that its author had before them; if not said, the answer stays
    one that was given under those that it names.

    Raises AnswerError when the values do not fit the task, InvalidError for a version that is none, ConflictError when
    the answer is in a published release, one is being published or the project is archived, NotAllowedError where its
    author may no longer see the record, NotVisibleError for everybody else.
    """
    with transaction.atomic():
        releases = _lock(response)
        response = _fresh(response, by)
        _require_changeable(response, releases)
        version = tasks.current_schema(response.project)
        fields = response.record.fields if version.schema.marks_text else None
        given = validate_answer(version.schema, values, fields=fields).to_json()
        if given == response.values:
            return response
        _keep(response)
        response.values, response.schema_version = given, version
        if guidelines_version is not None:
            response.guidelines_version = tasks.guidelines_numbered(response.project, guidelines_version)
        response.save(update_fields=["values", "schema_version", "guidelines_version"])
    return response


def require_editable(response: Response, *, by: User) -> None:
    """Refuse as `edit` would; what is asked here may have changed by then."""
    _require_author(response, by)
    _require_changeable(response, list(Release.objects.filter(project=response.project_id)))


def fixed(responses: Iterable[Response]) -> dict[int, str]:
    """Why answers can no longer be changed, by their id; those that can are not in it. One query for all."""
    responses = list(responses)
    releases: dict[int, list[Release]] = {}
    for release in Release.objects.filter(project__in={response.project_id for response in responses}):
        releases.setdefault(release.project_id, []).append(release)
    reasons = {each.pk: _reason(each, releases.get(each.project_id, [])) for each in responses}
    return {pk: reason for pk, reason in reasons.items() if reason}


def _lock(response: Response) -> list[Release]:
    """Their author's row, as for all that they do, then the releases of the project: none of them begins to be
    made or published before this edit is there, or it is seen here."""
    Contributor.objects.select_for_update(no_key=True).filter(pk=response.contributor_id).first()
    releases = Release.objects.select_for_update(no_key=True).filter(project=response.project_id)
    return list(releases.order_by("pk"))


def _fresh(response: Response, by: User) -> Response:
    rows = Response.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("project", "contributor").filter(pk=response.pk).first()
    if found is None:
        raise NotVisibleError(_("There is no such answer."))
    _require_author(found, by)
    return found


def _require_author(response: Response, by: User) -> None:
    if response.contributor.user_id != by.pk:
        raise NotVisibleError(_("There is no such answer."))
    if not may_see_records(response.project, by):
        raise NotAllowedError(
            _("This project is for members of %(organisation)s. Join it on the Hub, then sign in again.")
            % {"organisation": response.project.organisation}
        )


def _require_changeable(response: Response, releases: list[Release]) -> None:
    if reason := _reason(response, releases):
        raise ConflictError(reason)


def _reason(response: Response, releases: list[Release]) -> str:
    """Why the answer stays as it is; "" when it may be changed."""
    if response.project.state not in CHANGEABLE:
        return _(
            "This project is “%(state)s”, and its answers stay as they are. You can still delete yours."
        ) % {"state": response.project.get_state_display()}
    if response.surplus:
        return ""
    for release in releases:
        if release.state == ReleaseState.PUBLISHED and released.holds(release, response):
            return _(
                "This answer is in release %(number)s, which is published, and stays as it is there."
            ) % {"number": release.number}
    if any(release.state == ReleaseState.PUBLISHING for release in releases):
        return _(
            "A release of this project is being published at this moment, and answers stay as they are until it is "
            "there. Try again in some minutes."
        )
    return ""


def _keep(response: Response) -> None:
    """What the answer is until now, for its author to look up."""
    ResponseEdit.objects.create(
        response=response,
        at=clock.now(),
        values=response.values,
        schema_version_id=response.schema_version_id,
        guidelines_version_id=response.guidelines_version_id,
    )
