"""Asking for a Space: who may, what is written down, and what is refused."""

from datetime import timedelta

import pytest

from dibt.lib import bells, clock, leases, secrets
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from projects.domain import space_plans, spaces
from projects.models import Project, ProjectState, Space, SpaceState, StepState
from projects.provisioning import files
from tests.factories import a_project, organisation, organiser, person
from tests.projects.space_worlds import a_project_of_its_own, a_requested_space, lead_of

pytestmark = pytest.mark.django_db


def fail(space: Space) -> None:
    Space.objects.filter(pk=space.pk).update(state=SpaceState.FAILED)
    space.refresh_from_db()


def test_a_requested_space_belongs_to_the_hosting_organisation_and_waits_to_be_made():
    project = a_project(title="Prompts: in Yoruba!")

    space = spaces.request_space(project, by=lead_of(project))

    assert space.repo_id == f"data-is-better-together/{project.slug}"
    assert space.state == SpaceState.REQUESTED
    assert [(step.key, step.state) for step in space.steps.all()] == [
        (key, StepState.PENDING) for key in space_plans.RUN
    ]
    assert list(Space.objects.waiting()) == [space]


def test_asking_rings_the_bell_once_it_is_committed(
    django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
):
    rung: list[int] = []
    monkeypatch.setitem(bells._listeners, space_plans.BELL, rung.append)

    with django_capture_on_commit_callbacks(execute=True):
        space = a_requested_space()

    assert rung == [space.pk]


def test_its_secrets_are_long_random_and_encrypted():
    one, other = (secrets.decrypt(a_requested_space().secrets_box) for _ in range(2))

    assert set(one) == {"API_KEY", "PASSWORD", "ARGILLA_AUTH_SECRET_KEY"}
    assert min(len(value) for value in one.values()) >= 43  # 32 bytes in base64
    assert not set(one.values()) & set(other.values())
    box = Space.objects.first().secrets_box
    assert not any(value in box for value in one.values())


def test_a_space_that_was_renamed_to_a_projects_address_does_not_keep_it_from_its_own():
    project = a_project_of_its_own()
    renamed = a_requested_space()
    fail(renamed)
    spaces.retry(renamed, by=lead_of(renamed.project), name=project.slug)

    space = spaces.request_space(project, by=lead_of(project))

    assert space.name.startswith(f"{project.slug}-")
    assert space.provision_id.hex[:6] in space.name


def test_a_project_has_one_space():
    space = a_requested_space()

    with pytest.raises(ConflictError):
        spaces.request_space(space.project, by=lead_of(space.project))

    assert Space.objects.count() == 1


def test_a_finished_project_gets_no_space():
    project = a_project_of_its_own()
    Project.objects.filter(pk=project.pk).update(state=ProjectState.COMPLETED)
    project.refresh_from_db()

    with pytest.raises(ConflictError):
        spaces.request_space(project, by=lead_of(project))


def test_organisers_may_ask_and_others_may_not():
    hidden, public = a_project_of_its_own(), a_project_of_its_own()
    Project.objects.filter(pk=public.pk).update(state=ProjectState.OPEN)
    public.refresh_from_db()

    with pytest.raises(NotVisibleError):
        spaces.request_space(hidden, by=person("stranger"))
    with pytest.raises(NotAllowedError):
        spaces.request_space(public, by=person("stranger"))
    assert spaces.request_space(hidden, by=organiser()).state == SpaceState.REQUESTED


def test_trying_again_starts_from_the_first_step():
    space = a_requested_space()
    space.steps.update(state=StepState.FAILED, error="It broke.", attempt=8)
    fail(space)

    spaces.retry(space, by=lead_of(space.project))

    assert space.state == SpaceState.REQUESTED
    assert {(step.state, step.error, step.attempt) for step in space.steps.all()} == {("pending", "", 0)}


def test_what_has_not_failed_cannot_be_tried_again():
    space = a_requested_space()

    with pytest.raises(ConflictError):
        spaces.retry(space, by=lead_of(space.project))


def test_a_stranger_cannot_try_again():
    space = a_requested_space()
    fail(space)

    with pytest.raises(NotVisibleError):
        spaces.retry(space, by=person("stranger"))


def test_another_name_can_be_chosen():
    space = a_requested_space()
    bucket = space.bucket_id
    fail(space)

    spaces.retry(space, by=lead_of(space.project), name="Another.name_2")

    assert space.repo_id == "data-is-better-together/Another.name_2"
    assert space.bucket_id == bucket


@pytest.mark.parametrize("name", ["a--b", "a..b", "-a", "a.", "a/b", "yorùbá", "a b", "x" * 97])
def test_a_name_that_the_hub_would_refuse_is_refused_here(name: str):
    space = a_requested_space()
    fail(space)

    with pytest.raises(InvalidError) as caught:
        spaces.retry(space, by=lead_of(space.project), name=name)

    assert list(caught.value.fields) == ["name"]
    assert Space.objects.get(pk=space.pk).state == SpaceState.FAILED


def test_the_name_of_another_projects_space_is_refused():
    space, other = a_requested_space(), a_requested_space()
    fail(space)

    with pytest.raises(InvalidError):
        spaces.retry(space, by=lead_of(space.project), name=other.name)


@pytest.mark.parametrize("slug", ["a--b_-c", "x" * 80, "-odd-", "plain"])
def test_names_made_from_addresses_are_ones_the_hub_takes(slug: str):
    name = spaces.name_for(Project(slug=slug))

    assert spaces.NAME.fullmatch(name)
    assert len(name) <= spaces.NAME_MAX


def test_the_suggested_name_is_valid_too_and_stays_when_suggested_again():
    space = Space(owner="o", name="x" * 96)

    suggested = spaces.other_name(space)
    space.name = suggested

    assert spaces.NAME.fullmatch(suggested)
    assert len(suggested) <= spaces.NAME_MAX
    assert spaces.other_name(space) == suggested


def test_a_space_waits_only_when_it_is_due_and_nobody_holds_it():
    space = a_requested_space()

    assert leases.take(space)
    assert not Space.objects.waiting()
    with clock.at(clock.now() + leases.LEASE + timedelta(seconds=1)):
        assert list(Space.objects.waiting()) == [space]
    leases.give_back(space)
    Space.objects.update(due_at=clock.now() + timedelta(minutes=1))
    assert not Space.objects.waiting()


def test_the_card_says_who_may_sign_in():
    lead = person("delta-lead", organisations=["delta-readers"])
    open_to_all = a_project_of_its_own()
    members = a_project_of_its_own(
        lead=lead, access="organisation", organisation=organisation("delta-readers")
    )

    assert "hf_oauth: true" in files.of(open_to_all)["README.md"].decode()
    assert "hf_oauth_authorized_org" not in files.of(open_to_all)["README.md"].decode()
    assert "hf_oauth_authorized_org: delta-readers" in files.of(members)["README.md"].decode()


def test_a_title_cannot_add_to_the_card():
    project = a_project_of_its_own()
    project.title = "Fine\n---\nhf_oauth_authorized_org: nobody # \"'"

    front = files.of(project)["README.md"].decode().split("\n---\n")[0]

    assert "\nhf_oauth_authorized_org" not in front
    assert front.startswith("---\ntitle: ")
