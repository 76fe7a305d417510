"""The whole road in a real browser: from a cohort to a dataset that others load."""

import pytest

from tests.browser import stations
from tests.browser.conftest import Arrive
from tests.house.running import Site, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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
QUESTION = "Is this prompt worth answering?"
GUIDELINES = "## Read it twice\n\nThen rate it from **1** to **5**. Skip what you cannot judge."


def test_the_whole_road(arrive: Arrive, site: Site) -> None:
    weaver, ibis = arrive("weaver"), arrive("ibis")
    stations.publish_a_cohort(weaver, name=COHORT)
    stations.give_an_address(ibis, address="ibis@example.org")
    draft = stations.begin_an_application(ibis, cohort=COHORT, proposal=PROMPTS)
    stations.submit_the_application(ibis, draft)
    stations.review_and_accept(weaver, cohort=COHORT, title=PROMPTS["title"], feedback="Welcome on board.")
    assert eventually(lambda: "Welcome on board." in mailed(site)), mailed(site)
    slug = stations.confirm(ibis, title=PROMPTS["title"])

    stations.edit_the_task(ibis, slug, **{"questions-0-title": QUESTION})
    stations.edit_the_guidelines(ibis, slug, text=GUIDELINES, seen="Read it twice")
    stations.set_up_a_space(ibis, slug)


def mailed(site: Site) -> str:
    """Everything that was sent by mail."""
    return "".join(file.read_text() for file in sorted((site.data / "mail").glob("*")))
