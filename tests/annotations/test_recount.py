"""The command that compares totals with a recount."""

import io

import pytest
from django.core.management import CommandError, call_command

from annotations.domain import totals
from tests.annotations.worlds import a_project, answer, taking_part

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


def test_an_unknown_project_is_refused() -> None:
    with pytest.raises(CommandError, match="no project called nothing"):
        recount("nothing")
