"""What the workspace's script asks about the records it has: keep, leave, take along, give back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.domain import drafts, leasing, queue
from annotations.models import Assignment
from dibt.lib import clock
from projects.models import Project, ProjectState
from tests.annotations.worlds import a_project, somebody, taking_part

pytestmark = pytest.mark.django_db
ASKED = ("keep", "leave", "take", "give_back")


def url(project: Project, name: str) -> str:
    return reverse(f"projects:{name}", args=[project.slug])


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at_work(project: Project) -> tuple[User, Client, list[int]]:
    """Somebody who has the workspace open, and the records they have at hand."""
    user = taking_part(project)
    client = as_user(user)
    client.get(url(project, "annotate"))
    return user, client, [one.record_id for one in Assignment.objects.order_by("pk")]


def test_three_records_are_at_hand_on_the_page() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)

    page = client.get(url(project, "annotate")).content.decode()

    assert len(held) == 3
    assert [page.count(f'data-ready="{record}"') for record in held] == [0, 1, 1]
    assert page.count("csrfmiddlewaretoken") == page.split("<template data-ready")[0].count(
        "csrfmiddlewaretoken"
    )


def test_who_is_at_work_keeps_their_records() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)
    later = clock.now() + queue.LEASE / 2

    with clock.at(later):
        until = client.post(url(project, "keep"), {"record": [*held, "x", "9" * 30]}).json()["until"]

    assert until == {str(record): clock.milliseconds(later + queue.LEASE) for record in held}
    assert {one.expires_at for one in Assignment.objects.all()} == {later + queue.LEASE}


def test_a_sign_of_life_is_answered_with_what_was_typed_on_another_device() -> None:
    project = a_project(records=9)
    user, client, held = at_work(project)
    drafts.save(project, by=user, record_id=held[1], data={"quality": ["4"]}, at=7)

    typed = client.post(url(project, "keep"), {"record": held}).json()["typed"]

    assert typed == {str(held[1]): {"form": [["answer.quality", "4"]], "at": 7}}


def test_a_sign_of_life_that_the_goodbye_overtook_takes_nothing_again() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)
    asked_at, left_at = clock.now(), clock.now() + timedelta(seconds=1)

    with clock.at(left_at):
        client.post(url(project, "leave"), {"record": held, "shown": held[0]})
        sign = {"record": held, "asked_at": clock.milliseconds(asked_at)}
        late = client.post(url(project, "keep"), sign).json()["until"]
        nonsense = client.post(url(project, "keep"), {**sign, "asked_at": ["x", "9" * 18]}).json()["until"]

    assert list(late) == [str(held[0])]
    assert list(nonsense) == [str(record) for record in held]


def test_who_leaves_gives_back_what_they_have_not_seen() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)

    answer = client.post(url(project, "leave"), {"record": held, "shown": held[0]})

    assert answer.status_code == 204
    assert [one.record_id for one in Assignment.objects.all()] == held[:1]


def known_by(page: str) -> list[int]:
    """Until when each record of the page is theirs, as the page has it; first that of the record it shows."""
    return [int(moment) for moment in re.findall(r'data-until="(\d+)"', page)]


def test_a_page_that_is_loaded_again_keeps_its_records_however_late_the_one_before_says_goodbye() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)
    left = known_by(client.get(url(project, "annotate")).content.decode())
    with clock.at(clock.now() + timedelta(seconds=1)):
        again = known_by(client.get(url(project, "annotate")).content.decode())

    client.post(url(project, "leave"), {"record": held, "until": left, "shown": held[0]})
    client.post(url(project, "leave"), {"record": held, "until": ["x", "9" * 19, ""]})
    assert [one.record_id for one in Assignment.objects.order_by("pk")] == held

    again[1] = int("9" * 18)
    client.post(url(project, "leave"), {"record": held, "until": again, "shown": held[0]})
    assert [one.record_id for one in Assignment.objects.all()] == held[:1]


def test_a_script_knows_until_when_its_records_are_theirs_after_each_answer() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)
    later = clock.now() + timedelta(minutes=5)

    with clock.at(later):
        sent = {"record": held[0], "have": held[1:], "answer.quality": "4", "key": "one"}
        told = client.post(url(project, "annotate"), sent, headers={"Accept": "application/json"}).json()

    until = clock.milliseconds(later + queue.LEASE)
    assert {one["record"] for one in told["records"]}.isdisjoint(held)
    assert told["until"] == {str(one.record_id): until for one in Assignment.objects.all()}
    assert len(told["until"]) == 3


def test_what_was_typed_makes_a_record_theirs_for_longer_and_the_page_knows() -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)
    later = clock.now() + timedelta(minutes=5)

    with clock.at(later):
        typed = {"record": held[0], "answer.quality": "4", "page": "a1", "at": "1"}
        until = client.post(url(project, "draft"), typed).json()["until"]
        client.post(
            url(project, "leave"), {"record": held[0], "until": until[str(held[0])], "shown": held[0]}
        )

    assert until == {str(held[0]): clock.milliseconds(later + queue.LEASE)}
    assert Assignment.objects.get(record=held[0]).expires_at == later + leasing.A_RELOAD


def test_what_is_taken_along_comes_as_fragments_and_for_a_day() -> None:
    project = a_project(records=60)
    user, client, held = at_work(project)

    told = client.post(url(project, "take"), {"record": held}).json()

    mine = Assignment.objects.filter(contributor__user=user, taken_along=True)
    taken = set(mine.values_list("record", flat=True))
    assert (len(taken), len(told["records"])) == (50, 47)
    assert set(map(int, told["until"])) == taken
    assert all(f'data-record="{one["record"]}"' in one["html"] for one in told["records"])
    assert "csrfmiddlewaretoken" not in told["records"][0]["html"]

    assert set(client.post(url(project, "give_back")).json()["back"]) == taken
    assert not mine.exists()


@pytest.mark.parametrize("name", ASKED)
def test_an_outsider_is_told_to_sign_in_and_moves_nothing(name: str) -> None:
    project = a_project(records=9)
    _user, _client, held = at_work(project)

    answer = Client().post(url(project, name), {"record": held}, headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert Assignment.objects.count() == 3


@pytest.mark.parametrize("name", ["keep", "leave"])
def test_nobody_keeps_or_gives_back_what_somebody_else_has(name: str) -> None:
    project = a_project(records=9)
    _user, _client, held = at_work(project)
    before = list(Assignment.objects.order_by("pk").values_list("pk", "expires_at"))

    as_user(taking_part(project)).post(url(project, name), {"record": held})

    assert list(Assignment.objects.order_by("pk").values_list("pk", "expires_at")) == before


@pytest.mark.parametrize("name", ASKED)
def test_a_project_that_is_not_visible_is_404_and_a_visit_is_refused(name: str) -> None:
    project = a_project(records=3, state=ProjectState.SETUP)

    assert as_user(somebody()).post(url(project, name)).status_code == 404
    assert as_user(somebody()).get(url(project, name)).status_code == 405


@pytest.mark.parametrize("name", [*ASKED, "annotate", "skip", "discard", "flag", "draft"])
def test_what_somebody_else_left_in_the_browser_is_refused(name: str) -> None:
    project = a_project(records=9)
    _user, client, held = at_work(project)
    other = somebody()
    sent = {"record": held[0], "answer.quality": "4", "reason": "toxic", "account": other.browser_key}

    answer = client.post(url(project, name), sent, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()["type"]) == (409, "other-person")
    assert Assignment.objects.count() == 3
