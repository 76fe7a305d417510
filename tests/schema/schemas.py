"""Schemas for the tests, and Hypothesis strategies for any valid schema and any answer to it."""

from dataclasses import replace

from hypothesis import strategies as st

from projects.schema.asking import asked
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Option,
    Question,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
)
from projects.schema.show_if import ShowIf

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

# Why a rating is low, and what the reason was if it is another one: two rules, one after the other.
CONDITIONAL = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        RatingQuestion(name="quality", title="Quality", min=1, max=5),
        MultiLabelQuestion(
            name="faults",
            title="Faults",
            options=(
                Option(value="wrong", text="It is wrong"),
                Option(value="rude", text="It is rude"),
                Option(value="other", text="Something else"),
            ),
            show_if=ShowIf(question="quality", values=(1, 2)),
        ),
        TextQuestion(name="why", title="Why?", show_if=ShowIf(question="faults", values=("other", "rude"))),
    ),
)
SPANS_ONLY = TaskSchema(
    fields=EVERYTHING.fields[:1],
    questions=(
        SpanQuestion(
            name="names",
            title="Names",
            field="prompt",
            options=(
                Option(value="per", text="Person"),
                Option(value="loc", text="Place"),
                Option(value="org", text="Organisation"),
            ),
        ),
    ),
)
SPAN_TEXT_LENGTH = 40  # of the texts that marks are drawn for

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
def _questions(draw: st.DrawFn, name: str, required: bool, texts: list[str]) -> Question:
    """`texts` are the fields that can be marked."""
    common = {"name": name, "title": draw(_LINE), "description": draw(_LINE), "required": required}
    marking = [SpanQuestion] if texts else []
    kind = draw(
        st.sampled_from(
            [RatingQuestion, LabelQuestion, MultiLabelQuestion, RankingQuestion, TextQuestion, *marking]
        )
    )
    if kind is SpanQuestion:
        common |= {"field": draw(st.sampled_from(texts)), "allow_overlapping": draw(st.booleans())}
    if kind is RatingQuestion:
        return draw(_ratings(**common))
    if kind is TextQuestion:
        return TextQuestion(multiline=draw(st.booleans()), max_length=draw(st.integers(1, 50)), **common)  # type: ignore[arg-type]
    return kind(options=draw(_OPTIONS), **common)  # type: ignore[arg-type,return-value]


@st.composite
def rules(draw: st.DrawFn, earlier: tuple[Question, ...]) -> ShowIf | None:
    """A rule that depends on one of these questions, or none."""
    deciding = [
        one for one in earlier if isinstance(one, RatingQuestion | LabelQuestion | MultiLabelQuestion)
    ]
    if not deciding or draw(st.booleans()):
        return None
    question = draw(st.sampled_from(deciding))
    values = draw(st.lists(st.sampled_from(question.values), min_size=1, unique=True))
    return ShowIf(question=question.name, values=tuple(values))


@st.composite
def with_rules(draw: st.DrawFn, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    return tuple(
        replace(question, show_if=draw(rules(questions[:index]))) for index, question in enumerate(questions)
    )


@st.composite
def schemas(draw: st.DrawFn) -> TaskSchema:
    names = draw(st.lists(_NAMES, min_size=2, max_size=6, unique=True))
    split = draw(st.integers(1, len(names) - 1))
    fields = tuple(
        Field(name=name, title=draw(_LINE), kind=draw(st.sampled_from(FieldKind)), required=index == 0)
        for index, name in enumerate(names[:split])
    )
    texts = [field.name for field in fields if field.kind is FieldKind.TEXT]
    return TaskSchema(
        fields=fields,
        questions=draw(
            with_rules(
                tuple(
                    draw(_questions(name, required=index == 0 or draw(st.booleans()), texts=texts))
                    for index, name in enumerate(names[split:])
                )
            )
        ),
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[TaskSchema, dict[str, object]]:
    """A schema and a complete answer to it, as JSON."""
    schema = draw(schemas())
    return schema, draw(answers(schema))


@st.composite
def answers(draw: st.DrawFn, schema: TaskSchema) -> dict[str, object]:
    """A complete answer to a schema, as JSON."""
    given: dict[str, object] = {}
    for question in schema.questions:
        if question.name in asked(schema, given) and (question.required or draw(st.booleans())):
            given[question.name] = draw(values_of(question))
    return given


def values_of(question: Question) -> st.SearchStrategy[object]:
    if isinstance(question, RatingQuestion):
        return st.sampled_from(question.values)
    if isinstance(question, LabelQuestion):
        return st.sampled_from(question.values)
    if isinstance(question, MultiLabelQuestion):
        return st.lists(st.sampled_from(question.values), min_size=1, unique=True)
    if isinstance(question, RankingQuestion):
        return st.permutations(question.values)
    if isinstance(question, SpanQuestion):
        return _marks(question)
    return _texts(question)


@st.composite
def _marks(draw: st.DrawFn, question: SpanQuestion) -> object:
    """Marks in any order, some of them twice; apart from each other where they have to be."""
    places = draw(
        st.lists(st.integers(0, SPAN_TEXT_LENGTH), max_size=12, unique=not question.allow_overlapping)
    )
    ends = places if question.allow_overlapping else sorted(places)
    marks = [
        {"start": min(pair), "end": max(pair), "label": draw(st.sampled_from(question.values))}
        for pair in zip(ends[::2], ends[1::2], strict=False)
        if pair[0] != pair[1]
    ]
    return draw(st.permutations(marks + marks[:2]))


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
