"""The other readers of a schema: a release's columns, Argilla's settings, the dataset card."""

from dataclasses import replace

from projects.schema import argilla, card, columns
from projects.schema.columns import Column
from projects.schema.columns import ColumnType as Type
from projects.schema.definition import TaskSchema
from projects.schema.questions import Option
from projects.schema.words import in_words
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, RATING_ONLY


def test_a_release_has_the_flat_columns_that_argilla_writes():
    assert columns.columns(RATING_ONLY) == (
        Column("id", Type.STRING),
        Column("status", Type.STRING),
        Column("prompt", Type.STRING),
        Column("quality.responses", Type.INTEGERS),
        Column("quality.responses.users", Type.STRINGS),
        Column("quality.responses.status", Type.STRINGS),
        Column("quality.suggestion", Type.INTEGER),
        Column("quality.suggestion.agent", Type.STRING),
    )


def test_columns_have_the_types_of_their_questions():
    types = {column.name: column.type for column in columns.columns(EVERYTHING)}

    assert [types[name] for name in ("chat", "topic.responses", "topic.suggestion", "flags.responses")] == [
        Type.CHAT,
        Type.STRINGS,
        Type.STRING,
        Type.STRING_LISTS,
    ]
    assert (types["flags.suggestion"], types["comment.responses"]) == (Type.STRINGS, Type.STRINGS)


def test_argilla_finds_its_settings_in_a_release():
    assert argilla.settings(RATING_ONLY, guidelines="Rate it.", overlap=3, metadata=["source"]) == {
        "guidelines": "Rate it.",
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": 3},
        "fields": [
            {
                "name": "prompt",
                "title": "Prompt",
                "required": True,
                "settings": {"type": "text", "use_markdown": False},
            }
        ],
        "questions": [
            {
                "name": "quality",
                "title": "Quality",
                "description": None,
                "required": True,
                "settings": {"type": "rating", "options": [{"value": value} for value in (1, 2, 3, 4, 5)]},
            }
        ],
        "metadata": [
            {
                "name": "source",
                "title": "source",
                "visible_for_annotators": True,
                "settings": {"type": "terms", "values": None},
            }
        ],
        "vectors": [],
    }


def test_every_kind_has_its_name_in_argilla():
    settings = argilla.settings(EVERYTHING)

    assert [field["settings"] for field in settings["fields"]] == [
        {"type": "text", "use_markdown": False},
        {"type": "text", "use_markdown": True},
        {"type": "chat", "use_markdown": True},
    ]
    assert [question["settings"]["type"] for question in settings["questions"]] == [
        "rating",
        "label_selection",
        "multi_label_selection",
        "text",
        "text",
    ]


def test_argilla_is_not_given_guidelines_that_it_refuses():
    assert argilla.settings(RATING_ONLY, guidelines="")["guidelines"] is None
    assert len(argilla.settings(RATING_ONLY, guidelines="x" * 10_001)["guidelines"]) == 10_000


def test_the_card_describes_fields_and_questions():
    assert card.description(EVERYTHING) == (
        "### Fields\n"
        "\n"
        "- `prompt`: Prompt (text)\n"
        "- `notes`: Notes (Markdown, optional)\n"
        "- `chat`: Chat (chat: a list of turns with `role` and `content`, optional)\n"
        "\n"
        "### Questions\n"
        "\n"
        "- `quality`: Quality (rating from 1 (bad) to 5 (good))\n"
        "\n"
        "- `topic`: Topic (one label, optional)\n"
        "  - `math`: Mathematics\n"
        "  - `code`: Code\n"
        "\n"
        "- `flags`: Flags (one or more labels, optional)\n"
        "  - `pii`: Personal data\n"
        "  - `rude`: Rude\n"
        "  - `spam`: Spam\n"
        "\n"
        "- `comment`: Comment (text of at most 40 characters, optional)\n"
        "\n"
        "- `word`: One word (text of at most 10 characters, optional)\n"
    )


def test_titles_and_values_cannot_write_markdown_into_the_card():
    topic = replace(
        EVERYTHING.questions[1],
        title="<script>\n# [x](y)",
        options=(Option(value="a`b", text="*A*"), Option(value="c", text="C")),
    )

    text = card.description(TaskSchema(fields=RATING_ONLY.fields, questions=(topic,)))

    assert r"\<script\> \# \[x\](y)" in text
    assert r"  - `` a`b ``: \*A\*" in text


def test_a_ranking_is_released_as_the_list_of_its_options_that_argilla_reads():
    types = {column.name: column.type for column in columns.columns(RANKING_ONLY)}

    assert (types["order.responses"], types["order.suggestion"]) == (Type.STRING_LISTS, Type.STRINGS)
    [question] = argilla.settings(RANKING_ONLY)["questions"]
    assert question["settings"] == {
        "type": "ranking",
        "options": [
            {"value": "a", "text": "Ant", "description": None},
            {"value": "b", "text": "Bee", "description": None},
            {"value": "c", "text": "Cat", "description": None},
        ],
    }


def test_the_card_says_what_the_order_of_a_ranking_means():
    assert card.description(RANKING_ONLY).endswith(
        "- `order`: Order (all options in an order, best first)\n  - `a`: Ant\n  - `b`: Bee\n  - `c`: Cat\n"
    )


def test_a_ranking_in_words_has_its_places():
    assert in_words(RANKING_ONLY, {"order": ["c", "a", "b"]}) == [("Order", "1. Cat, 2. Ant, 3. Bee")]
