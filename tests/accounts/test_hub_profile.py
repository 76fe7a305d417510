import pytest

from accounts.domain.hub_profile import HubOrg, HubProfile
from dibt.lib.errors import InvalidError

DELTA = {
    "sub": "65b1",
    "name": "Delta Readers",
    "preferred_username": "delta-readers",
    "picture": "https://cdn-avatars.huggingface.co/delta.png",
    "plan": "team",
    "roleInOrg": "admin",
}
IBIS = {
    "sub": "62a1",
    "name": "Ibis",
    "preferred_username": "ibis",
    "picture": "https://cdn-avatars.huggingface.co/ibis.png",
    "email": "ibis@example.org",
    "isPro": False,
    "orgs": [DELTA],
}


def test_userinfo_is_read_into_a_profile():
    assert HubProfile.from_userinfo(IBIS) == HubProfile(
        sub="62a1",
        username="ibis",
        full_name="Ibis",
        avatar_url="https://cdn-avatars.huggingface.co/ibis.png",
        organisations=(
            HubOrg(
                sub="65b1",
                handle="delta-readers",
                name="Delta Readers",
                avatar_url="https://cdn-avatars.huggingface.co/delta.png",
                role="admin",
            ),
        ),
    )


def test_a_role_that_is_not_told_is_unknown():
    told_nothing = {key: value for key, value in DELTA.items() if key != "roleInOrg"}

    profile = HubProfile.from_userinfo({**IBIS, "orgs": [told_nothing]})

    assert profile.organisations[0].role == ""


@pytest.mark.parametrize("orgs", [None, {}, "delta-readers", [None, 3, {"name": "no sub"}, {"sub": ""}]])
def test_organisations_that_make_no_sense_are_left_out(orgs):
    assert HubProfile.from_userinfo({**IBIS, "orgs": orgs}).organisations == ()


def test_an_organisation_named_twice_counts_once():
    assert len(HubProfile.from_userinfo({**IBIS, "orgs": [DELTA, DELTA]}).organisations) == 1


@pytest.mark.parametrize("sub", [None, "", "   ", 12, "x" * 65, "a\x00b", "a\nb"])
def test_an_answer_that_does_not_say_who_it_is_about_is_refused(sub):
    with pytest.raises(InvalidError):
        HubProfile.from_userinfo({**IBIS, "sub": sub})


def test_long_names_are_cut_and_characters_no_database_keeps_are_dropped():
    profile = HubProfile.from_userinfo({**IBIS, "name": "I\x00b\x1bi\ud800s" + "!" * 300})

    assert profile.full_name == "Ibis" + "!" * 196


def test_joiners_that_scripts_need_stay_in_a_name():
    assert HubProfile.from_userinfo({**IBIS, "name": "می‌خواهم"}).full_name == "می‌خواهم"


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("/avatars/ibis.svg", "https://hub.example/avatars/ibis.svg"),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,AAAA", ""),
        ("https://cdn.example/" + "x" * 500, ""),
        (7, ""),
    ],
)
def test_only_pictures_a_page_may_show_are_kept(settings, picture, expected):
    settings.HUB_URL = "https://hub.example"

    assert HubProfile.from_userinfo({**IBIS, "picture": picture}).avatar_url == expected


def test_without_a_user_name_the_sub_stands_in():
    assert HubProfile.from_userinfo({"sub": "62a1"}) == HubProfile(sub="62a1", username="62a1")
