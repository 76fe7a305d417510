"""What `test_kill` asks of the database from processes of its own: `python -m tests.house.kill_world seed|judge`."""

import json
import sys

import django

RECORDS, PEOPLE, OVERLAP = 120, 4, 3


def seed() -> dict[str, object]:
    """A project that is open, and the tokens of people who may answer at once."""
    from accounts.domain import tokens
    from tests.annotations.worlds import a_project, taking_part

    project = a_project(records=RECORDS, overlap=OVERLAP)
    people = [taking_part(project) for _ in range(PEOPLE)]
    return {"slug": project.slug, "tokens": [tokens.make(user, name="load")[1] for user in people]}


def judge() -> dict[str, object]:
    """Every answer by its public id, after a sweep at the end of all leases; fails where an invariant does not hold."""
    from annotations.domain import queue, totals
    from annotations.models import Assignment, ProjectTotals, Response
    from dibt.lib import clock
    from projects.models import Project
    from tests.annotations.test_invariants import assert_invariants
    from tests.annotations.worlds import AFTER_THE_LEASE

    project = Project.objects.get()
    assert_invariants(project, most=OVERLAP)
    with clock.at(clock.now() + AFTER_THE_LEASE):
        queue.return_expired()
    totals.fold()
    assert_invariants(project, most=OVERLAP)
    assert not Assignment.objects.exists()
    assert ProjectTotals.objects.get().responses == totals.recount(project).responses
    rows = Response.objects.values_list("public_id", "record", "values")
    return {str(public_id): [record, values["quality"]] for public_id, record, values in rows}


if __name__ == "__main__":
    django.setup()
    json.dump({"seed": seed, "judge": judge}[sys.argv[1]](), sys.stdout)
