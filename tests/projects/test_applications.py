"""An application's way: every move, from every state, by every kind of person; and what is too late or too much."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Notice
from dibt.lib import clock
from dibt.lib.errors import ConflictError, DomainError, InvalidError, NotAllowedError, NotVisibleError
from projects.domain import applications
from projects.models import Application, ApplicationState, Project, SchemaVersion
from projects.models.proposal import PROPOSAL_FIELDS
from projects.schema.presets import preset
from tests.factories import (
    a_cohort,
    a_draft,
    a_project,
    a_proposal,
    an_application,
    organisation,
    organiser,
    person,
)

pytestmark = pytest.mark.django_db
DRAFT, SUBMITTED, ACCEPTED, DECLINED, CONFIRMED, WITHDRAWN = ApplicationState

Act = Callable[[Application, object], object]
ACTS: dict[str, Act] = {
    "save": lambda thing, by: applications.save(thing, by=by, edition=thing.edition, pitch="Another pitch."),
    "submit": lambda thing, by: applications.submit(thing, by=by),
    "take back": lambda thing, by: applications.take_back(thing, by=by),
    "withdraw": lambda thing, by: applications.withdraw(thing, by=by),
    "accept": lambda thing, by: applications.accept(thing, by=by),
    "decline": lambda thing, by: applications.decline(thing, by=by, feedback="Not this time."),
    "confirm": lambda thing, by: applications.confirm(thing, by=by),
}
LEADS_ACTS = {"save", "submit", "take back", "withdraw", "confirm"}
# What comes of an act by whoever may do it; what is not here is refused as a conflict.
OUTCOMES = {
    ("save", DRAFT): DRAFT,
    ("submit", DRAFT): SUBMITTED,
    ("submit", SUBMITTED): SUBMITTED,
    ("take back", SUBMITTED): DRAFT,
    ("withdraw", DRAFT): WITHDRAWN,
    ("withdraw", SUBMITTED): WITHDRAWN,
    ("withdraw", ACCEPTED): WITHDRAWN,
    ("accept", SUBMITTED): ACCEPTED,
    ("decline", SUBMITTED): DECLINED,
    ("confirm", ACCEPTED): CONFIRMED,
    ("confirm", CONFIRMED): CONFIRMED,
}


def application_in(state: ApplicationState) -> Application:
    application = a_draft()
    lead, judge = application.lead, organiser()
    if state not in {DRAFT, WITHDRAWN}:
        applications.submit(application, by=lead)
    if state in {ACCEPTED, CONFIRMED}:
        applications.accept(application, by=judge)
    if state == DECLINED:
        applications.decline(application, by=judge, feedback="Not this time.")
    if state == CONFIRMED:
        applications.confirm(application, by=lead)
    if state == WITHDRAWN:
        applications.withdraw(application, by=lead)
    return application


@pytest.mark.parametrize("state", ApplicationState)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_moves_as_the_table_says_or_is_refused_with_a_sentence(act: str, state: ApplicationState):
    application = application_in(state)
    by = application.lead if act in LEADS_ACTS else organiser()

    if (act, state) in OUTCOMES:
        ACTS[act](application, by)
    else:
        with pytest.raises(ConflictError, match=str(state.label)):
            ACTS[act](application, by)

    application.refresh_from_db()
    assert application.state == OUTCOMES.get((act, state), state)


@pytest.mark.parametrize("act", sorted(LEADS_ACTS))
def test_what_the_lead_does_is_not_for_a_stranger_who_does_not_even_see_it(act: str):
    application = an_application()

    with pytest.raises(NotVisibleError):
        ACTS[act](application, person())

    assert Application.objects.get().state == SUBMITTED


@pytest.mark.parametrize("act", sorted(LEADS_ACTS))
def test_what_the_lead_does_is_not_for_an_organiser(act: str):
    application = an_application()

    with pytest.raises(NotAllowedError):
        ACTS[act](application, organiser())

    assert Application.objects.get().state == SUBMITTED


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_only_organisers_decide(act: str):
    application = an_application()

    with pytest.raises(NotVisibleError):
        ACTS[act](application, person())
    with pytest.raises(NotAllowedError):
        ACTS[act](application, application.lead)

    assert Application.objects.get().state == SUBMITTED


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_an_organiser_does_not_decide_their_own_application(act: str):
    both = organiser()
    application = an_application(lead=both)

    with pytest.raises(NotAllowedError, match="another organiser"):
        ACTS[act](application, both)

    assert Application.objects.get().state == SUBMITTED


def test_starting_twice_gives_the_same_draft():
    cohort, lead = a_cohort(), person()

    first, second = applications.start(cohort, by=lead), applications.start(cohort, by=lead)

    assert first == second
    assert Application.objects.count() == 1


def test_after_a_refusal_one_may_apply_again():
    application = application_in(DECLINED)

    again = applications.start(application.cohort, by=application.lead)

    assert again != application


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"), [(1, 2, "opens on"), (-2, -1, "closed on")], ids=["early", "late"]
)
def test_a_cohort_takes_applications_only_while_it_is_open(opens: int, closes: int, sentence: str):
    now = clock.now()
    cohort = a_cohort(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))

    with pytest.raises(ConflictError, match=sentence):
        applications.start(cohort, by=person())


def test_an_unpublished_cohort_is_not_there_for_others_and_not_ready_for_organisers():
    cohort = a_cohort(is_published=False)

    with pytest.raises(NotVisibleError):
        applications.start(cohort, by=person())
    with pytest.raises(ConflictError, match="Publish it first"):
        applications.start(cohort, by=organiser())


def test_after_the_deadline_nothing_is_submitted_and_the_draft_is_kept():
    application = a_draft()

    with clock.at(application.cohort.closes_at), pytest.raises(ConflictError, match="closed on"):
        applications.submit(application, by=application.lead)

    application.refresh_from_db()
    assert (application.state, application.title) == (DRAFT, "Prompts in Yoruba")


def test_a_second_before_the_deadline_is_in_time():
    application = a_draft()

    with clock.at(application.cohort.closes_at - timedelta(seconds=1)):
        applications.submit(application, by=application.lead)

    assert application.state == SUBMITTED


def test_after_the_deadline_a_draft_can_still_be_saved_so_that_nothing_is_lost():
    application = a_draft()

    with clock.at(application.cohort.closes_at + timedelta(days=1)):
        applications.save(application, by=application.lead, edition=application.edition, pitch="Later.")

    assert application.pitch == "Later."


def test_after_the_deadline_a_submitted_application_is_not_taken_back_but_may_be_withdrawn():
    application = an_application()

    with clock.at(application.cohort.closes_at):
        with pytest.raises(ConflictError, match="withdraw"):
            applications.take_back(application, by=application.lead)
        applications.withdraw(application, by=application.lead)

    assert application.state == WITHDRAWN


def test_what_was_taken_back_is_not_read_by_organisers():
    application = an_application()

    applications.take_back(application, by=application.lead)

    assert not Application.objects.visible_to(organiser()).exists()


def test_a_draft_may_say_nothing_at_all_but_is_not_submitted_like_that():
    lead = person()
    application = applications.start(a_cohort(), by=lead)
    nothing = a_proposal(
        title="", pitch="", languages=[], domain="", task_kind="", data_source="", licence="", target=0
    )

    applications.save(application, by=lead, edition=1, **nothing)
    with pytest.raises(InvalidError) as refusal:
        applications.submit(application, by=lead)

    assert set(refusal.value.fields) == set(nothing) - {"access", "organisation"}
    assert all(text.endswith(".") for texts in refusal.value.fields.values() for text in texts)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "x" * 10_000, "10000 characters; there is room for 120"),
        ("title", "a\x00b", "U\\+0000"),
        ("pitch", "half a pair \ud83d", "U\\+D83D"),
        ("languages", ["xx_Klin"], "xx_Klin"),
        ("languages", ["yor_Latn"] * 21, "at most 20"),
        ("domain", "astrology", "astrology"),
        ("task_kind", "guessing", "guessing"),
        ("licence", "proprietary", "proprietary"),
        ("target", -1, "from 1 to 1000000"),
        ("target", 1_000_001, "from 1 to 1000000"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name_and_nothing_is_changed(
    field: str, value: object, sentence: str
):
    application = a_draft()

    with pytest.raises(InvalidError) as refusal:
        applications.save(
            application, by=application.lead, edition=application.edition, **a_proposal(**{field: value})
        )

    assert list(refusal.value.fields) == [field]
    assert re.search(sentence, refusal.value.fields[field][0])
    assert Application.objects.get().edition == application.edition


def test_a_title_that_turns_the_direction_of_text_is_not_submitted():
    application = a_draft(title="safe \u202e txt.exe")

    with pytest.raises(InvalidError) as refusal:
        applications.submit(application, by=application.lead)

    assert list(refusal.value.fields) == ["title"]


def test_a_title_in_arabic_with_its_everyday_marks_is_fine():
    application = a_draft(title="تقييم‌ الأسئلة\u200f", languages=["arb_Arab"])

    applications.submit(application, by=application.lead)

    assert application.state == SUBMITTED


def test_only_an_organisation_of_ones_own_can_be_chosen():
    person("member", organisations=["theirs"])
    application = a_draft()

    with pytest.raises(InvalidError) as refusal:
        applications.save(
            application,
            by=application.lead,
            edition=application.edition,
            access="organisation",
            organisation=organisation("theirs"),
        )

    assert list(refusal.value.fields) == ["organisation"]


def test_an_organisation_that_one_left_since_keeps_the_draft_from_being_submitted():
    lead = person("lead", organisations=["ours"])
    application = a_draft(lead=lead, access="organisation", organisation=organisation("ours"))
    person("lead")

    with pytest.raises(InvalidError) as refusal:
        applications.submit(application, by=lead)

    assert list(refusal.value.fields) == ["organisation"]


def test_members_only_needs_an_organisation():
    application = a_draft(access="organisation")

    with pytest.raises(InvalidError, match="something is missing"):
        applications.submit(application, by=application.lead)


def test_a_project_for_everybody_names_no_organisation():
    lead = person("lead", organisations=["ours"])

    application = a_draft(lead=lead, access="open", organisation=organisation("ours"))

    assert application.organisation is None


def test_a_stale_form_does_not_overwrite_what_another_tab_saved():
    application = a_draft()
    stale = application.edition
    applications.save(application, by=application.lead, edition=stale, pitch="From the other tab.")

    with pytest.raises(ConflictError, match="another tab"):
        applications.save(application, by=application.lead, edition=stale, pitch="From this tab.")

    assert Application.objects.get().pitch == "From the other tab."


def test_saving_the_same_twice_is_harmless():
    application = a_draft()
    edition = application.edition

    for _ in range(2):
        applications.save(application, by=application.lead, edition=edition, pitch="Twice.")

    assert (application.pitch, application.edition) == ("Twice.", edition + 1)


def test_accepting_beyond_the_seats_is_refused_and_says_so():
    cohort = a_cohort(seats=1)
    first, second = an_application(cohort), an_application(cohort)
    judge = organiser()
    applications.accept(first, by=judge)

    with pytest.raises(ConflictError, match="All 1 seats"):
        applications.accept(second, by=judge)

    second.refresh_from_db()
    assert (second.state, applications.seats_left(cohort)) == (SUBMITTED, 0)


def test_a_withdrawn_application_gives_its_seat_back():
    cohort = a_cohort(seats=1)
    first, second = an_application(cohort), an_application(cohort)
    applications.accept(first, by=organiser())
    applications.withdraw(first, by=first.lead)

    applications.accept(second, by=organiser())

    assert second.state == ACCEPTED


def test_declining_needs_a_word_for_the_group():
    application = an_application()

    with pytest.raises(InvalidError) as refusal:
        applications.decline(application, by=organiser(), feedback="  ")

    assert list(refusal.value.fields) == ["feedback"]


def test_an_organiser_does_not_decide_on_a_text_that_was_changed_after_they_read_it():
    application = an_application()
    read = application.edition
    applications.take_back(application, by=application.lead)
    applications.save(application, by=application.lead, edition=read, pitch="Something else.")
    applications.submit(application, by=application.lead)

    with pytest.raises(ConflictError, match="changed this application"):
        applications.accept(application, by=organiser(), edition=read)

    assert Application.objects.get().state == SUBMITTED


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_a_decision_is_told_to_the_lead_with_the_feedback(act: str):
    application = an_application()

    ACTS[act](application, organiser())

    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.params["title"], notice.url) == (
        application.lead,
        f"application-{application.state}",
        "Prompts in Yoruba",
        f"/applications/{application.pk}/",
    )
    assert notice.params["feedback"] == ("" if act == "accept" else "Not this time.")


def test_a_confirmed_application_becomes_a_project_that_knows_all_it_said():
    lead = person("lead", organisations=["ours"])
    said = a_proposal(access="organisation", organisation=None)
    application = an_application(lead=lead, **{**said, "organisation": organisation("ours")})
    applications.accept(application, by=organiser())

    project = applications.confirm(application, by=lead)

    assert {name: getattr(project, name) for name in PROPOSAL_FIELDS} == {
        name: getattr(application, name) for name in PROPOSAL_FIELDS
    }
    assert (project.slug, project.state, project.cohort) == ("prompts-in-yoruba", "setup", application.cohort)
    assert [(role.user, role.role) for role in project.roles.all()] == [(lead, "lead")]


@pytest.mark.parametrize(
    "kind", ["prompt_rating", "text_classification", "preference", "translation_review", "named_entities"]
)
def test_a_new_project_starts_from_the_preset_of_its_task(kind: str):
    project = a_project(task_kind=kind)

    known = preset(kind)
    assert known is not None
    assert [(version.number, version.schema) for version in project.schema_versions.all()] == [
        (1, known.schema)
    ]
    assert [(version.number, version.text) for version in project.guidelines_versions.all()] == [
        (1, str(known.guidelines))
    ]


def test_confirming_twice_gives_the_same_project():
    application = application_in(ACCEPTED)

    first = applications.confirm(application, by=application.lead)
    second = applications.confirm(application, by=application.lead)

    assert first == second
    assert (Project.objects.count(), SchemaVersion.objects.count()) == (1, 1)


def test_projects_of_one_title_have_addresses_of_their_own():
    slugs = [a_project().slug for _ in range(3)]

    assert slugs == ["prompts-in-yoruba", "prompts-in-yoruba-2", "prompts-in-yoruba-3"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("یوروبا میں سوالات", "urd-arab-prompt-rating"),
        ("ቋንቋ", "urd-arab-prompt-rating"),
        ("Ìbéèrè ní èdè Yorùbá", "ibeere-ni-ede-yoruba"),
        ("<b>Bold</b> & loud", "bboldb-loud"),
        ("x" * 120, "x" * 60),
    ],
)
def test_every_title_gives_an_address_that_can_be_typed(title: str, slug: str):
    project = a_project(title=title, languages=["urd_Arab"])

    assert (project.title, project.slug) == (title, slug)


class AnyOrderOfActs(TestCase):
    """Whatever is tried in whatever order: only moves of the table, and never a second project."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.sampled_from(sorted(ACTS)), max_size=8))
    def test_no_order_of_acts_leaves_the_table(self, acts: list[str]) -> None:
        application, judge = a_draft(), organiser()
        for act in acts:
            before = application.state
            try:
                ACTS[act](application, application.lead if act in LEADS_ACTS else judge)
            except DomainError:
                application.refresh_from_db()
                assert application.state == before
            after = ApplicationState(application.state)
            assert after == before or applications.MOVES.may(before, after)
        has_project = Project.objects.filter(application=application).count()
        assert has_project == (application.state == CONFIRMED)
