import csv
import io
from dataclasses import replace

import pytest

from annotations.reading.checking import check, judge
from annotations.reading.drafts import Draft, Reason
from annotations.reading.files import read_rows
from annotations.reading.mapping import ColumnMapping, SuggestionSource
from annotations.reading.rows import FileFormat, Row
from annotations.reading.suggesting import suggest_mapping
from dibt.lib.text import content_hash
from tests.reading.files import CLASSIFICATION, EXCERPTS, TEXT_ONLY, row, start

WITH_ID = ColumnMapping(fields={"text": "text"}, external_id="id")


def judged(rows, mapping=TEXT_ONLY, **known):
    return list(judge(rows, mapping, CLASSIFICATION, **known))


def outcome(rows, mapping=TEXT_ONLY, **known):
    return [None if isinstance(item, Draft) else str(item) for item in judged(rows, mapping, **known)]


def test_of_two_rows_with_one_id_the_second_is_refused_naming_the_first():
    rows = [row(2, id="a", text="x"), row(3, id="b", text="y"), row(4, id="a", text="z")]

    assert outcome(rows, WITH_ID) == [
        None,
        None,
        "Row 4: The id “a” is also that of row 2. Each row needs an id of its own.",
    ]


def test_of_two_rows_with_one_content_the_second_is_refused_naming_the_first():
    rows = [row(2, text="\u00e9"), row(3, text="x"), row(4, text="e\u0301")]

    assert outcome(rows) == [None, None, "Row 4: The content is the same as that of row 2; it is taken once."]


def test_one_content_under_two_ids_is_taken_once():
    rows = [row(2, id="a", text="x"), row(3, id="b", text="x")]

    assert outcome(rows, WITH_ID) == [
        None,
        "Row 3: The content is the same as that of row 2; it is taken once.",
    ]


def test_a_refused_row_does_not_keep_another_from_its_id():
    rows = [row(2, id="a", text=""), row(3, id="a", text="x")]

    assert [type(item).__name__ for item in judged(rows, WITH_ID)] == ["Refusal", "Draft"]


def test_what_the_project_has_already_is_not_taken_again():
    rows = [row(2, id="a", text="x"), row(3, id="b", text="y"), row(4, id="c", text="z")]
    known = {"known_ids": {"a"}, "known_hashes": {content_hash({"text": "y"})}}

    assert outcome(rows, WITH_ID, **known) == [
        "Row 2: The project already has a record with the id “a”.",
        "Row 3: The project already has a record with this content.",
        None,
    ]


def test_a_report_counts_and_keeps_the_first_of_each_kind():
    rows = [row(n, text=f"t{n}") for n in range(2, 8)] + [row(n, text="") for n in range(8, 12)]
    rows += [row(12, text="\u202eabc"), Row(13, None, "Broken."), row(14, text="t2")]

    report = check(judge(rows, TEXT_ONLY, CLASSIFICATION), keep=3)

    assert (report.rows, report.good, report.refused) == (13, 7, 6)
    assert (report.with_suggestion, report.with_bidi_controls) == (0, 1)
    assert report.reasons == {Reason.FIELD: 4, Reason.UNREADABLE: 1, Reason.DUPLICATE_CONTENT: 1}
    assert [refusal.number for refusal in report.refusals] == [8, 9, 10]
    assert [draft.number for draft in report.drafts] == [2, 3, 4]


def test_all_refused_rows_are_written_with_their_reasons_and_without_formulas():
    rows = [
        Row(2, {"text": "", "note": '=HYPERLINK("x")'}),
        Row(3, {"text": "fine"}),
        Row(4, None, "=Broken.", raw="=1+1,x"),
    ]
    file = io.StringIO(newline="")

    check(judge(rows, TEXT_ONLY, CLASSIFICATION), keep=0, refused_to=file)

    assert list(csv.reader(file.getvalue().splitlines())) == [
        ["row", "reasons", "content"],
        ["2", "The field “text” is empty.", '{"text": "", "note": "=HYPERLINK(\\"x\\")"}'],
        ["4", "'=Broken.", "'=1+1,x"],
    ]


def test_refused_rows_can_be_written_whatever_they_hold():
    file = io.StringIO(newline="")

    check(judge([row(2, text="\ud800")], TEXT_ONLY, CLASSIFICATION), refused_to=file)

    assert file.getvalue().encode("utf-8")


def test_progress_is_told_on_the_way():
    told = []

    check(judge((row(n, text=str(n)) for n in range(1_200)), TEXT_ONLY, CLASSIFICATION), progress=told.append)

    assert told == [500, 1_000]


def test_rows_are_judged_as_a_stream():
    def rows():
        yield row(2, text="a")
        raise AssertionError("read further than asked")

    assert isinstance(next(judge(rows(), TEXT_ONLY, CLASSIFICATION)), Draft)


@pytest.mark.parametrize(
    ("name", "rows", "good", "with_bidi"),
    [
        ("naijasenti-yor.tsv", 150, 150, 1),
        ("naijasenti-hau.tsv", 80, 80, 0),
        ("naijasenti-ibo.tsv", 60, 60, 0),
        ("naijasenti-pcm.tsv", 60, 57, 0),
    ],
)
def test_published_tables_are_taken_but_for_rows_that_repeat(name, rows, good, with_bidi):
    preset = start("text_classification")
    read = list(read_rows(EXCERPTS / name, FileFormat.TSV))
    guessed = suggest_mapping(preset.schema, [item.data for item in read[:50]], preset)
    offered = replace(guessed, suggestions={"label": SuggestionSource(path="label")})

    report = check(judge(read, guessed, preset.schema))
    deliberate = check(judge(read, offered, preset.schema))

    assert (report.rows, report.good, report.with_bidi_controls) == (rows, good, with_bidi)
    assert (report.with_suggestion, deliberate.with_suggestion) == (0, good)
    assert set(report.reasons) <= {Reason.DUPLICATE_CONTENT}
