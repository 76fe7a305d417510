"""What a project asks, changed under the hands of those who answer."""

from accounts.models import User
from annotations.domain import responding
from dibt.lib import clock
from projects.models import Project, SchemaVersion
from projects.schema.definition import TaskSchema
from projects.schema.questions import LabelQuestion, Option, RatingQuestion, TextQuestion
from tests.annotations.worlds import a_project
from tests.schema.schemas import EVERYTHING

PROMPT = EVERYTHING.fields[:1]
QUALITY = RatingQuestion(name="quality", title="Quality", min=1, max=5)
TOPIC = LabelQuestion(
    name="topic",
    title="Topic",
    required=False,
    options=(Option(value="math", text="Mathematics"), Option(value="code", text="Code")),
)
COMMENT = TextQuestion(name="comment", title="Comment", required=False, max_length=40)
FIRST = TaskSchema(fields=PROMPT, questions=(QUALITY, TOPIC, COMMENT))
# A new option harms no answer.
SAFE = TaskSchema(
    fields=PROMPT,
    questions=(
        QUALITY,
        LabelQuestion(
            name="topic",
            title="Topic",
            required=False,
            options=(*TOPIC.options, Option(value="art", text="Art")),
        ),
        COMMENT,
    ),
)
# A rating of another range and an option less.
BREAKING = TaskSchema(
    fields=PROMPT,
    questions=(
        RatingQuestion(name="quality", title="Quality", min=1, max=7),
        LabelQuestion(
            name="topic",
            title="Topic",
            required=False,
            options=(TOPIC.options[1], Option(value="art", text="Art")),
        ),
        COMMENT,
    ),
)


def a_project_asking(schema: TaskSchema = FIRST, *, records: int = 1, overlap: int = 2) -> Project:
    project = a_project(records=records, overlap=overlap)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    return project


def ask(project: Project, schema: TaskSchema) -> SchemaVersion:
    """Ask something else from now on, whether or not that fits the answers there are."""
    last = SchemaVersion.objects.filter(project=project).order_by("-number")[0]
    return SchemaVersion.objects.create(
        project=project,
        number=last.number + 1,
        definition=schema.to_json(),
        created_at=clock.now(),
        created_by=last.created_by,
        frozen_at=clock.now(),
    )


def opened(project: Project, user: User) -> int:
    """The record that this person has open."""
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    return assignment.record_id
