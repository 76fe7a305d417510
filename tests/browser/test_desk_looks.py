"""The workspace on a phone, from right to left, and in every state that has to do with the network."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from annotations.models import Response
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.questions import RatingQuestion, TextQuestion
from tests.annotations.worlds import a_project, taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import A_LOOK, answer, become, note, on_screen, sit_down
from tests.browser.tasks import project_asking
from tests.browser.test_looks import CONTRAST, STICKING_OUT, TWO_FRAMES, WCAG, grave
from tests.house.running import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
SMALL = """() => [...document.querySelectorAll("#work :is(button, label.answer), #take button")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML.slice(0, 120))"""
ASKING = TaskSchema(
    fields=(Field(name="prompt", title="النص"),),
    questions=(
        RatingQuestion(name="quality", title="الجودة", min=1, max=5),
        TextQuestion(name="why", title="لماذا؟", required=False),
    ),
)


@pytest.fixture
def project() -> Project:
    """Arabic prompts, a rating and a text."""
    project = project_asking(ASKING, records=9)
    project.languages = ["arb_Arab"]
    project.save(update_fields=["languages"])
    project.records.update(fields={"prompt": "كيف أحافظ على خصوصيتي؟"})
    return project


def faults(page: Page) -> list[str]:
    """What axe finds in light and dark, what sticks out, and what is too small for a thumb."""
    wrong = list(grave(page, WCAG, "light"))
    page.emulate_media(color_scheme="dark")
    page.evaluate(TWO_FRAMES)  # no reload here, where there may be no network
    wrong += grave(page, CONTRAST, "dark")
    page.emulate_media(color_scheme="light")
    wrong += [f"sticks out: {part}" for part in page.evaluate(STICKING_OUT)]
    return wrong + [f"too small: {part}" for part in page.evaluate(SMALL)]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_state_of_the_network_can_be_read_on_a_phone(
    arrive_here: Arrive, project: Project, direction: str
) -> None:
    user = taking_part(project)
    visitor = arrive_here(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    visitor.page.add_init_script(
        f"addEventListener('readystatechange', () => document.documentElement.dir = '{direction}')"
    )
    page = sit_down(visitor, project, user)
    wrong = faults(page)

    page.get_by_role("button", name="Take 50 with me").tap()
    expect(page.locator("#take")).to_contain_text("With you: 9 until")
    visitor.cut_off()
    for _record in range(9):
        tap_an_answer(page)
    expect(page.get_by_text("No more records at hand")).to_be_visible()
    wrong += faults(page)
    visitor.go("/projects/")
    expect(page.get_by_text("This page needs the network")).to_be_visible()
    wrong += faults(page)
    visitor.cut_off(offline=False)
    expect(page.get_by_text("This page needs the network")).to_have_count(0)  # it becomes the whole page
    visitor.go(f"/projects/{project.slug}/annotate/")

    expect(page.get_by_text("Nothing is left for you here")).to_be_visible()
    assert wrong == []
    assert eventually(lambda: Response.objects.filter(contributor__user=user).count() == 9)


def tap_an_answer(page: Page) -> None:
    record = on_screen(page).input_value()
    page.locator("label.answer").filter(has=page.locator("input[type=radio][value='4']")).first.tap()
    page.get_by_role("button", name="Submit").tap()
    expect(page.locator(f"#work[data-record='{record}']")).to_have_count(0)


def test_a_session_that_ends_while_somebody_types_costs_them_no_word(
    arrive_here: Arrive, project: Project
) -> None:

    user = taking_part(project)
    visitor = arrive_here(refusals={401})
    page = sit_down(visitor, project, user)
    record = on_screen(page).input_value()
    page.locator("input[type=radio][value='4']").check()
    page.get_by_label("لماذا؟").fill("لأنه واضح")
    Session.objects.all().delete()

    page.get_by_label("لماذا؟").press_sequentially(" جدا")
    expect(note(page, "signed-out")).to_be_visible()
    become(visitor, user)
    note(page, "signed-out").get_by_role("link").click()

    expect(on_screen(page)).to_have_value(record)
    expect(page.get_by_label("لماذا؟")).to_have_value("لأنه واضح جدا")
    expect(page.locator("input[type=radio][value='4']")).to_be_checked()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#done")).to_contain_text("1 answer by you")
    assert Response.objects.get().values == {"quality": 4, "why": "لأنه واضح جدا"}


def test_one_key_is_the_whole_answer_where_one_choice_is_asked(arrive_here: Arrive) -> None:
    project = a_project(records=5)
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)

    records = []
    for key in "135":
        records.append(on_screen(page).input_value())
        page.keyboard.press(key)
        expect(page.locator(f"#work[data-record='{records[-1]}']")).to_have_count(0)
        page.wait_for_timeout(A_LOOK)
    page.keyboard.press("Enter")  # by habit; the record that came up is not meant

    expect(page.locator("#done")).to_contain_text("3 answers by you")
    expect(page.get_by_role("alert")).to_have_count(0)
    given = Response.objects.order_by("pk").values_list("record", "values")
    assert [(str(record), values["quality"]) for record, values in given] == list(
        zip(records, [1, 3, 5], strict=True)
    )


def test_with_several_questions_a_digit_only_chooses(arrive_here: Arrive, project: Project) -> None:
    page = sit_down(arrive_here(), project, taking_part(project))
    record = on_screen(page).input_value()

    page.keyboard.press("3")

    expect(page.locator("input[type=radio][value='3']")).to_be_checked()
    expect(on_screen(page)).to_have_value(record)
    answer(page, "4")
