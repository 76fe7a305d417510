"""Schemas for the tests, and Hypothesis strategies for any valid schema and any answer to it."""

from hypothesis import strategies as st

from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Option,
    Question,
    RankingQuestion,
    RatingQuestion,
    TextQuestion,
)

EVERYTHING = TaskSchema(
    fields=(
        Field(name="prompt", title="Prompt"),
        Field(name="notes", title="Notes", kind=FieldKind.MARKDOWN, required=False),
        Field(name="chat", title="Chat", kind=FieldKind.CHAT, required=False),
    ),
    questions=(
        RatingQuestion(name="quality", title="Quality", min=1, max=5, min_label="bad", max_label="good"),
        LabelQuestion(
            name="topic",
            title="Topic",
            required=False,
            options=(Option(value="math", text="Mathematics"), Option(value="code", text="Code")),
        ),
        MultiLabelQuestion(
            name="flags",
            title="Flags",
            required=False,
            options=(
                Option(value="pii", text="Personal data"),
                Option(value="rude", text="Rude"),
                Option(value="spam", text="Spam"),
            ),
        ),
        TextQuestion(name="comment", title="Comment", required=False, max_length=40),
        TextQuestion(name="word", title="One word", required=False, multiline=False, max_length=10),
    ),
)
RATING_ONLY = TaskSchema(fields=EVERYTHING.fields[:1], questions=EVERYTHING.questions[:1])
RANKING_ONLY = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        RankingQuestion(
            name="order",
            title="Order",
            options=(
                Option(value="a", text="Ant"),
                Option(value="b", text="Bee"),
                Option(value="c", text="Cat"),
            ),
        ),
    ),
)

_LINE = st.text(
    st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20
).map(str.strip).filter(bool)  # fmt: skip
_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
_OPTIONS = st.lists(
    st.builds(Option, value=_LINE, text=_LINE), min_size=2, max_size=12, unique_by=lambda option: option.value
).map(tuple)


@st.composite
def _ratings(draw: st.DrawFn, **common: object) -> Question:
    low = draw(st.integers(0, 9))
    high = draw(st.integers(low + 1, min(10, low + 9)))
    return RatingQuestion(min=low, max=high, min_label=draw(_LINE), **common)  # type: ignore[arg-type]


@st.composite
def _questions(draw: st.DrawFn, name: str, required: bool) -> Question:
    common = {"name": name, "title": draw(_LINE), "description": draw(_LINE), "required": required}
    kind = draw(
        st.sampled_from([RatingQuestion, LabelQuestion, MultiLabelQuestion, RankingQuestion, TextQuestion])
    )
    if kind is RatingQuestion:
        return draw(_ratings(**common))
    if kind is TextQuestion:
        return TextQuestion(multiline=draw(st.booleans()), max_length=draw(st.integers(1, 50)), **common)  # type: ignore[arg-type]
    return kind(options=draw(_OPTIONS), **common)  # type: ignore[arg-type,return-value]


@st.composite
def schemas(draw: st.DrawFn) -> TaskSchema:
    names = draw(st.lists(_NAMES, min_size=2, max_size=6, unique=True))
    split = draw(st.integers(1, len(names) - 1))
    return TaskSchema(
        fields=tuple(
            Field(name=name, title=draw(_LINE), kind=draw(st.sampled_from(FieldKind)), required=index == 0)
            for index, name in enumerate(names[:split])
        ),
        questions=tuple(
            draw(_questions(name, required=index == 0 or draw(st.booleans())))
            for index, name in enumerate(names[split:])
        ),
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[TaskSchema, dict[str, object]]:
    """A schema and a complete answer to it, as JSON."""
    schema = draw(schemas())
    return schema, {
        question.name: draw(_values(question))
        for question in schema.questions
        if question.required or draw(st.booleans())
    }


def _values(question: Question) -> st.SearchStrategy[object]:
    if isinstance(question, RatingQuestion):
        return st.sampled_from(question.values)
    if isinstance(question, LabelQuestion):
        return st.sampled_from(question.values)
    if isinstance(question, MultiLabelQuestion):
        return st.lists(st.sampled_from(question.values), min_size=1, unique=True)
    if isinstance(question, RankingQuestion):
        return st.permutations(question.values)
    return _texts(question)


def _texts(question: TextQuestion) -> st.SearchStrategy[str]:
    no_ends = "" if question.multiline else "\n\r"
    letters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00" + no_ends)
    return st.text(letters, min_size=1, max_size=question.max_length).filter(str.strip)


def json_values() -> st.SearchStrategy[object]:
    """Any value that Python's JSON parser can produce, NaN and lone surrogates included."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    )
