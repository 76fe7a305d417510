"""The command that compares totals with a recount."""

import io

import pytest
from django.core.management import CommandError, call_command

from annotations.domain import responding, totals
from dibt.lib import clock
from tests.annotations.test_invariants import assert_invariants
from tests.annotations.worlds import AFTER_THE_LEASE, a_project, answer, taking_part

pytestmark = pytest.mark.django_db


def recount(*arguments: str) -> str:
    out = io.StringIO()
    call_command("recount", *arguments, stdout=out)
    return out.getvalue()


def test_a_healthy_site_is_said_to_be_right() -> None:
    project = a_project(records=2)
    answer(project, taking_part(project))

    assert recount() == "1 projects counted, 0 differed.\n"


def test_a_difference_is_named_and_mended_on_request() -> None:
    project = a_project(records=2)
    totals.change(project.pk, responses=3)

    with pytest.raises(CommandError, match="--mend"):
        recount(project.slug)
    assert project.slug in recount("--mend")

    assert totals.of(project) == totals.recount(project)
    assert "0 differed" in recount()


def test_a_record_that_says_other_than_its_answers_is_named_and_mended_on_request() -> None:
    project = a_project(records=3, overlap=2)
    user = taking_part(project)
    answer(project, user)
    responding.next_record(project, by=user)
    first, second, _third = project.records.all()
    project.records.filter(pk=first.pk).update(submitted_count=2, open_slots=0)
    project.records.filter(pk=second.pk).update(open_slots=2)

    with pytest.raises(CommandError, match="--mend"):
        recount(project.slug)
    said = recount("--mend")

    kept = "record prompt-0: kept 2 answers and 0 open places, counted 1 answers and 1 open places"
    assert kept in said
    assert "record prompt-1: kept 0 answers and 2 open places, counted 0 answers and 1 open places" in said
    assert "prompt-2" not in said
    assert_invariants(project, most=2)
    assert "0 differed" in recount()


def test_surplus_answers_are_no_difference() -> None:
    project = a_project(records=1, overlap=1)
    slow, quick = taking_part(project), taking_part(project)
    held = responding.next_record(project, by=slow)
    assert held is not None
    with clock.at(clock.now() + AFTER_THE_LEASE):
        answer(project, quick)
        responding.submit(project, by=slow, record_id=held.record_id, values={"quality": 1})

    assert "0 differed" in recount()


def test_an_unknown_project_is_refused() -> None:
    with pytest.raises(CommandError, match="no project called nothing"):
        recount("nothing")
