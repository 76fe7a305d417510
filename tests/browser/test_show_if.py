"""Questions that come and go with the answer to an earlier one: by mouse, by keys, by touch, without a script."""

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import Response
from projects.domain import tasks
from projects.models import Project
from projects.schema.show_if import ShowIf
from tests.browser.conftest import Arrive
from tests.browser.tasks import PHONE, answered, page_of, project_asking, submit, workspace
from tests.browser.test_looks import WCAG, grave
from tests.schema.schemas import CONDITIONAL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project() -> Project:
    """An open project that asks what is wrong only with what is bad, and why only after some of the faults."""
    return project_asking(CONDITIONAL)


def question(page: Page, name: str) -> Locator:
    return page.locator(f"[data-question={name}]")


def rate(page: Page, value: str) -> Locator:
    return page.locator(f"[data-question=quality] label:has(input[value='{value}'])")


def said(page: Page) -> Locator:
    return page.locator("body > [role=status]")


def test_questions_are_shown_when_they_are_asked_and_told_to_who_cannot_see_it(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project)
    expect(question(page, "faults")).to_be_hidden()
    expect(said(page)).to_have_text("")

    rate(page, "2").click()
    expect(question(page, "faults")).to_be_visible()
    expect(question(page, "why")).to_be_hidden()
    expect(said(page)).to_have_text("“Faults” is asked now, below.")
    page.get_by_label("It is rude").check()
    page.get_by_label("Why?").fill("It shouts.")
    rate(page, "4").click()

    expect(question(page, "faults")).to_be_hidden()
    expect(question(page, "why")).to_be_hidden()
    expect(said(page)).to_have_text("“Faults” is not asked any more. “Why?” is not asked any more.")
    expect(page.get_by_text("Otherwise what is here is left out.").first).to_be_hidden()


def test_what_is_hidden_is_not_sent_and_comes_back_as_it_was(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    rate(page, "1").click()
    page.get_by_label("Something else").check()
    page.get_by_label("Why?").fill("It is in verse.")

    rate(page, "5").click()
    assert sent_names(page) == ["answer.quality"]
    rate(page, "2").click()

    expect(page.get_by_label("Why?")).to_have_value("It is in verse.")
    submit(page)
    assert answered() == {"quality": 2, "faults": ["other"], "why": "It is in verse."}


def test_keys_alone_answer_and_mean_only_questions_that_are_asked(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project)

    page.keyboard.press("5")
    expect(rate(page, "5").locator("input")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    expect(page.get_by_label("It is wrong")).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_label("It is rude")).to_be_checked()
    for _stop in range(2):  # over the option that follows
        page.keyboard.press("Tab")
    expect(page.get_by_label("Why?")).to_be_focused()
    page.keyboard.type("It shouts.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == {"quality": 1, "faults": ["rude"], "why": "It shouts."}


def test_the_next_record_begins_with_what_is_asked_of_it(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    rate(page, "5").click()
    submit(page)

    expect(question(page, "quality").locator("input:checked")).to_have_count(0)
    expect(question(page, "faults")).to_be_hidden()


def test_a_record_that_a_script_puts_on_the_page_begins_with_what_is_asked_of_it(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project)

    page.evaluate(
        """() => {
          const form = document.querySelector("form[data-workspace]");
          const fresh = form.cloneNode(true);
          for (const one of fresh.querySelectorAll("[data-show-if]")) one.hidden = one.disabled = false;
          form.replaceWith(fresh);
          document.dispatchEvent(new Event("workspace:shown"));
        }"""
    )
    expect(question(page, "faults")).to_be_hidden()
    rate(page, "1").click()

    expect(question(page, "faults")).to_be_visible()


def test_a_suggestion_decides_what_is_asked_from_the_first_moment(arrive_here: Arrive) -> None:
    suggested: dict[str, dict[str, object]] = {
        "quality": {"value": 1, "agent": "judge-2"},
        "faults": {"value": ["rude"], "agent": "judge-2"},
    }
    page = workspace(arrive_here, project_asking(CONDITIONAL, suggested))

    expect(question(page, "faults")).to_be_visible()
    expect(question(page, "why")).to_be_visible()
    expect(said(page)).to_have_text("")


def test_the_focus_stays_when_its_question_goes(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project)
    rate(page, "1").click()
    page.get_by_label("It is rude").focus()

    page.evaluate(
        """() => {
          const five = document.querySelector("[data-question=quality] input[value='5']");
          five.checked = true;
          five.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )

    expect(rate(page, "5").locator("input")).to_be_focused()


def test_on_a_phone_a_finger_opens_and_closes_questions(arrive_here: Arrive, project: Project) -> None:
    page = workspace(arrive_here, project, viewport=PHONE, has_touch=True, is_mobile=True)

    rate(page, "2").tap()
    page.get_by_text("Something else", exact=True).tap()
    expect(question(page, "why")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    rate(page, "3").tap()
    expect(question(page, "why")).to_be_hidden()
    page.get_by_role("button", name="Submit").tap()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == {"quality": 3}


def test_without_a_script_all_is_there_with_when_it_is_asked_and_the_rest_is_dropped(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project, java_script_enabled=False)
    expect(page.get_by_text("Only if “Quality” is answered with: 1, 2.")).to_be_visible()

    rate(page, "4").click()
    page.get_by_label("It is rude").check()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered() == {"quality": 4}


def test_without_a_script_a_question_that_is_asked_and_left_open_is_told(
    arrive_here: Arrive, project: Project
) -> None:
    page = workspace(arrive_here, project, java_script_enabled=False, refusals={422})

    rate(page, "1").click()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("“Faults” needs an answer.")).to_be_visible()
    expect(rate(page, "1").locator("input")).to_be_checked()
    assert not Response.objects.exists()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_serious_bars_anybody(arrive_here: Arrive, project: Project, colours: str) -> None:
    page = workspace(arrive_here, project, color_scheme=colours, reduced_motion="reduce")
    rate(page, "1").click()
    page.get_by_label("It is rude").check()

    assert list(grave(page, WCAG, colours)) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_lead_says_without_code_when_a_question_is_asked(
    arrive_here: Arrive, project: Project, scripts: bool
) -> None:
    lead = project.application.lead
    page = page_of(arrive_here, lead, f"/manage/{project.slug}/task/", java_script_enabled=scripts)

    page.get_by_role("button", name="One label").click()
    page.locator("#id_questions-3-title").fill("Which rule?")
    page.locator("#id_questions-3-options").fill("First\nSecond")
    page.locator("#id_questions-3-required").uncheck()
    page.locator("#id_questions-3-show_if").select_option(label="Only after certain answers to 2. “Faults”")
    if not scripts:
        page.locator("fieldset", has=page.locator("#id_questions-3-title")).get_by_role(
            "button", name="Show its answers"
        ).click()
    page.locator("[name=questions-3-show_values]").nth(1).check()
    if scripts:  # axe is one
        assert list(grave(page, WCAG, "light")) == []
    page.get_by_role("button", name="Save the task").click()

    expect(page.get_by_text("The task is saved.")).to_be_visible()
    saved = tasks.current_schema(project).schema.questions[3]
    assert saved.show_if == ShowIf(question="faults", values=("rude",))


def test_the_preview_shows_it_live(arrive_here: Arrive, project: Project) -> None:
    page = page_of(arrive_here, project.application.lead, f"/manage/{project.slug}/records/preview/")
    expect(question(page, "faults")).to_be_hidden()

    rate(page, "1").click()

    expect(question(page, "faults")).to_be_visible()


def sent_names(page: Page) -> list[str]:
    """The names of the answers that the form would send."""
    names: list[str] = page.evaluate(
        """() => [...new FormData(document.querySelector("form[data-workspace]")).keys()]
          .filter((name) => name.startsWith("answer."))"""
    )
    return names
