from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotations.reading.files import read_rows
from annotations.reading.rows import FileFormat, Row, UnreadableFileError
from tests.reading.files import EXCERPTS, rows_of, written

JSONL, PARQUET = FileFormat.JSONL, FileFormat.PARQUET


def test_published_prompts_are_read_with_what_is_nested_in_them():
    rows = list(read_rows(EXCERPTS / "prompts-user-oriented.jsonl", JSONL))

    assert [row.number for row in rows] == list(range(1, 121))
    assert rows[0].data["motivation_app"] == "Grammarly"
    assert rows[0].data["instances"][0]["input"].startswith("If you have any questions")


def test_a_broken_line_is_named_and_the_others_are_read(tmp_path):
    content = '{"text": "a"}\n{"text": "b"\n\n["c"]\n{"text": NaN}\n{"text": "\u2028d"}'

    assert rows_of(tmp_path, content, JSONL) == [
        Row(1, {"text": "a"}),
        Row(2, None, "This line is not JSON: it breaks at character 13.", raw='{"text": "b"'),
        Row(4, None, "This line is not an object with names and values in braces.", raw='["c"]'),
        Row(
            5,
            None,
            "This line is not JSON that can be stored: a number or its nesting is too large.",
            raw='{"text": NaN}',
        ),
        Row(6, {"text": "\u2028d"}),
    ]


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"a":' * 100_000, '{"n": ' + "9" * 5_000 + "}", '{"n": Infinity}']
)
def test_json_that_no_database_can_keep_is_refused_by_its_line(tmp_path, line):
    rows = rows_of(tmp_path, line + '\n{"text": "a"}\n', JSONL)

    assert rows[0].data is None
    assert rows[0].problem
    assert rows[0].raw == line[:2_000]
    assert rows[1] == Row(2, {"text": "a"})


def test_a_wrong_byte_in_json_is_named_with_its_line(tmp_path):
    with pytest.raises(UnreadableFileError, match="Line 2 holds the byte 0xFF"):
        rows_of(tmp_path, b'{"text": "a"}\n{"text": "\xff"}\n', JSONL)


def test_parquet_is_read_with_lists_and_structures(tmp_path):
    table = pa.table({"text": ["a", None], "meta": [{"n": 1}, {"n": 2}], "tags": [["x"], []]})
    pq.write_table(table, tmp_path / "a.parquet")

    assert list(read_rows(tmp_path / "a.parquet", PARQUET)) == [
        Row(1, {"text": "a", "meta": {"n": 1}, "tags": ["x"]}),
        Row(2, {"text": None, "meta": {"n": 2}, "tags": []}),
    ]


def test_dates_and_decimals_of_parquet_come_as_text(tmp_path):
    table = pa.table({"day": [date(2026, 1, 31)], "price": [Decimal("1.50")]})
    pq.write_table(table, tmp_path / "a.parquet")

    assert next(read_rows(tmp_path / "a.parquet", PARQUET)).data == {"day": "2026-01-31", "price": "1.50"}


def test_a_damaged_parquet_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match="This is no readable Parquet file"):
        list(read_rows(written(tmp_path, b"PAR1 and then nothing"), PARQUET))
