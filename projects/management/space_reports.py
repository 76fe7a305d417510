"""What operators read about Spaces: a table that can be searched line by line, one Space in full, and both as JSON.

A word of the table is one word, so that `awk` finds the next where it should be. Fields are named one by one: no
secret is among them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from dibt.lib import clock
from dibt.lib.money import dollars
from projects.domain import costs
from projects.domain.costs import Cost
from projects.domain.space_events import sentence
from projects.models import Space, SpaceEvent, SpaceStep
from projects.provisioning import differences

HEADS = ("PROJECT", "SPACE", "STATE", "STAGE", "AGE", "CHECKED", "HOURLY", "MONTH", "DIFFERS")
EVENTS = 20
UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def table(spaces: Sequence[Space]) -> Iterator[str]:
    """A line for each of the Spaces, below one that names the columns; they come from `with_age`."""
    cost = costs.by_space(spaces)
    rows = [HEADS, *(_row(space, cost[space.pk]) for space in spaces)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def listed(spaces: Sequence[Space]) -> list[dict[str, object]]:
    """The same for programs."""
    cost = costs.by_space(spaces)
    return [_summary(space, cost[space.pk]) for space in spaces]


def in_full(space: Space) -> Iterator[str]:
    """Everything about one Space, line by line."""
    cost = costs.of_project(space.project)
    asleep = "never" if space.sleep_seconds is None else f"after {space.sleep_seconds} s"
    yield f"{space.repo_id}, for {space.project.slug} of cohort {space.project.cohort.slug}"
    yield f"State: {space.state} ({space.get_state_display()}), goal: {space.goal}"
    yield f"Hub: {space.stage or 'not seen'} on {space.seen_hardware or '-'}, {space.url or 'no address yet'}"
    yield f"Wanted: {space.hardware}, asleep {asleep}, {space.visibility}; data in {space.bucket_id}"
    yield f"Asked for: {_moment(space.requested_at)} by {space.requested_by.hub_username}"
    yield f"Checked: {_moment(space.checked_at)}; settings: {_moment(space.inspected_at)}"
    yield (
        f"Cost: {dollars(cost.hourly)} an hour now, {dollars(cost.so_far)} this month so far, "
        f"about {dollars(cost.forecast)} by its end"
    )
    yield f"Differences: {len(space.drift) or 'none'}"
    yield from (f"  {each.what}: {each.sentence}" for each in differences.kept(space))
    yield "Steps:"
    yield from (line for step in space.steps.all() for line in _step(step))
    yield f"Events, newest first, {EVENTS} at most:"
    yield from (f"  {_moment(event.at)}  {_who(event)}  {sentence(event)}" for event in _events(space))


def full(space: Space) -> dict[str, object]:
    """The same for programs."""
    return {
        **_summary(space, costs.of_project(space.project)),
        "cohort": space.project.cohort.slug,
        "url": space.url,
        "bucket": space.bucket_id,
        "wanted": {
            "hardware": space.hardware,
            "sleep_seconds": space.sleep_seconds,
            "visibility": space.visibility,
        },
        "seen_hardware": space.seen_hardware,
        "requested_at": _iso(space.requested_at),
        "requested_by": space.requested_by.hub_username,
        "inspected_at": _iso(space.inspected_at),
        "differences": [each.to_json() for each in differences.kept(space)],
        "steps": [_step_fields(step) for step in space.steps.all()],
        "events": [
            {"at": _iso(event.at), "by": _who(event), "kind": event.kind, "what": sentence(event)}
            for event in _events(space)
        ],
    }


def _row(space: Space, cost: Cost) -> tuple[str, ...]:
    return (
        space.project.slug,
        space.repo_id,
        space.state,
        space.stage or "-",
        _ago(_since(space)),
        _ago(space.checked_at),
        dollars(cost.hourly),
        dollars(cost.so_far),
        ",".join(_differing(space)) or "-",
    )


def _summary(space: Space, cost: Cost) -> dict[str, object]:
    return {
        "project": space.project.slug,
        "space": space.repo_id,
        "state": space.state,
        "goal": space.goal,
        "stage": space.stage,
        "since": _iso(_since(space)),
        "checked_at": _iso(space.checked_at),
        "cost": _cost_fields(cost),
        "differs": _differing(space),
    }


def _cost_fields(cost: Cost) -> Mapping[str, str]:
    """In US dollars; as text, because a program's fractions would not add up."""
    return {"hourly": f"{cost.hourly:f}", "month": f"{cost.so_far:f}", "forecast": f"{cost.forecast:f}"}


def _step(step: SpaceStep) -> Iterator[str]:
    times = f"{_moment(step.started_at)} to {_moment(step.ended_at)}" if step.started_at else "not begun"
    again = f", next at {_moment(step.next_retry_at)}" if step.next_retry_at else ""
    yield f"  {step.position + 1}. {step.key}: {step.state}, attempt {step.attempt}, {times}{again}"
    if step.error:
        yield f"     {step.error}" + (f" (request {step.request_id})" if step.request_id else "")


def _step_fields(step: SpaceStep) -> dict[str, object]:
    return {
        "key": step.key,
        "state": step.state,
        "attempt": step.attempt,
        "started_at": _iso(step.started_at),
        "ended_at": _iso(step.ended_at),
        "next_retry_at": _iso(step.next_retry_at),
        "error": step.error,
        "request_id": step.request_id,
    }


def _events(space: Space) -> Iterable[SpaceEvent]:
    return space.events.select_related("by")[:EVENTS]


def _who(event: SpaceEvent) -> str:
    return event.by.hub_username if event.by else "the-platform"


def _differing(space: Space) -> list[str]:
    return list(dict.fromkeys(each.what.value for each in differences.kept(space)))


def _since(space: Space) -> datetime | None:
    """As `with_age` has annotated it."""
    since: datetime | None = getattr(space, "since", None)
    return since


def _ago(when: datetime | None) -> str:
    if when is None:
        return "-"
    passed = clock.now() - when
    for unit, length in UNITS:
        if passed >= length:
            return f"{passed // length}{unit}"
    return f"{max(0, int(passed.total_seconds()))}s"


def _moment(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}Z" if when else "never"


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
