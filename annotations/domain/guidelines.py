"""What changed in the guidelines since somebody last answered, so that they are told."""

from annotations.models import Contributor, Response
from dibt.lib.differences import Kind, Passage, passages
from projects.domain import tasks
from projects.models import GuidelinesVersion


def changes_for(contributor: Contributor, *, shown: int | None = None) -> tuple[Passage, ...]:
    """What was added to and removed from the guidelines since the newest version that this person has answered under
    in the project.

    Of who has answered nothing yet, `shown` is the number of the version that they have before them, if known. Empty
    where nothing was changed that can be read.
    """
    current = tasks.current_guidelines(contributor.project)
    if current is None:
        return ()
    known = _answered_under(contributor, current) or _numbered(current, shown)
    if known is None or known == current:
        return ()
    return tuple(
        passage
        for passage in passages(known.text, current.text)
        if passage.kind != Kind.KEPT and passage.words
    )


def _answered_under(contributor: Contributor, current: GuidelinesVersion) -> GuidelinesVersion | None:
    """Mostly the last answer tells it. One that was late, or tried before signing in, may name an older version than
    the answers before it."""
    answers = Response.objects.filter(contributor=contributor).order_by("-submitted_at", "-pk")
    if answers.values_list("guidelines_version", flat=True).first() == current.pk:
        return current
    versions = GuidelinesVersion.objects.filter(responses__contributor=contributor)
    return versions.order_by("-number").first()


def _numbered(current: GuidelinesVersion, number: int | None) -> GuidelinesVersion | None:
    versions = GuidelinesVersion.objects.filter(project=current.project_id)
    return None if number is None else versions.filter(number=number).first()
