"""`manage.py recount [SLUG…] [--mend]`: do the totals still equal a count of the rows?"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from annotations.domain import totals
from projects.models import Project


class Command(BaseCommand):
    help = "Compare the totals of projects with a recount of their rows; with --mend, correct what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="projects to look at; all of them if none is named")
        parser.add_argument("--mend", action="store_true", help="correct the totals that differ")

    def handle(self, *, slugs: list[str], mend: bool, **_options: object) -> None:
        projects = Project.objects.filter(slug__in=slugs) if slugs else Project.objects.all()
        if missing := set(slugs) - set(projects.values_list("slug", flat=True)):
            raise CommandError(f"There is no project called {', '.join(sorted(missing))}.")
        wrong = [project for project in projects.order_by("pk") if not self._is_right(project, mend=mend)]
        self.stdout.write(f"{projects.count()} projects counted, {len(wrong)} differed.")
        if wrong and not mend:
            raise CommandError("Run it again with --mend to correct them.")

    def _is_right(self, project: Project, *, mend: bool) -> bool:
        kept, counted = totals.of(project), totals.recount(project)
        if kept == counted:
            return True
        self.stdout.write(f"{project.slug}: kept {kept}, counted {counted}")
        if mend:
            totals.mend(project)
        return False
