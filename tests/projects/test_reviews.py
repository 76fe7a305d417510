"""Reviews: whose, of what, and which counts."""

import pytest

from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from projects.domain import applications
from projects.domain.reviews import review
from projects.models import Application, Review
from tests.factories import a_cohort, a_draft, an_application, organiser, person

pytestmark = pytest.mark.django_db
SCORES = {"need": 5, "feasibility": 3, "community": 4}


def test_a_review_keeps_scores_comment_and_the_edition_that_was_read():
    application, judge = an_application(), organiser()

    given = review(application, by=judge, **SCORES, comment="Needed.")

    kept = Review.objects.values("need", "feasibility", "community", "comment", "edition", "reviewer").get()
    assert kept == {**SCORES, "comment": "Needed.", "edition": application.edition, "reviewer": judge.pk}
    assert given.mean == 4


def test_a_second_review_by_the_same_person_replaces_the_first():
    application, judge = an_application(), organiser()
    review(application, by=judge, **SCORES, comment="First.")

    review(application, by=judge, **{**SCORES, "need": 1}, comment="Second.")

    assert [(given.need, given.comment) for given in Review.objects.all()] == [(1, "Second.")]


def test_nobody_reviews_their_own_application():
    both = organiser()
    application = an_application(lead=both)

    with pytest.raises(NotAllowedError, match="another organiser"):
        review(application, by=both, **SCORES)

    assert not Review.objects.exists()


def test_for_others_there_is_no_such_application():
    application = an_application()

    with pytest.raises(NotVisibleError):
        review(application, by=person(), **SCORES)
    with pytest.raises(NotAllowedError):
        review(application, by=application.lead, **SCORES)

    assert not Review.objects.exists()


@pytest.mark.parametrize("score", [0, 6, -1])
@pytest.mark.parametrize("name", SCORES)
def test_scores_go_from_1_to_5(name: str, score: int):
    application = an_application()

    with pytest.raises(InvalidError) as refusal:
        review(application, by=organiser(), **{**SCORES, name: score})

    assert list(refusal.value.fields) == [name]
    assert not Review.objects.exists()


def test_a_comment_that_is_too_long_is_refused_by_name():
    with pytest.raises(InvalidError) as refusal:
        review(an_application(), by=organiser(), **SCORES, comment="x" * 10_000)

    assert list(refusal.value.fields) == ["comment"]


def test_only_what_waits_for_a_decision_is_reviewed():
    application = an_application()
    applications.accept(application, by=organiser())

    with pytest.raises(ConflictError, match="“Accepted” now"):
        review(application, by=organiser(), **SCORES)
    with pytest.raises(ConflictError, match="“Draft” now"):
        review(a_draft(), by=organiser(), **SCORES)


def test_a_text_that_was_changed_after_it_was_read_is_not_reviewed():
    application = an_application()

    with pytest.raises(ConflictError, match="changed this application"):
        review(application, by=organiser(), **SCORES, edition=application.edition - 1)


def test_the_queue_puts_the_fewest_reviews_first_and_knows_the_mean():
    cohort = a_cohort()
    twice, never, once = (an_application(cohort) for _ in range(3))
    review(twice, by=organiser("one"), need=5, feasibility=5, community=5)
    review(twice, by=organiser("two"), need=1, feasibility=2, community=3)
    review(once, by=organiser("one"), **SCORES)

    queue = Application.objects.waiting_for_review()

    assert [(row.pk, row.review_count, row.mean_score) for row in queue] == [
        (never.pk, 0, None),
        (once.pk, 1, 4.0),
        (twice.pk, 2, 3.5),
    ]
