"""What a lead does before anybody can annotate: the task, the records, the opening."""

from accounts.models import User
from annotations.domain import imports, records
from annotations.models import Import, ImportState
from annotations.tasks import imports as worker
from dibt.demo import excerpts
from dibt.demo.cast import Cast
from dibt.demo.plans import ProjectPlan, Source
from dibt.lib import clock
from projects.domain import projects, tasks
from projects.models import Project


def set_up(project: Project, plan: ProjectPlan, *, people: Cast) -> int:
    """Prepare the project and, if it is to be, open it; returns how many records it has."""
    lead = people[plan.application.lead]
    with clock.at(people.ago(plan.prepared)):
        _write_task(project, plan, by=lead)
        records.set_overlap(project, by=lead, overlap=plan.overlap)
        count = _bring_in(project, plan.source, by=lead)
    project.refresh_from_db()
    if plan.opened:
        with clock.at(people.ago(plan.opened)):
            projects.open(project, by=lead)
    return count


def _write_task(project: Project, plan: ProjectPlan, *, by: User) -> None:
    if plan.guidelines:
        tasks.save_guidelines(project, by=by, text=plan.guidelines)
    if plan.task:
        tasks.save_schema(project, by=by, schema=plan.task)


def _bring_in(project: Project, source: Source, *, by: User) -> int:
    """Upload the file, have it checked, and bring in what is good.

    The worker's own functions are called here, one after the other. Its bells ring when all is committed,
    and find nothing left to do.
    """
    import_ = imports.upload(project, by=by, file_name=source.file, chunks=excerpts.chunks(source))
    question = tasks.current_schema(project).schema.questions[0]
    imports.check(import_, by=by, mapping=excerpts.mapping(source, question=question.name))
    worker.check(import_.pk)
    imports.commit(_in_state(import_, ImportState.CHECKED), by=by)
    worker.commit(import_.pk)
    return _in_state(import_, ImportState.DONE).rows_good


def _in_state(import_: Import, state: ImportState) -> Import:
    import_.refresh_from_db()
    if import_.state != state:
        raise RuntimeError(f"The import of {import_} is {import_.state} and not {state}: {import_.error}")
    return import_
