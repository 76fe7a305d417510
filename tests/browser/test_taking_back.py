"""Undoing a skip, a discard or a flag at the desk, and what was meant for one record and not for the next."""

import pytest
from django.db import transaction
from playwright.sync_api import Locator, Page, Route, expect

from annotations.domain import responding
from annotations.models import Discard, Draft, Flag, Response, Skip
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.questions import TextQuestion
from tests.annotations.worlds import a_project, taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import on_screen, sit_down
from tests.browser.tasks import project_asking
from tests.house.running import eventually
from tests.schema.schemas import RATING_ONLY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WRITING = TaskSchema(
    fields=RATING_ONLY.fields,
    questions=(TextQuestion(name="why", title="Why?"), *RATING_ONLY.questions),
)


def text(page: Page) -> Locator:
    return page.locator("#answer-form textarea")


def undo(page: Page) -> Locator:
    return page.locator("#done").get_by_role("button", name="Undo")


def nothing_said() -> bool:
    return not any(kind.objects.exists() for kind in (Skip, Discard, Flag))


def flag(page: Page) -> None:
    page.locator("#main").focus()
    page.keyboard.press("f")
    page.get_by_label("Toxic").check()
    page.locator("#flag-form").get_by_role("button", name="Flag").click()


def test_a_skip_a_discard_and_a_flag_are_undone_with_what_was_typed(arrive_here: Arrive) -> None:
    project = project_asking(WRITING, records=6)
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)
    first = on_screen(page).input_value()
    text(page).fill("A long thought.")

    page.get_by_role("button", name="Skip").click()
    expect(on_screen(page)).not_to_have_value(first)
    expect(page.locator("#done")).to_contain_text("Skipped.")
    assert Skip.objects.get().record_id == int(first)
    undo(page).click()
    expect(on_screen(page)).to_have_value(first)
    expect(text(page)).to_have_value("A long thought.")
    expect(page.locator("#done")).to_contain_text("Taken back. Here is the record again.")
    assert nothing_said()
    assert Draft.objects.get().data == {"why": ["A long thought."]}

    page.get_by_role("button", name="Not answerable").click()
    expect(page.locator("#done")).to_contain_text("Noted as not answerable.")
    page.keyboard.press("z")
    expect(text(page)).to_have_value("A long thought.")
    flag(page)
    expect(page.locator("#done")).to_contain_text("Flagged.")
    page.keyboard.press("z")
    expect(text(page)).to_have_value("A long thought.")
    expect(page.locator("#done")).to_contain_text("Taken back.")
    assert nothing_said()

    page.locator("[name='answer.quality'][value='4']").check()
    text(page).press("Control+Enter")
    assert eventually(lambda: Response.objects.count() == 1)
    assert Response.objects.get().record_id == int(first)


def test_what_waits_without_network_is_undone_with_what_was_typed_also_after_a_reload(
    arrive_here: Arrive,
) -> None:
    project = project_asking(WRITING, records=6)
    visitor = arrive_here()
    page = sit_down(visitor, project, taking_part(project))
    visitor.cut_off()
    first = on_screen(page).input_value()
    text(page).fill("Offline.")
    flag(page)
    expect(page.locator("#done")).to_contain_text("Kept here.")

    page.locator("#main").focus()
    page.keyboard.press("z")
    expect(on_screen(page)).to_have_value(first)
    expect(text(page)).to_have_value("Offline.")
    page.reload()

    expect(on_screen(page)).to_have_value(first)
    expect(text(page)).to_have_value("Offline.")
    visitor.cut_off(offline=False)
    assert nothing_said()


def test_where_the_record_is_with_others_or_the_site_away_it_is_said(arrive_here: Arrive) -> None:
    project = project_asking(WRITING, records=6)
    project.records.update(overlap=1, open_slots=1)
    Project.objects.filter(pk=project.pk).update(overlap=1)
    user, other = taking_part(project), taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    first = int(on_screen(page).input_value())
    text(page).fill("Mine.")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("#done")).to_contain_text("Skipped.")

    visitor.cut_off()
    undo(page).click()
    expect(page.locator("#done")).to_contain_text("It could not be taken back: the site does not answer.")
    visitor.cut_off(offline=False)
    with transaction.atomic():
        held = responding.next_record(project, by=other)
        assert held is not None
        responding.submit(project, by=other, record_id=first, values={"quality": 1, "why": "Theirs."})
    undo(page).click()

    expect(page.locator("#done")).to_contain_text("The record is with others now")
    expect(page.get_by_role("link", name="What you typed is kept")).to_be_visible()
    expect(on_screen(page)).not_to_have_value(str(first))
    assert nothing_said()
    assert Draft.objects.get().data == {"why": ["Mine."]}


def test_z_is_remembered_until_it_can_be_done(arrive_here: Arrive) -> None:
    project = a_project(records=6)
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user, intercepted=True)
    held_back: list[Route] = []
    page.route("**/skip/", lambda route: held_back.append(route))  # noqa: PLW0108 - it reads our function
    first = on_screen(page).input_value()

    page.keyboard.press("s")
    page.keyboard.press("z")
    expect(page.locator("#done")).to_contain_text("It is being sent.")
    while not held_back:  # the page says so before the request is seen here
        page.wait_for_timeout(50)
    held_back[0].continue_()
    expect(on_screen(page)).to_have_value(first)
    assert nothing_said()
    page.keyboard.press("4")
    page.keyboard.press("z")

    expect(page.get_by_role("heading", name="Change your answer")).to_be_visible()
    assert Response.objects.get().record_id == int(first)


# Presses 4, and 5 as soon as the next record is there: once that takes less time than between two presses that are
# meant, which a machine with much to do may not manage at once. Says how often 4 was pressed.
PRESS_TWICE = """async () => {
  const record = () => document.querySelector("#answer-form input[name=record]").value;
  const press = key => document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  for (let presses = 1; ; presses += 1) {
    const [before, at] = [record(), performance.now()];
    press("4");
    press("5");
    while (record() === before) await new Promise(requestAnimationFrame);
    if (performance.now() - at > 200) {
      await new Promise(done => setTimeout(done, 400));
      continue;
    }
    press("5");
    return presses;
  }
}"""


def test_a_digit_pressed_twice_answers_once_and_three_a_second_answer_three(arrive_here: Arrive) -> None:
    project = a_project(records=12, overlap=3)
    page = sit_down(arrive_here(), project, taking_part(project))

    answers = page.evaluate(PRESS_TWICE)
    assert eventually(lambda: Response.objects.count() == answers)
    page.wait_for_timeout(400)
    for key in ("1", "2", "3"):
        record = on_screen(page).input_value()
        page.keyboard.press(key)
        page.wait_for_timeout(330)
        expect(on_screen(page)).not_to_have_value(record)  # at once, on a machine with nothing else to do

    assert eventually(lambda: Response.objects.count() == answers + 3)
    given = [each.values["quality"] for each in Response.objects.order_by("pk")]
    assert given == [4] * answers + [1, 2, 3]


def test_after_a_text_submit_is_the_next_stop_and_ctrl_enter_submits(arrive_here: Arrive) -> None:
    project = project_asking(WRITING, records=3)
    page = sit_down(arrive_here(), project, taking_part(project))
    order = page.evaluate(
        "() => [...document.querySelectorAll('.workspace__bar button')].filter(e => e.checkVisibility())"
        ".sort((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x).map(e => e.innerText.trim())"
    )
    first = on_screen(page).input_value()

    page.locator("[name='answer.quality'][value='5']").focus()
    page.keyboard.press("Space")
    stops = []
    for _stop in range(4):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.innerText.trim()"))
    text(page).fill("Because.")
    text(page).press("Enter")
    text(page).press("Control+Enter")
    expect(on_screen(page)).not_to_have_value(first)

    assert [name.split()[0] for name in stops] == ["Submit", "Skip", "Not", "Flag"]
    assert [name.split()[0] for name in order] == ["Skip", "Not", "Flag", "Submit"]
    assert eventually(lambda: Response.objects.count() == 1)
    assert Response.objects.get().values == {"quality": 5, "why": "Because."}
