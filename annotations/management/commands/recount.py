"""`manage.py recount [SLUG…] [--mend]`: do the counts still equal a count of the rows?"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from annotations.domain import recounting, totals
from projects.models import Project


class Command(BaseCommand):
    help = (
        "Compare what projects and their records say of their answers with a recount of the rows; with --mend, "
        "correct what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="projects to look at; all of them if none is named")
        parser.add_argument("--mend", action="store_true", help="correct what differs")

    def handle(self, *, slugs: list[str], mend: bool, **_options: object) -> None:
        projects = Project.objects.filter(slug__in=slugs) if slugs else Project.objects.all()
        if missing := set(slugs) - set(projects.values_list("slug", flat=True)):
            raise CommandError(f"There is no project called {', '.join(sorted(missing))}.")
        wrong = [project for project in projects.order_by("pk") if not self._is_right(project, mend=mend)]
        self.stdout.write(f"{projects.count()} projects counted, {len(wrong)} differed.")
        if wrong and not mend:
            raise CommandError("Run it again with --mend to correct them.")

    def _is_right(self, project: Project, *, mend: bool) -> bool:
        # First the records: the totals are counted from what they say.
        records_are = self._records_are_right(project, mend=mend)
        return self._totals_are_right(project, mend=mend) and records_are

    def _records_are_right(self, project: Project, *, mend: bool) -> bool:
        wrong = list(recounting.miscounted(project))
        for one in wrong:
            name = f"{project.slug}, record {one.external_id}"
            self.stdout.write(f"{name}: kept {one.kept}, counted {one.counted}")
        if wrong and mend:
            recounting.mend(project)
        return not wrong

    def _totals_are_right(self, project: Project, *, mend: bool) -> bool:
        kept, counted = totals.of(project), totals.recount(project)
        if kept == counted:
            return True
        self.stdout.write(f"{project.slug}: kept {kept}, counted {counted}")
        if mend:
            totals.mend(project)
        return False
