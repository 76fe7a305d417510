"""The lead's pages of releases, and downloads: who gets what."""

import io
import zipfile
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from annotations.domain import releases
from annotations.models import Release, ReleaseState
from projects.models import Access, Project, ProjectState
from tests.annotations.releasing import answered_project, built, folder
from tests.annotations.worlds import somebody

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("list", "detail", "progress")
FORMS = ("request", "retry", "publish")


@pytest.fixture(autouse=True)
def _releases_folder(settings, tmp_path: Path) -> None:
    settings.RELEASE_DIR = tmp_path


@pytest.fixture
def project() -> Project:
    return answered_project()


@pytest.fixture
def release(project: Project) -> Release:
    return built(project)


@pytest.fixture
def lead(project: Project) -> Client:
    return signed_in(project.leads.get())


@pytest.fixture
def outsider() -> Client:
    return signed_in(somebody())


@pytest.fixture
def organiser() -> Client:
    user = somebody()
    User.objects.filter(pk=user.pk).update(is_organiser=True)
    return signed_in(User.objects.get(pk=user.pk))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, release: Release, *more: str) -> str:
    numbered = [] if name in {"list", "request"} else [release.number]
    return reverse(f"releases:{name}", args=[release.project.slug, *numbered, *more])


def downloads(release: Release) -> list[str]:
    return [address("archive", release), address("file", release, "README.md")]


def make_published(release: Release) -> None:
    releases.publish(release, by=release.project.leads.get())
    releases.published(release, url="https://hub.example/datasets/a/b", commit="c")


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen)


def status(client: Client, url: str) -> int:
    response = client.get(url)
    response.close()
    return response.status_code


def test_leads_and_organisers_see_every_page(release: Release, lead: Client, organiser: Client):
    for client in (lead, organiser):
        for name in PAGES:
            assert client.get(address(name, release)).status_code == 200


@pytest.mark.parametrize(("state", "status"), [(ProjectState.OPEN, 403), (ProjectState.SETUP, 404)])
def test_an_outsider_sees_no_page_and_can_ask_for_nothing(
    release: Release, outsider: Client, state: ProjectState, status: int
):
    Project.objects.update(state=state)

    answers = [outsider.get(address(name, release)).status_code for name in PAGES]
    asked = [outsider.post(address(name, release)).status_code for name in FORMS]

    assert answers == [status] * len(PAGES)
    assert asked == [status, 404, 404]  # of what they cannot see they are not told that it is there
    assert [(each.number, each.state) for each in Release.objects.all()] == [(1, ReleaseState.BUILT)]


def test_whoever_is_not_signed_in_is_asked_to(release: Release, client: Client):
    for name in PAGES:
        assert client.get(address(name, release))["Location"].startswith(reverse("accounts:sign_in"))
    for name in FORMS:
        assert client.post(address(name, release)).status_code == 302
    assert Release.objects.count() == 1


def test_before_it_is_published_only_those_who_run_the_project_can_download(
    release: Release, lead: Client, organiser: Client, outsider: Client, client: Client
):
    for url in downloads(release):
        assert [status(each, url) for each in (lead, organiser, outsider, client)] == [200, 200, 404, 404]


def test_what_is_published_everybody_can_download_unless_the_project_is_not_public(
    release: Release, client: Client
):
    make_published(release)

    assert [status(client, url) for url in downloads(release)] == [200, 200]
    Project.objects.update(state=ProjectState.SETUP)
    assert [status(client, url) for url in downloads(release)] == [404, 404]


def test_a_file_is_sent_as_it_is_under_a_name_that_tells_where_it_is_from(release: Release, lead: Client):
    path = "data/train-00000-of-00001.parquet"

    answer = lead.get(address("file", release, path))

    assert body(answer) == (folder(release) / path).read_bytes()
    name = f"{release.project.slug}-v1-data-train-00000-of-00001.parquet"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_archive_holds_every_file_whole(release: Release, lead: Client):
    answer = lead.get(address("archive", release))

    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {file.path: (folder(release) / file.path).read_bytes() for file in release.contents.files}


@pytest.mark.parametrize(
    "name",
    [
        "names.json",
        "../README.md",
        "data/../README.md",
        "..%2F..%2Fdb.sqlite3",
        "/etc/passwd",
        "data",
        "README.md/",
        "%00",
    ],
)
def test_only_the_files_of_the_manifest_are_served(release: Release, lead: Client, name: str):
    url = address("file", release, "README.md").removesuffix("README.md") + name

    assert lead.get(url).status_code == 404


def test_files_that_were_removed_from_the_disk_are_said_to_be_gone(release: Release, lead: Client):
    (folder(release) / "README.md").unlink()

    answer = lead.get(address("file", release, "README.md"))

    assert answer.status_code == 409
    assert "not here any more" in answer.content.decode()


def test_asking_for_a_release_leads_to_its_page(project: Project, lead: Client):
    answer = lead.post(reverse("releases:request", args=[project.slug]))

    assert answer["Location"] == Release.objects.get().get_absolute_url()


def test_asking_twice_ends_in_one_release_and_a_sentence(project: Project, lead: Client):
    url, back = (reverse(f"releases:{name}", args=[project.slug]) for name in ("request", "list"))
    lead.post(url)

    answer = lead.post(url, headers={"referer": f"http://testserver{back}"}, follow=True)

    assert "Another release is being made" in answer.content.decode()
    assert Release.objects.count() == 1


def test_the_page_shows_what_would_be_published_where(release: Release, lead: Client):
    page = lead.get(release.get_absolute_url()).content.decode()

    for part in (
        f"data-is-better-together/{release.project.slug}, v1",
        "CC BY 4.0",
        "3 records with 6 answers",
        "2 of 2 contributors",
        address("publish", release),
        "data/train-00000-of-00001.parquet",
    ):
        assert part in page
    assert "hx-trigger" not in page


def test_publishing_a_members_only_project_is_warned_of(release: Release, lead: Client):
    Project.objects.update(access=Access.ORGANISATION)

    assert "Publishing shows them to everybody" in lead.get(release.get_absolute_url()).content.decode()


def test_while_it_is_made_the_page_asks_for_news_and_then_stops(project: Project, lead: Client):
    release = releases.request(project, by=project.leads.get())

    page = lead.get(release.get_absolute_url())
    seen = page.context["stamp"]
    same = lead.get(address("progress", release), {"seen": seen})
    releases.fail(release, "The disk is full.")
    news = lead.get(address("progress", release), {"seen": seen})

    assert "hx-trigger" in page.content.decode()
    assert same.status_code == 204
    assert "The disk is full." in news.content.decode()
    assert "hx-trigger" not in news.content.decode()


@pytest.mark.parametrize("error", ["", "The Hub did not answer in time."])
def test_every_state_has_a_page(release: Release, lead: Client, error: str):
    for state in ReleaseState:
        Release.objects.update(
            state=state, error=error, url="https://hub.example/datasets/a/b", repo_id="a/b"
        )
        page = lead.get(release.get_absolute_url())
        assert page.status_code == 200
        assert str(state.label) in page.content.decode()


def test_a_failed_build_can_be_tried_again_from_its_page(project: Project, lead: Client):
    release = releases.request(project, by=project.leads.get())
    releases.fail(release, "The disk is full.")

    answer = lead.post(address("retry", release))

    release.refresh_from_db()
    assert (answer.status_code, release.state) == (302, ReleaseState.REQUESTED)


def test_publishing_from_the_page_puts_it_on_its_way(release: Release, lead: Client):
    answer = lead.post(address("publish", release), follow=True)

    release.refresh_from_db()
    assert release.state == ReleaseState.PUBLISHING
    assert "on its way to the Hub" in answer.content.decode()


def test_an_older_release_than_the_published_one_offers_no_publishing(project: Project, lead: Client):
    older, newer = built(project), built(project)
    make_published(newer)

    page = lead.get(older.get_absolute_url()).content.decode()

    assert "Release 2 is published, and this one is older" in page
    assert address("publish", older) not in page


def test_the_list_costs_the_same_with_one_release_and_with_many(project: Project, lead: Client):
    url = reverse("releases:list", args=[project.slug])
    built(project)
    with_one = queries(lead, url)
    for _number in range(5):
        built(project)

    assert queries(lead, url) == with_one


def test_a_list_without_releases_says_what_one_is(project: Project, lead: Client):
    page = lead.get(reverse("releases:list", args=[project.slug])).content.decode()

    assert "No release yet" in page


def test_the_projects_page_links_what_is_published_and_its_download(release: Release, client: Client):
    page = reverse("projects:detail", args=[release.project.slug])
    before = client.get(page).content.decode()
    make_published(release)

    after = client.get(page).content.decode()

    assert address("archive", release) not in before
    assert address("archive", release) in after
    assert 'href="https://hub.example/datasets/a/b"' in after
