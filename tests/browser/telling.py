"""What pages and API tell of a project: read separately, to be compared."""

from dataclasses import dataclass
from typing import Any

from tests.browser.visitor import Visitor

STATS = (
    "all => all.map(e => [e.querySelector('dt').innerText.trim(), Number(e.querySelector('dd').innerText)])"
)
ROWS = """all => all.map(e => [
  e.querySelector("bdi").innerText, parseInt(e.querySelector(".leaderboard__count").innerText)
])"""


@dataclass(frozen=True)
class Told:
    """Counts of a project, and the answers of each person by the name they are shown with."""

    records: int
    complete: int
    answers: int
    people: int
    standings: dict[str, int]


def by_pages(visitor: Visitor, slug: str) -> Told:
    """As the progress page and the leaderboard have it."""
    visitor.go(f"/projects/{slug}/progress/")
    counts = dict(visitor.main.locator(".stat").evaluate_all(STATS))
    visitor.go(f"/projects/{slug}/leaderboard/")
    standings = dict(visitor.main.locator(".leaderboard__row").evaluate_all(ROWS))
    return Told(counts["Records"], counts["Complete"], counts["Answers"], counts["People"], standings)


def by_api(visitor: Visitor, slug: str) -> Told:
    """As the endpoints of one project have it, which have to agree with the list of all."""
    progress, contributors = (
        ask(visitor, f"projects/{slug}/{part}/") for part in ("progress", "contributors")
    )
    totals = progress["totals"]
    assert ask(visitor, f"projects/{slug}/")["totals"] == totals
    assert sum(day["responses"] for day in progress["days"]) == totals["responses"]
    assert contributors["hidden"] == {"people": 0, "responses": 0}
    return Told(
        totals["records"],
        totals["complete"],
        totals["responses"],
        totals["contributors"],
        {line["name"]: line["responses"] for line in contributors["results"]},
    )


def sums_by_api(visitor: Visitor) -> tuple[dict[str, int], dict[str, int]]:
    """Totals over all projects, as the API has them, and as its list of projects adds up."""
    overall, listed = ask(visitor, "totals/"), ask(visitor, "projects/")["results"]
    names = ("records", "complete", "responses")
    added = {name: sum(project["totals"][name] for project in listed) for name in names}
    return {name: overall[name] for name in names}, added


def ask(visitor: Visitor, path: str) -> Any:
    """What the API answers to that person's browser."""
    answer = visitor.page.request.get(f"{visitor.url}/api/v1/{path}")
    assert answer.ok, answer.text()
    return answer.json()
