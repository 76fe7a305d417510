"""`manage.py organiser add|remove|list`: who runs cohorts."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.domain import people
from accounts.models import User
from dibt.lib.errors import DomainError


class Command(BaseCommand):
    help = "Chooses who runs cohorts, among the people who have signed in at least once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for action, does in (("add", "let somebody run cohorts"), ("remove", "end that")):
            actions.add_parser(action, help=does).add_argument(
                "name", help="their Hugging Face user name, or their sub"
            )
        actions.add_parser("list", help="who does")

    def handle(self, *args: str, action: str, name: str = "", **options: object) -> None:  # noqa: ARG002
        if action == "list":
            self._list()
            return
        try:
            user = people.find(name)
        except DomainError as error:
            raise CommandError(error.message) from error
        if action == "add":
            people.make_organiser(user)
            self.stdout.write(f"{user} ({user.hub_sub}) is an organiser now.")
        else:
            self._remove(user)

    def _remove(self, user: User) -> None:
        people.dismiss_organiser(user)
        self.stdout.write(f"{user} ({user.hub_sub}) is no organiser any more.")
        if user.hub_sub in settings.ORGANISER_SUBS:
            self.stderr.write(
                "ORGANISER_SUBS still names them, so their next sign-in makes them one again. Remove it there too."
            )

    def _list(self) -> None:
        organisers = people.organisers()
        for user in organisers:
            self.stdout.write(f"{user.hub_username}\t{user.hub_sub}")
        if not organisers:
            self.stderr.write("There is no organiser yet. Make one: manage.py organiser add NAME")
