"""`manage.py spaces …`: what operators ask of Spaces without a browser.

Exit status: 0 all was done, 1 something was refused (each with its sentence; the others were done), 2 misused.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.models import User
from dibt.gateways.errors import GatewayError
from dibt.gateways.hub import the_hub
from dibt.lib.errors import DomainError
from projects.domain import space_changes, spaces
from projects.management import space_choice, space_reports
from projects.management.space_comparing import compared
from projects.models import Space, SpaceState
from projects.provisioning import mending
from projects.provisioning.mending import Remedy

MISUSED = 2
# What changes a Space, what that does, and what is said of the Space then.
CHANGES: Mapping[str, tuple[Callable[..., Space], str, str]] = {
    "retry": (spaces.retry, "have those that need a person tried again", "will be tried again"),
    "pause": (space_changes.pause, "stop them, so that they cost nothing", "will be paused"),
    "resume": (space_changes.resume, "have paused ones run again", "will run again"),
    "teardown": (
        space_changes.take_down,
        "stop and delete them; their data stay in their buckets",
        "will be taken down",
    ),
}
REMEDIES = {
    Remedy.MENDED: "will be set right",
    Remedy.ESCALATED: "needs a person: look at it with show",
    Remedy.NONE: "stays as it is",
}


class Command(BaseCommand):
    help = "The projects' Spaces. A SPACE is named as OWNER/NAME, or by the address of its project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="a line for each, those with problems first")
        listing.add_argument("--state", choices=SpaceState.values, help="only those in this state")
        listing.add_argument("--cohort", metavar="SLUG", help="only those of this cohort")
        listing.add_argument("--problems", action="store_true", help="only what needs a person or differs")
        showing = actions.add_parser("show", help="one of them: steps, differences, events and cost")
        showing.add_argument("space", metavar="SPACE")
        for reading in (listing, showing):
            reading.add_argument("--json", action="store_true", help="for programs")
        for action, (_change, does, _then) in CHANGES.items():
            changing = actions.add_parser(action, help=does)
            changing.add_argument("spaces", metavar="SPACE", nargs="+")
            changing.add_argument("--by", metavar="NAME", required=True, help="the organiser who asks for it")
        comparing = actions.add_parser(
            "reconcile", help="tell how they differ on the Hub from what is wanted"
        )
        comparing.add_argument("spaces", metavar="SPACE", nargs="*", help="by default all that rest")
        comparing.add_argument("--mend", action="store_true", help="and have that set right; needs --by")
        comparing.add_argument("--by", metavar="NAME", help="the organiser who asks for it")

    def handle(self, *_args: Any, action: str, **options: Any) -> None:
        try:
            match action:
                case "list":
                    self._list(options)
                case "show":
                    self._show(options["space"], as_json=options["json"])
                case "reconcile":
                    self._reconcile(options["spaces"], mend=options["mend"], by=options["by"])
                case _:
                    self._change(action, options["spaces"], by=space_choice.organiser(options["by"]))
        except (DomainError, GatewayError) as refusal:
            raise CommandError(refusal.message) from refusal

    def _list(self, options: Mapping[str, Any]) -> None:
        found = space_choice.every()
        if options["state"]:
            found = found.filter(state=options["state"])
        if options["cohort"]:
            found = found.filter(project__cohort__slug=options["cohort"])
        if options["problems"]:
            found = found.filter(Q(state=SpaceState.FAILED) | ~Q(drift=[]))
        if options["json"]:
            self.stdout.write(json.dumps(space_reports.listed(list(found)), indent=2))
        else:
            self.stdout.write("\n".join(space_reports.table(list(found))))

    def _show(self, name: str, *, as_json: bool) -> None:
        space = space_choice.find(name)
        if as_json:
            self.stdout.write(json.dumps(space_reports.full(space), indent=2))
        else:
            self.stdout.write("\n".join(space_reports.in_full(space)))

    def _change(self, action: str, names: Sequence[str], *, by: User) -> None:
        change, _does, then = CHANGES[action]

        def ask(name: str) -> None:
            space = change(space_choice.find(name), by=by)
            news = then if space.is_moving else f"is {space.state} already"
            self.stdout.write(f"{space.repo_id}: {news}")

        self._end(names, refused=self._each(names, ask))

    def _reconcile(self, names: Sequence[str], *, mend: bool, by: str | None) -> None:
        organiser = None
        if mend:
            if not by:
                raise CommandError(
                    "--mend changes Spaces. Say who asks for it: --by NAME", returncode=MISUSED
                )
            organiser = space_choice.organiser(by)
        found = [] if names else list(space_choice.every().watched())
        refused = self._each(names, lambda name: found.append(space_choice.find_resting(name)))
        differing = 0
        for space, differences in compared(found, the_hub(), waits=self.stderr.write):
            for difference in differences:
                self.stdout.write(f"{space.repo_id}: {difference.what.value}: {difference.sentence}")
            if mend and differences:
                self.stdout.write(
                    f"{space.repo_id}: {REMEDIES[mending.remedy(space, differences, by=organiser)]}"
                )
            differing += bool(differences)
        self.stdout.write(f"Compared: {len(found)}, differ: {differing}")
        self._end(names, refused=refused)

    def _each(self, names: Sequence[str], do: Callable[[str], object]) -> int:
        """Do it with each, whatever becomes of the others; returns how many were refused."""
        refused = 0
        for name in names:
            try:
                do(name)
            except DomainError as refusal:
                refused += 1
                self.stderr.write(f"{name}: {refusal.message}")
        return refused

    def _end(self, names: Sequence[str], *, refused: int) -> None:
        if refused:
            raise CommandError(f"Refused: {refused} of {len(names)}")
