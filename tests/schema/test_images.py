"""Fields that show an image of the web: which addresses are taken, and what the readers of a schema make of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.schema import argilla, card, columns
from projects.schema.changes import changes
from projects.schema.columns import Column, ColumnType
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.image_addresses import is_image_address
from projects.schema.records import RecordError, validate_fields
from tests.schema.schemas import RATING_ONLY

PICTURE = Field(name="picture", title="Picture", kind=FieldKind.IMAGE)
IMAGES = TaskSchema(fields=(PICTURE,), questions=RATING_ONLY.questions)


def with_kind(kind):
    field = Field(name="picture", title="Picture", kind=kind)
    return TaskSchema(fields=(field,), questions=RATING_ONLY.questions)


@pytest.mark.parametrize(
    "address",
    [
        "https://images.example.org/a.png",
        "https://example.org:443/a%20b.jpg?size=2&x=1#top",
        "https://例え.jp/猫.webp",
        "https://upload.wikimedia.org/wikipedia/commons/1/1f/Ankole-Watusi_(1).jpg",
        "https://192.168.0.1.example.org/a.png",
    ],
)
def test_an_address_of_the_web_is_taken(address):
    assert validate_fields(IMAGES, {"picture": f" {address}\n"}) == {"picture": address}


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.png",
        "//example.org/a.png",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "https:///a.png",
        "https://example/a.png",
        "https://me:secret@example.org/a.png",
        "https://example.org@evil.org/a.png",
        "https://example.org\\@evil.org/a.png",
        "https://example.org:8443/a.png",
        "https://example.org:x/a.png",
        "https://[::1/a.png",
        "https://[::ffff:10.0.0.1]/a.png",
        "https://127.0.0.1/a.png",
        "https://127.1/a.png",
        "https://127.0.0.0x1/a.png",
        "https://１２７.０.０.１/a.png",
        "https://127.0.0。1/a.png",
        "https://127.0.0.①/a.png",
        "https://127.0.0.%31/a.png",
        "https://printer.local/a.png",
        "https://a.localhost./a.png",
        "https://example.org/a b.png",
        "https://example.org/\u202egnp.exe",
        "https://example.org/a\n.png",
        'https://example.org/"><b>',
        "https://example.org/" + "a" * 2_038,
        "",
        7,
        ["https://example.org/a.png"],
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address):
    with pytest.raises(RecordError) as refusal:
        validate_fields(IMAGES, {"picture": address})

    [sentence] = refusal.value.fields["picture"]
    assert sentence.startswith("The field “picture” is")


@given(st.one_of(st.text(), st.builds("https://{}.org/{}".format, st.text(), st.text())))
def test_any_text_is_taken_or_refused(text):
    assert is_image_address(text) in {True, False}


def test_only_what_stays_readable_is_a_safe_change_of_kind():
    found = {
        (old, new): [change.breaking for change in changes(with_kind(old), with_kind(new))]
        for old in FieldKind
        for new in FieldKind
        if FieldKind.IMAGE in {old, new} and old is not new
    }

    assert found == {
        (FieldKind.IMAGE, FieldKind.TEXT): [False],
        (FieldKind.IMAGE, FieldKind.MARKDOWN): [False],
        (FieldKind.IMAGE, FieldKind.CHAT): [True],
        (FieldKind.TEXT, FieldKind.IMAGE): [True],
        (FieldKind.MARKDOWN, FieldKind.IMAGE): [True],
        (FieldKind.CHAT, FieldKind.IMAGE): [True],
    }


def test_the_other_readers_know_images():
    assert argilla.settings(IMAGES)["fields"][0]["settings"] == {"type": "image"}
    assert "- `picture`: Picture (image: its address)" in card.description(IMAGES)
    assert Column("picture", ColumnType.STRING) in columns.columns(IMAGES)
