import threading
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.domain import people
from accounts.domain.hub_profile import HubOrg, HubProfile
from accounts.models import HubOrganisation, Membership, User
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from tests.factories import hub_profile, organiser, person

pytestmark = pytest.mark.django_db


def handles(user: User) -> set[str]:
    return {membership.organisation.handle for membership in user.memberships.select_related("organisation")}


def test_a_first_sign_in_makes_the_person_with_a_password_that_nothing_matches():
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

    user = people.sign_in(hub_profile("ibis", organisations=["delta-readers"]), at=moment)

    assert (user.hub_sub, user.hub_username, user.full_name) == ("sub-ibis", "ibis", "Ibis")
    assert user.joined_at == moment
    assert not user.has_usable_password()
    assert not user.is_organiser
    membership = user.memberships.get()
    assert (membership.organisation.handle, membership.role, membership.seen_at) == (
        "delta-readers",
        "read",
        moment,
    )


def test_a_later_sign_in_follows_a_rename_and_keeps_what_the_person_chose():
    user = person("ibis")
    people.choose_shown_as(user, shown_as="pseudonym")
    people.set_notification_email(user, email="ibis@example.org")

    again = people.sign_in(hub_profile("sacred-ibis", sub="sub-ibis"))

    assert again.pk == user.pk
    assert (again.hub_username, again.shown_as, again.notification_email) == (
        "sacred-ibis",
        "pseudonym",
        "ibis@example.org",
    )
    assert again.joined_at == user.joined_at


def test_memberships_become_exactly_those_of_the_latest_sign_in():
    user = person("ibis", organisations=["delta-readers", "souk-letters"])

    people.sign_in(hub_profile("ibis", organisations=["souk-letters", "argilla"], role="admin"))

    assert handles(user) == {"souk-letters", "argilla"}
    assert set(user.memberships.values_list("role", flat=True)) == {"admin"}


def test_one_persons_sign_in_leaves_the_memberships_of_others_alone():
    other = person("tern", organisations=["delta-readers"])

    person("ibis", organisations=["delta-readers"])
    person("ibis")

    assert handles(other) == {"delta-readers"}
    assert HubOrganisation.objects.count() == 1


def test_a_renamed_organisation_stays_the_same_one():
    user = person("ibis", organisations=["delta-readers"])
    renamed = HubOrg(sub="org-delta-readers", handle="delta-writers", name="Delta Writers")

    people.sign_in(HubProfile(sub="sub-ibis", username="ibis", organisations=(renamed,)))

    assert handles(user) == {"delta-writers"}
    assert HubOrganisation.objects.count() == 1


def test_a_freed_name_taken_by_somebody_else_is_another_person():
    before = person("ibis")

    after = person("ibis", sub="sub-newcomer")

    assert after.pk != before.pk
    assert User.objects.filter(hub_username="ibis").count() == 2


def test_who_the_settings_name_is_an_organiser_from_the_first_sign_in(settings):
    settings.ORGANISER_SUBS = ["sub-weaver"]

    assert person("weaver").is_organiser
    assert not person("ibis").is_organiser


def test_a_sign_in_does_not_end_what_the_command_began():
    user = organiser("weaver")

    people.sign_in(hub_profile("weaver"))

    user.refresh_from_db()
    assert user.is_organiser


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_of_one_person_at_once_make_one_person():
    profile = hub_profile("ibis", organisations=["delta-readers", "souk-letters"])
    start, failures = threading.Barrier(2), []

    def sign_in() -> None:
        try:
            start.wait()
            people.sign_in(profile)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert User.objects.count() == 1
    assert Membership.objects.count() == 2


def test_a_way_to_be_shown_that_does_not_exist_is_refused():
    user = person("ibis")

    with pytest.raises(InvalidError) as refusal:
        people.choose_shown_as(user, shown_as="in gold")

    assert set(refusal.value.fields) == {"shown_as"}
    user.refresh_from_db()
    assert user.shown_as == ""


@pytest.mark.parametrize(
    "email", ["ibis", "ibis@", "a b@example.org", "x" * 250 + "@example.org", "a@b\nc.org"]
)
def test_what_is_no_address_is_refused(email):
    user = person("ibis")

    with pytest.raises(InvalidError) as refusal:
        people.set_notification_email(user, email=email)

    assert set(refusal.value.fields) == {"email"}


def test_an_address_can_be_given_and_taken_back():
    user = person("ibis")

    people.set_notification_email(user, email="  ibis@example.org ")
    user.refresh_from_db()
    assert user.notification_email == "ibis@example.org"

    people.set_notification_email(user, email="")
    user.refresh_from_db()
    assert user.notification_email == ""


def test_only_organisers_choose_organisers():
    ibis = person("ibis")

    with pytest.raises(NotAllowedError):
        people.make_organiser(ibis, by=ibis)
    ibis.refresh_from_db()
    assert not ibis.is_organiser

    people.make_organiser(ibis, by=organiser("weaver"))
    ibis.refresh_from_db()
    assert ibis.is_organiser


def test_a_person_is_found_by_sub_or_by_name_in_any_case():
    ibis = person("ibis")

    assert people.find("sub-ibis") == ibis
    assert people.find("IBIS") == ibis
    with pytest.raises(NotVisibleError):
        people.find("nobody")


def test_a_name_that_two_people_had_finds_nobody_but_tells_their_subs():
    person("ibis")
    person("ibis", sub="sub-newcomer")

    with pytest.raises(ConflictError) as refusal:
        people.find("ibis")

    assert "sub-ibis" in refusal.value.message
    assert "sub-newcomer" in refusal.value.message


def test_the_command_adds_lists_and_removes_organisers(capsys):
    ibis = person("ibis")

    call_command("organiser", "add", "ibis")
    call_command("organiser", "list")
    ibis.refresh_from_db()
    assert ibis.is_organiser
    assert capsys.readouterr().out.endswith("ibis\tsub-ibis\n")

    call_command("organiser", "remove", "sub-ibis")
    ibis.refresh_from_db()
    assert not ibis.is_organiser


def test_the_command_refuses_names_that_are_unknown_or_shared():
    person("ibis")
    person("ibis", sub="sub-newcomer")

    with pytest.raises(CommandError, match="signed in"):
        call_command("organiser", "add", "nobody")
    with pytest.raises(CommandError, match="sub-newcomer"):
        call_command("organiser", "add", "ibis")

    assert not User.objects.filter(is_organiser=True).exists()


def test_the_command_says_when_the_settings_would_undo_a_removal(settings, capsys):
    settings.ORGANISER_SUBS = ["sub-weaver"]
    person("weaver")

    call_command("organiser", "remove", "weaver")

    assert "ORGANISER_SUBS" in capsys.readouterr().err
