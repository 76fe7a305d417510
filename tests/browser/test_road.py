"""The whole road in a real browser: from a cohort to a dataset that others load."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import applying, building, contributing, publishing, telling
from tests.browser.conftest import Arrive
from tests.house.running import ROOT, Site, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DATA = ROOT / "dibt" / "demo" / "data"
COHORT = "First cohort"
PROMPTS = {
    "title": "Prompts worth answering",
    "pitch": "Which everyday instructions are clear and worth answering? Rated by people, one by one.",
    "languages": "English",
    "domain": "general",
    "task_kind": "prompt_rating",
    "data_source": "User-oriented instructions, as people wrote them.",
    "licence": "cc-by-4.0",
    "target": 100,
    "access": "open",
}
TWEETS = PROMPTS | {
    "title": "Feelings in Yoruba tweets",
    "languages": "Yoruba",
    "domain": "social_media",
    "task_kind": "text_classification",
    "data_source": "Tweets in Yoruba, from NaijaSenti.",
    "access": "organisation",
    "organisation": "Delta Readers",
}
QUESTION = "Is this prompt worth answering?"
GUIDELINES = "## Read it twice\n\nThen rate it from **1** to **5**. Skip what you cannot judge."
# A line that is cut off, a second row with an id, and one without its prompt.
REFUSED = """\
{"id": "cut off", "instruction": "Translate
{"id": "user_oriented_task_0", "instruction": "Say it in Yoruba."}
{"id": "empty", "instruction": ""}
"""
REASONS = [
    "121,This line is not JSON",
    "122,The id “user_oriented_task_0” is also that of row 1.",
    "123,The field “prompt” is empty.",
]


def test_the_whole_road(arrive: Arrive, site: Site, tmp_path: Path) -> None:
    weaver, ibis = arrive("weaver"), arrive("ibis")
    title = str(PROMPTS["title"])

    applying.publish_a_cohort(weaver, name=COHORT)
    applying.give_an_address(ibis, address="ibis@example.org")
    draft = applying.begin_an_application(ibis, cohort=COHORT, proposal=PROMPTS)
    applying.submit_the_application(ibis, draft)
    applying.review_and_accept(weaver, title=title, feedback="Welcome on board.")
    assert eventually(lambda: "Welcome on board." in mailed(site)), mailed(site)
    slug = applying.confirm(ibis, title=title)

    building.edit_the_task(ibis, slug, field="Text to work on", **{"questions-0-title": QUESTION})
    building.edit_the_guidelines(ibis, slug, text=GUIDELINES, seen="Read it twice")
    file = tmp_path / "prompts.jsonl"
    file.write_text((DATA / "prompts-user-oriented.jsonl").read_text() + REFUSED)
    mapping = {"field-text_to_work_on-path": "instances[0].input"}
    building.check_a_file(ibis, slug, file=file, mapping=mapping, good=120)
    refused = building.reasons(ibis)
    assert [reason for reason in REASONS if reason not in refused] == [], refused
    building.take_them(ibis, good=120)
    building.try_the_preview(ibis, slug, sees=QUESTION, answer="4")
    building.set_up_a_space(ibis, slug)
    building.open_the_project(ibis, slug)

    okapi, heron = arrive("okapi"), arrive("heron")
    for contributor in (okapi, heron):
        contributing.find_the_project(
            contributor, title=title, language="eng_Latn", domain="general", task="prompt_rating"
        )
    contributing.consent(okapi, shown_as="hub_name")
    contributing.annotate_by_key(okapi, "45132")
    contributing.skip_by_key(okapi)
    contributing.annotate_by_key(okapi, "4", before=5)
    contributing.consent(heron, shown_as="pseudonym")
    contributing.annotate_by_mouse(heron, "325", question="quality")

    visitor = arrive()
    pages, api = telling.by_pages(visitor, slug), telling.by_api(visitor, slug)
    assert pages == api
    assert (pages.records, pages.answers, pages.people) == (120, 9, 2)
    assert sorted(pages.standings.values()) == [3, 6]
    assert pages.standings["okapi"] == 6
    assert "heron" not in pages.standings
    overall, added = telling.sums_by_api(visitor)
    assert overall == added

    publishing.make_a_release(ibis, slug)
    repo = publishing.publish_it(ibis)
    assert {"README.md"} <= set(publishing.files_of(ibis))
    rows = publishing.loaded(repo, hub=hub(site), home=tmp_path)
    given = [quality for row in rows for quality in row["quality.responses"]]
    assert sorted(given) == sorted([4, 5, 1, 3, 2, 4, 3, 2, 5])


def test_a_project_for_members_of_an_organisation_refuses_others(arrive: Arrive) -> None:
    weaver, ibis = arrive("weaver"), arrive("ibis")
    title = str(TWEETS["title"])
    applying.publish_a_cohort(weaver, name="Members' cohort")
    draft = applying.begin_an_application(ibis, cohort="Members' cohort", proposal=TWEETS)
    applying.submit_the_application(ibis, draft)
    applying.review_and_accept(weaver, title=title, feedback="")
    slug = applying.confirm(ibis, title=title)
    building.check_a_file(ibis, slug, file=DATA / "naijasenti-yor.tsv", mapping={}, good=150)
    building.take_them(ibis, good=150)
    building.try_the_preview(ibis, slug, sees="Which label fits this text?", answer="1")
    building.open_the_project(ibis, slug)

    hoopoe, civet = arrive("hoopoe"), arrive("civet", refusals=[403])
    contributing.find_the_project(hoopoe, title=title, language="yor_Latn")
    contributing.consent(hoopoe, shown_as="hidden")
    contributing.annotate_by_key(hoopoe, "1")
    civet.go(f"/projects/{slug}/")
    civet.sees("This project is for members of Delta Readers")
    civet.go(f"/projects/{slug}/annotate/")
    civet.sees("members of Delta Readers")
    expect(civet.main.locator("#answer-form")).to_have_count(0)


def hub(site: Site) -> str:
    """The sandbox Hub beside the site."""
    address, _colon, port = site.url.rpartition(":")
    return f"{address}:{int(port) + 1}"


def mailed(site: Site) -> str:
    """Everything that was sent by mail."""
    return "".join(file.read_text() for file in sorted((site.data / "mail").glob("*")))
