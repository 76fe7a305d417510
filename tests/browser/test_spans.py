"""Marking words in the workspace: with a mouse, with a finger, by keys alone and without any script, in any script."""

import re
from typing import Any, cast

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import Response
from projects.models import Project, SchemaVersion
from projects.schema.definition import TaskSchema
from tests.annotations.worlds import a_project
from tests.browser.conftest import Arrive
from tests.browser.tasks import PHONE, workspace
from tests.browser.test_looks import CONTRAST, WCAG, grave
from tests.schema.schemas import SPANS_ONLY
from tests.schema.test_spans import OVERLAPPING

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FINGER = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
ENGLISH = "Ada went to Lagos and met Bola there."
SUGGESTED: list[dict[str, object]] = [
    {"start": 0, "end": 3, "label": "per"},
    {"start": 12, "end": 17, "label": "loc"},
]
# ọ̀ is two code points, an acute on top of a dotted letter three.
YORUBA = "Ọ̀ṣun ń ṣàn, Adébọ̀lá sì wá sí Ìbàdàn."
ARABIC = "وُلِدَ طه حسين في المنيا، مصر."
THAI = "สมชายไปเที่ยวกรุงเทพมหานครเมื่อวาน"
# A family of four, a flag, a thumb with a colour of skin: 7, 2 and 2 code points.
EMOJI = "👨‍👩‍👧‍👦 from 🇳🇬 like 👍🏽 it"


def marking(
    text: str,
    *,
    language: str = "eng_Latn",
    schema: TaskSchema = SPANS_ONLY,
    suggested: list[dict[str, object]] | None = None,
) -> Project:
    """An open project that asks to mark names in this text."""
    project = a_project(records=2)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    Project.objects.filter(pk=project.pk).update(languages=[language])
    suggestions = {} if suggested is None else {"names": {"value": suggested, "agent": "tagger-1"}}
    project.records.update(fields={"prompt": text}, suggestions=suggestions)
    return project


def text_of(page: Page) -> Locator:
    return page.locator("[data-spans-text]")


def listed(page: Page) -> Locator:
    return page.locator("[data-spans-list] li")


def expect_marks(page: Page, marks: list[tuple[str, str]]) -> None:
    """What is listed: labels and words."""
    expect(listed(page).locator(".spans__chip")).to_have_text([name for name, _words in marks])
    expect(listed(page).locator(".spans__words")).to_have_text([words for _name, words in marks])


def label(page: Page, name: str) -> Locator:
    return page.locator("[data-spans-label]").filter(has_text=name)


def pending(page: Page) -> Locator:
    """The words that would be marked next."""
    return page.locator("[data-spans-words]")


def said(page: Page) -> Locator:
    return page.locator("[data-spans-said]")


def expect_said(where: Locator, sentence: str) -> None:
    """What is quoted is held apart from the sentence by isolates, which nobody sees."""
    isolates = "[\u2068\u2069]*"
    expect(where).to_have_text(re.compile(f"^{isolates.join(map(re.escape, ['', *sentence, '']))}$"))


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("1 answer by you")).to_be_visible()


def answered(text: str) -> list[tuple[str, str]]:
    """What is stored, as the words and their labels: sliced as Python does, which counts code points."""
    given = cast("list[dict[str, Any]]", Response.objects.get().values["names"])
    return [(text[one["start"] : one["end"]], one["label"]) for one in given]


# Where the words stand on the screen, by UTF-16 units as the browser counts.
RANGE = """
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let from = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const to = from + node.data.length;
    if (from <= start && start < to) range.setStart(node, start - from);
    if (from < end && end <= to) range.setEnd(node, end - from);
    from = to;
  }
"""
SELECT = f"""(element, [start, end]) => {{ {RANGE}
  const [first, last] = [[range.startContainer, range.startOffset], [range.endContainer, range.endOffset]];
  getSelection().setBaseAndExtent(...first, ...last);
}}"""
EDGES = (
    "(element, [start, end]) => {"
    + RANGE
    + """
  const boxes = [...range.getClientRects()].filter(box => box.width);
  const [first, last] = [boxes[0], boxes[boxes.length - 1]];
  const rightwards = getComputedStyle(element).direction === "ltr";
  const edge = (box, atStart) => (rightwards === atStart ? box.left + 1 : box.right - 1);
  return [[edge(first, true), first.top + first.height / 2], [edge(last, false), last.top + last.height / 2]];
}"""
)


def edges(page: Page, text: str, words: str, nth: int = 0) -> list[tuple[float, float]]:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    units = [len(text[:place].encode("utf-16-le")) // 2 for place in (start, start + len(words))]
    text_of(page).scroll_into_view_if_needed()
    return [tuple(point) for point in text_of(page).evaluate(EDGES, units)]


def drag_over(page: Page, text: str, words: str, nth: int = 0) -> None:
    (x, y), (to_x, to_y) = edges(page, text, words, nth)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=6)
    page.mouse.up()


def tap_on(page: Page, text: str, words: str) -> None:
    (x, y), (to_x, _y) = edges(page, text, words)
    page.touchscreen.tap((x + to_x) / 2, y)


# --- With a mouse -----------------------------------------------------------------------------------


def test_words_that_are_selected_are_marked_with_the_label_that_is_chosen(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH))
    expect(label(page, "Person")).to_have_attribute("aria-pressed", "true")
    expect(listed(page)).to_have_count(0)

    drag_over(page, ENGLISH, "Ada")
    label(page, "Place").click()
    drag_over(page, ENGLISH, "Lagos ")  # the space is not of the name

    expect_marks(page, [("Person", "Ada"), ("Place", "Lagos")])
    expect_said(said(page), "“Lagos” is marked: Place.")
    expect(page.locator("mark[data-name=Place]")).to_have_text("Lagos")
    submit(page)
    assert answered(ENGLISH) == [("Ada", "per"), ("Lagos", "loc")]
    expect(listed(page)).to_have_count(0)


def test_a_mark_is_chosen_to_be_relabelled_or_removed(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH))
    drag_over(page, ENGLISH, "Ada")
    drag_over(page, ENGLISH, "Bola")

    page.locator("mark").first.click()
    label(page, "Organisation").click()
    expect_marks(page, [("Organisation", "Ada"), ("Person", "Bola")])
    page.get_by_role("button", name="Remove: Bola, Person").click()

    expect_marks(page, [("Organisation", "Ada")])
    expect_said(said(page), "“Bola” is not marked any more.")
    submit(page)
    assert answered(ENGLISH) == [("Ada", "org")]


def test_marks_do_not_run_into_each_other_unless_they_may(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH))
    drag_over(page, ENGLISH, "Lagos and")

    drag_over(page, ENGLISH, "and met")

    expect_said(said(page), "“and met” runs into another mark. Remove that one first, or select less.")
    expect(listed(page)).to_have_count(1)


def test_marks_upon_marks_each_have_a_line_of_their_own(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, schema=OVERLAPPING))
    drag_over(page, ENGLISH, "to Lagos and")
    label(page, "Place").click()
    drag_over(page, ENGLISH, "Lagos")
    drag_over(page, ENGLISH, "and met")

    lanes = page.locator("mark").evaluate_all(
        "marks => [...new Set(marks.map(mark => mark.dataset.lane))].sort()"
    )

    assert lanes == ["0", "1"]
    submit(page)
    assert answered(ENGLISH) == [("to Lagos and", "per"), ("Lagos", "loc"), ("and met", "loc")]


@pytest.mark.parametrize(
    ("text", "language", "from_", "words"),
    [
        (YORUBA, "yor_Latn", "ṣàn", "ṣàn"),
        (YORUBA, "yor_Latn", "Ọ", "Ọ̀"),  # half of a letter is all of it
        (YORUBA, "yor_Latn", "Adébọ̀lá", "Adébọ̀lá"),
        (ARABIC, "arb_Arab", "طه حسين", "طه حسين"),
        (ARABIC, "arb_Arab", "وُلِد", "وُلِدَ"),  # with the vowel upon its last letter
        (THAI, "tha_Thai", "กรุงเทพมหานคร", "กรุงเทพมหานคร"),
        (THAI, "tha_Thai", "เท", "เที่"),  # vowel and tone belong to the letter below
        (EMOJI, "eng_Latn", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        (EMOJI, "eng_Latn", "🇳🇬 like 👍🏽", "🇳🇬 like 👍🏽"),
        ("Tag\r\nund 👍🏽 Lagos\r\n", "deu_Latn", "Lagos", "Lagos"),  # what HTML would make shorter
    ],
)
def test_what_is_stored_is_whole_letters_in_code_points(
    arrive_here: Arrive, text: str, language: str, from_: str, words: str
) -> None:
    page = workspace(arrive_here, marking(text, language=language))

    drag_over(page, text, from_)

    expect_said(said(page), f"“{words}” is marked: Person.")
    submit(page)
    assert answered(text) == [(words, "per")]


LETTERS = """async (text) => {
  const { src } = document.querySelector("script[src*='workspace']");
  const { MarkedText } = await import(src.replace("workspace", "spans-text"));
  const marked = new MarkedText(text, "en");
  return marked.letters.slice(1).map((end, index) => {
    const part = { start: marked.letters[index], end };
    const { start, end: last } = marked.toPoints(part);
    const back = marked.toPlaces({ start, end: last });
    return [start, last, marked.slice(part), back.start === part.start && back.end === part.end];
  });
}"""


def test_places_of_the_page_and_code_points_are_turned_into_each_other(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH))

    for text in (YORUBA, ARABIC, THAI, EMOJI, "\r\n\r𐐷\u200d é́́ 한국 क्षि", "𝒳" * 3_000):
        letters = page.evaluate(LETTERS, text)
        assert "".join(letter for _start, _end, letter, _back in letters) == text
        assert all(text[start:end] == letter and back for start, end, letter, back in letters)


# --- With a finger ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "tapped", "words"),
    [
        (ENGLISH, "eng_Latn", ["Lagos", "met"], "Lagos and met"),
        (YORUBA, "yor_Latn", ["Adébọ̀lá", "wá"], "Adébọ̀lá sì wá"),
        (ARABIC, "arb_Arab", ["طه", "حسين"], "طه حسين"),
        (THAI, "tha_Thai", ["กรุงเทพมหานคร"], "กรุงเทพมหานคร"),
    ],
)
def test_the_first_and_the_last_word_are_tapped_and_then_a_label(
    arrive_here: Arrive, text: str, language: str, tapped: list[str], words: str
) -> None:
    page = workspace(arrive_here, marking(text, language=language), **FINGER)

    for word in tapped:
        tap_on(page, text, word)
    expect(pending(page)).to_have_text(words)
    label(page, "Place").tap()

    expect_said(said(page), f"“{words}” is marked: Place.")
    submit(page)
    assert answered(text) == [(words, "loc")]


def test_a_tapped_word_is_marked_by_the_button_or_let_go_by_a_second_tap(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH), **FINGER)
    tap_on(page, ENGLISH, "went")
    tap_on(page, ENGLISH, "went")
    expect(pending(page)).to_be_hidden()
    tap_on(page, ENGLISH, "Ada")
    page.get_by_role("button", name="Mark", exact=True).tap()
    tap_on(page, ENGLISH, "Ada")
    page.get_by_role("button", name="Remove the mark").tap()
    tap_on(page, ENGLISH, "Bola")
    page.get_by_role("button", name="Mark", exact=True).tap()

    expect_marks(page, [("Person", "Bola")])


def test_holding_a_finger_selects_and_a_label_marks_it(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH), **FINGER)
    words = pending(page)

    hold(page, ENGLISH, "Lagos", drawn_to="Lagos an")
    expect(words).to_have_text("Lagos an")
    label(page, "Place").tap()
    expect_marks(page, [("Place", "Lagos an")])
    hold(page, ENGLISH, "Bola", drawn_to="Bola")
    page.get_by_role("button", name="Mark", exact=True).tap()

    expect_marks(page, [("Place", "Lagos an"), ("Place", "Bola")])


def hold(page: Page, text: str, word: str, *, drawn_to: str) -> None:
    """A long press on a word. Without a screen Chromium selects nothing by it, so that what a phone selects then, and
    what its handles are drawn to, is put there for it."""
    (x, y), (to_x, _y) = edges(page, text, word)
    screen = page.context.new_cdp_session(page)
    screen.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": (x + to_x) / 2, "y": y}]}
    )
    for words in (word, drawn_to):
        text_of(page).evaluate(SELECT, [text.index(words), text.index(words) + len(words)])
    screen.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_marks_fit_a_phone_with_targets_for_thumbs(arrive_here: Arrive, colours: str, direction: str) -> None:
    project = marking(ARABIC, language="arb_Arab", suggested=[{"start": 0, "end": 7, "label": "per"}])
    page = workspace(arrive_here, project, color_scheme=colours, **FINGER)
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    tap_on(page, ARABIC, "مصر")
    label(page, "Place").tap()
    page.get_by_role("button", name="Remove:").first.tap()  # so that one is offered
    tap_on(page, ARABIC, "المنيا")

    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    targets = page.locator("[data-spans] :is(button, .answer):visible").all()
    boxes = [box for target in targets if (box := target.bounding_box())]
    assert len(boxes) == 3 + 2 + 2 + 1 + 1
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    expect(label(page, "Place")).to_be_in_viewport(ratio=1)


# --- By keys alone ----------------------------------------------------------------------------------


def by_keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_move_select_mark_and_remove_and_all_is_said(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH))
    moved = page.locator("[data-spans-moved]")
    text_of(page).focus()
    expect(page.get_by_role("textbox", name="Prompt")).to_be_focused()

    by_keys(page, "ArrowRight")
    expect_said(moved, "d")
    by_keys(page, "Home", "Shift+Control+ArrowRight")
    expect_said(moved, "Selected: “Ada”")
    by_keys(page, "1")
    expect_said(said(page), "“Ada” is marked: Person.")
    expect(text_of(page)).to_be_focused()
    by_keys(page, *["Control+ArrowRight"] * 2, "Shift+Control+ArrowRight", "2")
    expect_said(said(page), "“Lagos” is marked: Place.")
    by_keys(page, "ArrowLeft")
    expect_said(moved, "s, marked: Place")
    by_keys(page, "Delete")
    expect_said(said(page), "“Lagos” is not marked any more.")
    by_keys(page, "Space", "3", "Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered(ENGLISH) == [("Ada", "per"), ("Lagos", "org")]


@pytest.mark.parametrize(
    ("text", "language", "forward", "words"),
    [
        (YORUBA, "yor_Latn", "ArrowRight", ["Ọ̀", "Ọ̀ṣ", "Ọ̀ṣu"]),
        (ARABIC, "arb_Arab", "ArrowLeft", ["وُ", "وُلِ", "وُلِدَ"]),
        (THAI, "tha_Thai", "ArrowRight", ["ส", "สม", "สมช"]),
        (EMOJI, "eng_Latn", "ArrowRight", ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦 f"]),
    ],
)
def test_an_arrow_goes_over_a_whole_letter_along_the_line_of_reading(
    arrive_here: Arrive, text: str, language: str, forward: str, words: list[str]
) -> None:
    page = workspace(arrive_here, marking(text, language=language))
    text_of(page).focus()

    for selected in words:
        by_keys(page, f"Shift+{forward}")
        expect(pending(page)).to_have_text(selected)
    by_keys(page, "1", "Enter")

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered(text) == [(words[-1], "per")]


@pytest.mark.parametrize(
    ("text", "language", "keys", "words"),
    [
        (THAI, "tha_Thai", ["Control+ArrowRight"] * 3, "กรุงเทพมหานคร"),
        (YORUBA, "yor_Latn", ["Control+ArrowRight"] * 4, "sì"),
        (ARABIC, "arb_Arab", ["Control+ArrowLeft"] * 2, "حسين"),
    ],
)
def test_words_are_words_also_where_nothing_stands_between_them(
    arrive_here: Arrive, text: str, language: str, keys: list[str], words: str
) -> None:
    page = workspace(arrive_here, marking(text, language=language))
    text_of(page).focus()

    by_keys(page, *keys, f"Shift+{keys[0]}", "2")

    expect_said(said(page), f"“{words}” is marked: Place.")


def test_arrows_up_and_down_go_from_line_to_line(arrive_here: Arrive) -> None:
    text = "first line\nnext line\nlast line"
    page = workspace(arrive_here, marking(text))
    text_of(page).focus()

    by_keys(page, "ArrowDown", "ArrowDown", "Space")
    expect(pending(page)).to_have_text("last")
    by_keys(page, "Escape", "Home", "ArrowDown", "ArrowUp", "Space")

    expect(pending(page)).to_have_text("first")


# --- What else there is to say ----------------------------------------------------------------------


def test_marks_begin_with_what_a_model_suggests_until_somebody_changes_one(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=SUGGESTED))
    question = page.locator("[data-question=names]")
    expect(question).to_have_attribute("data-begun", "")
    expect(listed(page).locator("[data-spans-is-suggested]:visible")).to_have_count(2)

    page.get_by_role("button", name="Remove: Ada, Person").click()

    expect(question).not_to_have_attribute("data-begun", "")
    expect(listed(page).first.locator("[data-spans-is-suggested]")).to_be_visible()
    expect(listed(page).last.locator("[data-spans-is-suggested]")).to_be_hidden()
    submit(page)
    assert answered(ENGLISH) == [("Lagos", "loc")]


def test_marks_that_stand_as_suggested_are_sent_as_they_are(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=SUGGESTED))
    expect_marks(page, [("Person", "Ada"), ("Place", "Lagos")])

    submit(page)

    assert answered(ENGLISH) == [("Ada", "per"), ("Lagos", "loc")]


def test_without_a_script_suggested_marks_are_there_as_words(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=SUGGESTED), java_script_enabled=False)
    expect(page.get_by_role("textbox", name="Person")).to_have_value("Ada")

    page.get_by_role("textbox", name="Place").fill("")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered(ENGLISH) == [("Ada", "per")]


def test_that_nothing_is_to_be_marked_can_be_suggested_too(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=[]))
    expect(page.get_by_label("There is nothing to mark")).to_be_checked()
    expect(page.locator("[data-question=names]")).to_have_attribute("data-begun", "")

    submit(page)

    assert Response.objects.get().values == {"names": []}


def test_what_was_suggested_and_taken_out_can_be_taken_again(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=SUGGESTED), refusals={422})
    page.get_by_role("button", name="Start empty").click()
    expect(page.get_by_role("button", name="Start empty")).to_be_hidden()
    expect(text_of(page)).to_be_focused()
    expect(page.get_by_label("There is nothing to mark")).to_be_enabled()
    expect(page.locator("mark[data-suggested]")).to_have_text(["Ada", "Lagos"])
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("“Names” needs an answer.")).to_be_visible()

    page.locator("mark[data-suggested]").last.click()
    expect(label(page, "Place")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.locator("mark[data-suggested]")).to_have_text(["Ada"])
    page.get_by_role("button", name="Take the suggestions").click()

    expect(page.locator("mark[data-suggested]")).to_have_count(0)
    expect(page.get_by_role("button", name="Take the suggestions")).to_be_hidden()
    submit(page)
    assert answered(ENGLISH) == [("Ada", "per"), ("Lagos", "loc")]


def test_one_of_the_suggestions_is_taken_and_another_given_way_to_what_was_marked(
    arrive_here: Arrive,
) -> None:
    page = workspace(arrive_here, marking(ENGLISH, suggested=SUGGESTED))
    for name in ("Remove: Ada, Person", "Remove: Lagos, Place"):
        page.get_by_role("button", name=name).click()

    drag_over(page, ENGLISH, "to Lagos")
    expect_marks(page, [("Person", "Ada"), ("Person", "to Lagos")])
    take = page.get_by_role("button", name="Take: Ada, Person")
    take.focus()
    by_keys(page, "Enter")

    expect(page.get_by_role("button", name="Remove: Ada, Person")).to_be_focused()
    expect(page.locator("mark[data-suggested]")).to_have_count(0)


def test_that_there_is_nothing_to_mark_is_an_answer_and_silence_is_none(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH), refusals={422})
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("“Names” needs an answer.")).to_be_visible()

    page.get_by_label("There is nothing to mark").check()
    submit(page)

    assert Response.objects.get().values == {"names": []}


def test_an_answer_is_opened_again_with_its_marks_and_changed(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(EMOJI))
    drag_over(page, EMOJI, "🇳🇬")
    submit(page)

    page.get_by_role("link", name="Undo").click()
    expect_marks(page, [("Person", "🇳🇬")])
    drag_over(page, EMOJI, "👍🏽")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()

    assert answered(EMOJI) == [("🇳🇬", "per"), ("👍🏽", "per")]


def test_without_a_script_words_are_written_below_their_label(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH), java_script_enabled=False, refusals={422})

    page.get_by_label("Place").fill("Abuja")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("“Abuja” is not in the text. Write it as it stands there.")).to_be_visible()
    page.get_by_label("Place").fill("Lagos")
    page.get_by_role("textbox", name="Person").fill("Ada\nBola")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("1 answer by you")).to_be_visible()
    assert answered(ENGLISH) == [("Ada", "per"), ("Lagos", "loc"), ("Bola", "per")]


def test_a_mark_is_said_by_its_words_where_one_reads_own_answers(arrive_here: Arrive) -> None:
    project = marking(ENGLISH)
    page = workspace(arrive_here, project)
    drag_over(page, ENGLISH, "Ada")
    submit(page)

    page.goto(page.url.replace(f"/projects/{project.slug}/annotate/", "/me/answers/"))

    expect(page.get_by_text("“Ada” (Person)")).to_be_visible()


def test_a_long_text_keeps_its_labels_in_sight_and_a_selection_outlives_other_news(
    arrive_here: Arrive,
) -> None:
    text = " ".join([ENGLISH] * 30)
    page = workspace(arrive_here, marking(text), **FINGER)
    expect(label(page, "Place")).to_be_in_viewport(ratio=1)

    tap_on(page, text, "Ada")
    page.evaluate("document.dispatchEvent(new Event('htmx:afterSwap'))")
    page.evaluate("document.dispatchEvent(new Event('workspace:shown'))")

    assert page.evaluate("getSelection().toString()") == "Ada"
    expect(pending(page)).to_have_text("Ada")


def test_what_another_script_puts_back_is_drawn(arrive_here: Arrive) -> None:
    page = workspace(arrive_here, marking(ENGLISH))
    drag_over(page, ENGLISH, "Ada")

    page.locator("[data-spans-value]").evaluate(
        """input => { input.value = '[{"start":12,"end":17,"label":"loc"}]' }"""
    )
    page.evaluate("document.dispatchEvent(new Event('workspace:shown'))")
    expect_marks(page, [("Place", "Lagos")])
    page.evaluate("document.querySelector('form[data-workspace]').reset()")

    expect_marks(page, [])


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "eng_Latn"), (ARABIC, "arb_Arab")])
def test_nothing_of_it_keeps_people_out(arrive_here: Arrive, text: str, language: str) -> None:
    suggested = [{"start": 4, "end": 8, "label": "org"}]
    page = workspace(
        arrive_here,
        marking(text, language=language, schema=OVERLAPPING, suggested=suggested),
        reduced_motion="reduce",
    )
    for name in ("Person", "Place"):
        label(page, name).click()
        drag_over(page, text, text.split()[2])
        drag_over(page, text, text.split()[3])

    wrong = [*grave(page, WCAG, "light")]
    page.emulate_media(color_scheme="dark")
    page.reload()
    wrong += grave(page, CONTRAST, "dark")

    assert not wrong, "\n".join(wrong)
