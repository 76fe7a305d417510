"""Reviews: what organisers think of an application before somebody decides."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError
from projects.domain import proposals
from projects.domain.applications import require_edition
from projects.models import Application, ApplicationState, Review
from projects.permissions import require_judge

SCORES = range(1, 6)
MOST_COMMENT = 4000


def review(
    application: Application,
    *,
    by: User,
    need: int,
    feasibility: int,
    community: int,
    comment: str = "",
    edition: int | None = None,
) -> Review:
    """Keep the scores (1 weak to 5 strong) and comment of `by`; a second review replaces their first.

    `edition` is the one that was read, if known. Raises ConflictError when the application was changed since
    or is not waiting for reviews, InvalidError naming what cannot be kept.
    """
    require_judge(application, by)
    scores = {"need": need, "feasibility": feasibility, "community": community}
    _require_valid(scores, comment)
    with transaction.atomic():
        application.refresh_from_db(from_queryset=Application.objects.select_for_update(of=("self",)))
        if application.state != ApplicationState.SUBMITTED:
            raise ConflictError(
                _("This application is “%(state)s” now, so it takes no more reviews.")
                % {"state": application.get_state_display()}
            )
        require_edition(application, edition)
        kept = {**scores, "comment": comment, "edition": application.edition, "updated_at": clock.now()}
        return Review.objects.update_or_create(application=application, reviewer=by, defaults=kept)[0]


def _require_valid(scores: dict[str, int], comment: str) -> None:
    problems = {
        name: [_("Choose a score from 1 to 5.")] for name, score in scores.items() if score not in SCORES
    }
    if problem := proposals.text_problem(comment, most=MOST_COMMENT):
        problems["comment"] = [problem]
    if problems:
        raise InvalidError(_("Your review was not saved. Change what is marked."), problems)
