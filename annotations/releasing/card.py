"""The dataset card: everything a stranger needs to use the data well, in English as the Hub expects it."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from annotations.domain.releases import repo_id
from annotations.models import Release
from annotations.releasing import consensus
from annotations.releasing.facts import Credits, Facts, Tally
from annotations.releasing.front_matter import front_matter
from annotations.releasing.table import OWN_COLUMNS, field_column
from dibt.lib import languages
from projects.models import Project
from projects.schema import card as schema_card
from projects.schema.card import as_text
from projects.schema.definition import TaskSchema
from projects.schema.questions import LabelQuestion, RatingQuestion, SpanQuestion

SPANS = (
    "Each entry of `{name}.responses`, and `{name}.suggestion`, is a list of marks: `{field}[start:end]` is marked "
    "with `label`. `start` and `end` count Unicode code points, as Python does. An empty list says that there is "
    "nothing to mark. No consensus of them is formed."
)


def render(release: Release, facts: Facts) -> str:
    """The whole README.md of a release."""
    project, schema = release.project, release.schema_version.schema
    sections = (
        _title(release, facts),
        _collecting(release, facts),
        _task(schema),
        _guidelines(facts),
        _columns(schema),
        _credits(facts.credits),
        _loading(release),
        _licence(project),
    )
    return f"---\n{front_matter(release, facts.tally)}---\n\n" + "\n".join(sections)


def _title(release: Release, facts: Facts) -> str:
    project, tally = release.project, facts.tally
    rows = (
        ("Release", f"{release.number}, made on {_day(facts.moment)}"),
        ("Records", f"{tally.records:,}, of which {tally.completed:,} completed"),
        ("Answers", f"{tally.responses:,}"),
        ("Contributors", f"{facts.credits.people:,}"),
        ("Languages", ", ".join(as_text(languages.get(code).name) for code in project.languages)),
        ("Domain", as_text(project.get_domain_display())),
        ("Licence", as_text(project.get_licence_display())),
    )
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"# {as_text(project.title)}\n\n{_paragraphs(project.pitch)}\n\n| | |\n| --- | --- |\n{table}\n"


def _collecting(release: Release, facts: Facts) -> str:
    project, tally = release.project, facts.tally
    organisation = as_text(str(project.organisation)) if project.members_only else ""
    who = f"members of the Hub organisation {organisation}" if organisation else "everybody who wanted to"
    page = f"{settings.SITE_URL}{project.get_absolute_url()}"
    return (
        "## How it was collected\n\n"
        f"People annotated the records in [a project]({page}) of Data is Better Together, open to {who}. "
        f"A record is `completed` once {project.overlap} different people have answered it, else `pending`; "
        "answers that came after that are kept by the project but are not part of this release. "
        "Everybody gave their answers alone, without seeing those of others, and accepted the licence first. "
        f"{_period(tally)}\n\n"
        f"{_versions(release, tally)}\n\n"
        f"Where the records come from: {_paragraphs(project.data_source)}\n"
    )


def _period(tally: Tally) -> str:
    first, last = tally.first, tally.last
    if not (first and last):
        return ""
    span = _day(first) if _day(first) == _day(last) else f"{_day(first)} to {_day(last)}"
    return f"The answers are from {span}."


def _versions(release: Release, tally: Tally) -> str:
    number = release.schema_version.number
    said = f"The task described here is its version {number}."
    if tally.earlier:
        said += f" {_answers(tally.earlier)} given to another version, fitting this one, included."
    if tally.left_out:
        said += f" {_answers(tally.left_out)} given to another version, not fitting this one, left out."
    return said


def _answers(count: int) -> str:
    return f"{count:,} {'answer' if count == 1 else 'answers'}"


def _task(schema: TaskSchema) -> str:
    return f"## The task\n\n{schema_card.description(schema)}"


def _guidelines(facts: Facts) -> str:
    """Quoted, so that their headings do not become the card's."""
    if facts.guidelines is None:
        return "## Guidelines\n\nThe contributors had no guidelines beside the questions.\n"
    quoted = "\n".join(f"> {line}".rstrip() for line in facts.guidelines.text.splitlines())
    return f"## Guidelines\n\nVersion {facts.guidelines.number} of the guidelines:\n\n{quoted}\n"


def _columns(schema: TaskSchema) -> str:
    return "## Columns\n\n" + "\n".join(f"- {line}" for line in _column_lines(schema)) + "\n"


def _column_lines(schema: TaskSchema) -> Iterator[str]:
    yield "`id` is the record's id in the project, `status` is `completed` or `pending`."
    for field in schema.fields:
        if field.name in OWN_COLUMNS:
            yield f"`{field_column(field)}` holds the field `{field.name}`."
    yield (
        "`{question}.responses`, `.responses.users` and `.responses.status` are lists of equal length, one entry "
        "for each answer to that question; who left an optional question open has no entry. Users are random "
        "ids, the same in every release of this dataset."
    )
    yield (
        "`{question}.suggestion` is what was proposed to contributors, if anything, and "
        "`.suggestion.agent` the model or person who made it, if known. Proposals are marked as such and filled in "
        "beforehand, so that answers may lean towards them."
    )
    yield "`metadata` is the record's metadata as JSON text."
    yield "`num_responses` is the number of answers to the record in this release."
    columns = {field.name: field_column(field) for field in schema.fields}
    for question in schema.questions:
        if isinstance(question, RatingQuestion):
            yield consensus.MEAN.format(name=question.name)
        if isinstance(question, LabelQuestion):
            yield consensus.MAJORITY.format(name=question.name)
        if isinstance(question, SpanQuestion):
            yield SPANS.format(name=question.name, field=columns[question.field])
    yield (
        "The configuration `responses` has one row for each answer, as it was given: its id, the record's and "
        "the contributor's, `values` as JSON text, the versions of task and guidelines, and when it was given."
    )


def _credits(given: Credits) -> str:
    named = "\n".join(f"- {as_text(name)}" for name in given.names)
    parts = ["## Contributors", "Thank you to everybody who answered."]
    if given.names:
        parts.append(f"By the names they chose, in the order of the alphabet:\n\n{named}")
    if given.hidden:
        others = "more contributor chose" if given.hidden == 1 else "more contributors chose"
        parts.append(
            f"{given.hidden:,} {others if given.names else others.replace('more ', '')} not to be named."
        )
    return "\n\n".join(parts) + "\n"


def _loading(release: Release) -> str:
    return f"## How to load it\n\n```python\n{loading_code(release)}\n```\n"


def loading_code(release: Release) -> str:
    """Python that reads both tables of this very release."""
    name = release.repo_id or repo_id(release.project)
    return (
        "from datasets import load_dataset\n\n"
        f'records = load_dataset("{name}", split="train", revision="{release.tag}")\n'
        f'responses = load_dataset("{name}", "responses", split="train", revision="{release.tag}")'
    )


def _licence(project: Project) -> str:
    return f"## Licence\n\nThis dataset is published under {as_text(project.get_licence_display())}.\n"


def _paragraphs(text: str) -> str:
    return "\n\n".join(as_text(part) for part in text.replace("\r", "").split("\n\n") if part.strip())


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
