"""What the tests of a Space's pages share: Spaces in any state, prices, and whoever runs their project."""

from decimal import Decimal
from html import unescape

from django.test import Client

from dibt.lib import clock
from projects.domain import space_plans
from projects.domain.space_changes import Change
from projects.models import HardwarePrice, Project, Space, SpaceGoal, SpaceState
from tests.projects.space_worlds import a_requested_space, lead_of

PRICES = (("cpu-upgrade", "0.03"), ("t4-small", "0.40"), ("a100-large", "2.50"))
# The state in which a change can be asked for, where that is not while it is ready.
FROM = {
    Change.RESUME: (SpaceState.PAUSED, SpaceGoal.PAUSED),
    Change.FORGET: (SpaceState.GONE, SpaceGoal.GONE),
}


def tell_prices() -> None:
    for name, hourly in PRICES:
        HardwarePrice.objects.create(
            name=name, pretty_name=name.upper(), hourly=Decimal(hourly), seen_at=clock.now()
        )


def url(space: Space, action: str = "") -> str:
    return f"/manage/{space.project.slug}/space/{action}"


def a_space(state: SpaceState = SpaceState.READY, goal: SpaceGoal = SpaceGoal.RUN, **fields: object) -> Space:
    """One of which the rows say so; its project had a release."""
    space = a_requested_space()
    space.steps.all().delete()
    space_plans.lay_out(space, space_plans.PLANS[goal])
    Space.objects.filter(pk=space.pk).update(**{"state": state, "goal": goal, "stage": "RUNNING", **fields})
    Project.objects.filter(pk=space.project_id).update(released_at=clock.now())
    return Space.objects.get(pk=space.pk)


def fit_for(change: Change, **fields: object) -> Space:
    state, goal = FROM.get(change, (SpaceState.READY, SpaceGoal.RUN))
    return a_space(state, goal, **fields)


class Lead:
    """Whoever runs the project of a Space, with a browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def sees(self, space: Space, action: str = "", **asked: str) -> str:
        self.client.force_login(lead_of(space.project))
        answer = self.client.get(url(space, action), asked, follow=True)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def does(self, space: Space, change: Change, **typed: str) -> str:
        """What is seen after confirming."""
        self.client.force_login(lead_of(space.project))
        answer = self.client.post(url(space, f"{change}/"), typed, follow=True)
        assert answer.status_code == 200
        return unescape(answer.content.decode())
