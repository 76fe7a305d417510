"""Tasks to start from: a schema, guidelines, and the columns that files for this task usually have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.questions import LabelQuestion, Option, RatingQuestion, SpanQuestion, TextQuestion
from projects.schema.show_if import ShowIf

Columns = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A task to start from. What it makes is the lead's to change, in the language of their screen.

    `field_columns` says for a field which source columns to look for, the best first; `answer_names` how files
    call the answer to a question. `suggest_mapping` of the importer reads both. `mapping_note` is what a lead
    should think of when choosing the columns.
    """

    key: str
    title: str | Promise
    description: str | Promise
    guidelines: str | Promise
    build: Callable[[], TaskSchema]
    field_columns: Columns
    answer_names: Columns = field(default_factory=dict)
    mapping_note: str | Promise = ""

    @property
    def schema(self) -> TaskSchema:
        return self.build()


def preset(key: str) -> Preset | None:
    """The preset of this key, or None."""
    return next((preset for preset in PRESETS if preset.key == key), None)


def _prompt_rating() -> TaskSchema:
    return TaskSchema(
        fields=(Field(name="prompt", title=_("Prompt")),),
        questions=(
            RatingQuestion(
                name="quality",
                title=_("How good is this prompt?"),
                description=_("Judge the prompt itself, not the answer that a model might give."),
                min_label=_("Very bad"),
                max_label=_("Very good"),
            ),
        ),
    )


def _text_classification() -> TaskSchema:
    return TaskSchema(
        fields=(Field(name="text", title=_("Text")),),
        questions=(
            LabelQuestion(
                name="label",
                title=_("Which label fits this text?"),
                options=(
                    Option(value="positive", text=_("Positive")),
                    Option(value="neutral", text=_("Neutral")),
                    Option(value="negative", text=_("Negative")),
                ),
            ),
        ),
    )


def _preference() -> TaskSchema:
    return TaskSchema(
        fields=(
            Field(name="prompt", title=_("Prompt")),
            Field(name="response_a", title=_("Response A")),
            Field(name="response_b", title=_("Response B")),
        ),
        questions=(
            LabelQuestion(
                name="preference",
                title=_("Which response is better?"),
                options=(
                    Option(value="a", text=_("A is better")),
                    Option(value="b", text=_("B is better")),
                    Option(value="tie", text=_("Both are equally good")),
                ),
            ),
        ),
    )


def _translation_review() -> TaskSchema:
    return TaskSchema(
        fields=(
            Field(name="source", title=_("Original")),
            Field(name="translation", title=_("Translation")),
        ),
        questions=(
            RatingQuestion(
                name="quality",
                title=_("How good is this translation?"),
                min_label=_("Wrong or unreadable"),
                max_label=_("As a native speaker would write it"),
            ),
            TextQuestion(
                name="correction",
                title=_("How should it read?"),
                description=_("Write the corrected translation, if it needs correcting."),
                required=False,
                max_length=10_000,
                show_if=ShowIf(question="quality", values=(1, 2, 3, 4)),
            ),
        ),
    )


def _named_entities() -> TaskSchema:
    return TaskSchema(
        fields=(Field(name="text", title=_("Text")),),
        questions=(
            SpanQuestion(
                name="entities",
                title=_("Which names are in this text?"),
                description=_("Mark each name from its first to its last letter, with what it names."),
                field="text",
                options=(
                    Option(value="person", text=_("Person")),
                    Option(value="place", text=_("Place")),
                    Option(value="organisation", text=_("Organisation")),
                    Option(value="date", text=_("Date")),
                ),
            ),
        ),
    )


PRESETS = (
    Preset(
        key="prompt_rating",
        title=gettext_lazy("Prompt rating"),
        description=gettext_lazy(
            "People rate prompts from 1 to 5, so that the good ones can be told from the rest."
        ),
        guidelines=gettext_lazy(
            "## What to do\n\n"
            "Read the prompt and rate how good it is, from 1 (very bad) to 5 (very good).\n\n"
            "## What makes a prompt good\n\n"
            "- **Clear**: one can tell what is asked for.\n"
            "- **Worth asking**: a good answer would be useful or interesting to somebody.\n"
            "- **Complete**: everything that is needed to answer is there.\n\n"
            "## When in doubt\n\nTrust your first impression. Skip what you cannot judge.\n"
        ),
        build=_prompt_rating,
        field_columns={
            "prompt": ("prompt", "instruction", "instructions", "question", "query", "input", "text")
        },
        answer_names={"quality": ("rating", "score")},
    ),
    Preset(
        key="text_classification",
        title=gettext_lazy("Text classification"),
        description=gettext_lazy("People choose one label for each text, such as its sentiment or topic."),
        guidelines=gettext_lazy(
            "## What to do\n\nRead the text and choose the label that fits it best.\n\n"
            "## The labels\n\n"
            "- **Positive**: the writer is pleased, hopeful or praises something.\n"
            "- **Neutral**: a fact or a question, without feeling for or against.\n"
            "- **Negative**: the writer is displeased, sad or criticises something.\n\n"
            "## When in doubt\n\nGo by what the writer means, irony included, not by single words. "
            "Skip texts in a language that you do not read well.\n"
        ),
        build=_text_classification,
        field_columns={
            "text": ("text", "tweet", "sentence", "content", "review", "comment", "body", "message")
        },
        answer_names={"label": ("sentiment", "class", "category", "topic")},
    ),
    Preset(
        key="preference",
        title=gettext_lazy("Preference pair"),
        description=gettext_lazy("People read two responses to the same prompt and say which is better."),
        guidelines=gettext_lazy(
            "## What to do\n\nRead the prompt, then both responses, and choose the better one.\n\n"
            "## What makes a response better\n\n"
            "- It does what the prompt asks for.\n"
            "- What it says is true.\n"
            "- It is as long as it has to be, and easy to read.\n\n"
            "## When in doubt\n\n"
            "Choose “equally good” only when you would be happy, or unhappy, with either.\n"
        ),
        build=_preference,
        field_columns={
            "prompt": ("prompt", "instruction", "question", "query", "input"),
            "response_a": ("response_a", "response_1", "answer_a", "completion_a", "output_a"),
            "response_b": ("response_b", "response_2", "answer_b", "completion_b", "output_b"),
        },
        answer_names={"preference": ("winner",)},
        mapping_note=gettext_lazy(
            "If your file has the better response in one column and the worse in another, such as “chosen” and "
            "“rejected”, mix them before you upload it: let chance decide which is A. Otherwise everybody sees "
            "the better one first, every time."
        ),
    ),
    Preset(
        key="translation_review",
        title=gettext_lazy("Translation review"),
        description=gettext_lazy("People rate translations and correct those that need it."),
        guidelines=gettext_lazy(
            "## What to do\n\n"
            "Compare the translation with the original, rate it from 1 to 5, and write a better one "
            "where it needs correcting.\n\n"
            "## What makes a translation good\n\n"
            "- It says what the original says: nothing missing, nothing added.\n"
            "- It reads as if it had been written in this language.\n"
            "- Names, numbers and the level of politeness are right.\n"
        ),
        build=_translation_review,
        field_columns={
            "source": ("source", "original", "source_text", "english", "en", "text"),
            "translation": ("translation", "target", "target_text", "translated", "output"),
        },
        answer_names={"correction": ("post_edit",)},
    ),
    Preset(
        key="named_entities",
        title=gettext_lazy("Named entities"),
        description=gettext_lazy(
            "People mark the names in each text: persons, places, organisations, dates."
        ),
        guidelines=gettext_lazy(
            "## What to do\n\nRead the text and mark every name in it, each time it occurs, with what it names. "
            "Where there is none, say that there is nothing to mark.\n\n"
            "## The labels\n\n"
            "- **Person**: people by name, also in a story. Titles such as “Dr.” or “Mama” are not part of the name.\n"
            "- **Place**: countries, towns, rivers, buildings.\n"
            "- **Organisation**: companies, parties, schools, teams.\n"
            "- **Date**: days, months, years and feasts, such as “3 May” or “Ramadan”.\n\n"
            "## Where a mark begins and ends\n\n"
            "Mark the whole name and nothing else: no quotation marks, no full stop, and no ending that your "
            "language adds to the name.\n\n"
            "## When in doubt\n\nGo by what is meant here: “Lagos won” names a team, “in Lagos” a place. "
            "“He” and “the teacher” are no names.\n"
        ),
        build=_named_entities,
        field_columns={
            "text": ("text", "sentence", "content", "body", "article", "paragraph", "tweet", "message")
        },
        answer_names={"entities": ("ner", "spans", "labels")},
    ),
)
