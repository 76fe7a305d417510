"""What tests of killed and crowded web processes ask of the database, from processes of their own:
`python -m tests.house.kill_world seed|judge|finish '{…}'`."""

import json
import sys

import django


def seed(*, records: int, people: int, overlap: int) -> dict[str, object]:
    """A project that is open, and the tokens of people who may answer at once."""
    from accounts.domain import tokens
    from projects.domain import tasks
    from tests.annotations.worlds import a_project, taking_part

    project = a_project(records=records, overlap=overlap)
    secrets = [tokens.make(taking_part(project), name="load")[1] for _ in range(people)]
    return {"slug": project.slug, "tokens": secrets, "schema": tasks.current_schema(project).pk}


def judge() -> dict[str, object]:
    """Every answer by its public id; fails where an invariant does not hold, now or once everybody's time is up."""
    from annotations.domain import leasing, queue, totals
    from annotations.models import Assignment, ProjectTotals
    from dibt.lib import clock
    from projects.models import Project
    from tests.annotations.test_invariants import assert_invariants
    from tests.annotations.worlds import AFTER_THE_LEASE

    project = Project.objects.get()
    assert_invariants(project, most=project.overlap)
    with clock.at(clock.now() + leasing.A_DAY + AFTER_THE_LEASE):
        queue.return_expired()
    totals.fold()
    assert_invariants(project, most=project.overlap)
    assert not Assignment.objects.exists()
    assert ProjectTotals.objects.get().responses == totals.recount(project).responses
    return _answers()


def finish() -> dict[str, object]:
    """The same people answer all that is left; returns every answer, and (answers, open places) of each record."""
    from annotations.domain import responding
    from projects.models import Project

    project = Project.objects.get()
    for contributor in project.contributors.select_related("user"):
        assert contributor.user is not None
        while held := responding.held(project, by=contributor.user):
            for assignment in held:
                said = {"record_id": assignment.record_id, "values": {"quality": 3}}
                responding.submit(project, by=contributor.user, **said)
    places = list(project.records.values_list("submitted_count", "open_slots").distinct().order_by())
    return {"answers": _answers(), "places": places}


def _answers() -> dict[str, object]:
    from annotations.models import Response

    rows = Response.objects.values_list("public_id", "record", "values", "surplus")
    return {
        str(public_id): [record, values["quality"], surplus] for public_id, record, values, surplus in rows
    }


if __name__ == "__main__":
    django.setup()
    said = json.loads(sys.argv[2])
    json.dump({"seed": seed, "judge": judge, "finish": finish}[sys.argv[1]](**said), sys.stdout)
