"""`manage.py demo`, and that the sandbox knows the people it makes."""

from io import StringIO
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, User
from annotations.models import Release
from dibt.demo import cast, world
from dibt.lib import clock
from dibt.sandbox.testing import SandboxServer
from projects.models import Cohort
from tests.factories import a_cohort

LOGIN = "/accounts/oidc/huggingface/login/"


@pytest.mark.django_db(transaction=True)
def test_it_fills_an_empty_site_and_leaves_a_release_to_be_published():
    out = StringIO()

    call_command("demo", stdout=out)

    assert "The demo world is ready" in out.getvalue()
    assert Cohort.objects.count() == 2
    release = Release.objects.get()
    assert (release.state, release.project.state) == ("publishing", "completed")
    assert release.contents is not None
    assert release.contents.records == 57


@pytest.mark.django_db
def test_it_leaves_a_site_alone_that_has_a_cohort():
    cohort = a_cohort()

    with pytest.raises(CommandError, match="There is a cohort in this database already"):
        call_command("demo")

    assert Cohort.objects.get() == cohort


@pytest.mark.django_db
def test_it_says_what_it_needs_where_there_is_no_sandbox(settings):
    settings.SANDBOX_URL = ""

    with pytest.raises(CommandError, match="SANDBOX_URL"):
        call_command("demo")

    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_building_that_ends_half_way_leaves_nothing():
    def stop(line: str) -> None:
        if line.startswith("First cohort"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.build(tell=stop)

    assert not User.objects.exists()
    assert not Cohort.objects.exists()


@pytest.mark.django_db
def test_signing_in_on_the_sandbox_finds_the_same_person_with_the_same_organisations(sandbox: SandboxServer):
    people = cast.sign_in_everybody(now=clock.now(), days_ago=1)
    before = memberships()

    for user in people.users.values():
        assert sign_in(sandbox, user.hub_username) == user

    assert memberships() == before
    assert User.objects.count() == len(people.users)


def memberships() -> set[tuple[str, str, str]]:
    rows = Membership.objects.values_list("user__hub_sub", "organisation__sub", "role")
    return set(rows)


def sign_in(sandbox: SandboxServer, handle: str) -> User:
    """Go through the sandbox's sign-in as that person; returns whom the site takes them for."""
    site = Client(HTTP_HOST="127.0.0.1:8000")
    query = urlsplit(site.post(LOGIN).url).query
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    picked = httpx2.post(
        f"{sandbox.url}/oauth/authorize", data={**asked, "person": handle}, headers={"Origin": sandbox.url}
    )
    back = urlsplit(picked.headers["Location"])
    site.get(f"{back.path}?{back.query}")
    return User.objects.get(pk=site.session["_auth_user_id"])
