"""What changed in the guidelines since somebody last answered, so that they are told."""

from annotations.models import Contributor, Response
from dibt.lib.differences import Kind, Passage, passages
from projects.domain import tasks


def changes_for(contributor: Contributor) -> tuple[Passage, ...]:
    """What was added to and removed from the guidelines since this person's last answer in the project.

    Empty where nothing was that can be read, and for those who have answered nothing yet.
    """
    answers = Response.objects.filter(contributor=contributor).order_by("-submitted_at", "-pk")
    last = answers.select_related("guidelines_version").first()
    known = last.guidelines_version if last else None
    if known is None or known.pk == tasks.current_guidelines_id(contributor.project):
        return ()
    current = tasks.current_guidelines(contributor.project)
    if current is None:
        return ()
    return tuple(
        passage
        for passage in passages(known.text, current.text)
        if passage.kind != Kind.KEPT and passage.words
    )
