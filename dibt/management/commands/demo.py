"""`manage.py demo`: fill an empty site with the demo world."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dibt.demo import releasing, world
from projects.models import Cohort


class Command(BaseCommand):
    help = "Builds the demo world: two cohorts, six projects, and the people of the sandbox Hub."

    def handle(self, *_args: object, **_options: object) -> None:
        if not settings.SANDBOX_URL:
            raise CommandError(
                "The people of the demo world live on the sandbox Hub, and SANDBOX_URL names none. "
                "Set it, or run ./run, which starts one."
            )
        if Cohort.objects.exists():
            raise CommandError(
                "There is a cohort in this database already, so nothing was built. The demo world needs an empty "
                "site: set DATA_DIR (or DATABASE_URL) to another place."
            )
        started = time.monotonic()
        self.stdout.write("Building the demo world")
        world.build(tell=self._tell)
        for release in releasing.release_completed():
            self._tell(f"{release}: {release.get_state_display()}")
        self.stdout.write(f"The demo world is ready ({time.monotonic() - started:.1f} s)")

    def _tell(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
