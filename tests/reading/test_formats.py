import pytest

from annotations.reading.formats import detect
from annotations.reading.rows import FileFormat, UnreadableFileError
from tests.reading.files import EXCERPTS, written


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "text,label\nx,y\n", FileFormat.CSV),
        ("a.CSV", "text;label\nx;y\n", FileFormat.CSV),
        ("a.csv", "text\tlabel\nx\ty\n", FileFormat.TSV),
        ("a.tsv", "text\tlabel\n", FileFormat.TSV),
        ("a.txt", "text\tlabel\n", FileFormat.TSV),
        ("a.txt", "text,label\n", FileFormat.CSV),
        ("a.jsonl", '{"text": "x"}\n', FileFormat.JSONL),
        ("a.csv", '\ufeff{"text": "x"}\n', FileFormat.JSONL),
        ("a.json", '{"text": "x"}\n{"text": "y"}\n', FileFormat.JSONL),
        ("a.jsonl", '{"text": broken\n', FileFormat.JSONL),
        ("a", '{"text": broken\n', FileFormat.JSONL),
        ("a.csv", b"PAR1...", FileFormat.PARQUET),
    ],
)
def test_the_format_is_seen_in_the_content_and_then_in_the_name(tmp_path, name, content, expected):
    assert detect(written(tmp_path, content), name) == expected


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The file is empty. Choose one with a header and at least one row."),
        ("a.csv", b"\xef\xbb\xbf \n\n", "The file is empty. Choose one with a header and at least one row."),
        ("a.xlsx", b"PK\x03\x04...", "This is a spreadsheet or a ZIP archive."),
        ("a.csv.gz", b"\x1f\x8b...", "This file is compressed."),
        ("a.pdf", b"%PDF-1.7", "This is a PDF."),
        ("a.csv", "text,label\n".encode("utf-16"), "This file is UTF-16."),
        ("a.json", b'[{"text": "x"}]', "This is one JSON document."),
        ("a.json", b'{\n "text": "x"}', "This is one JSON document."),
        ("a.parquet", b"PAR\xff and then nothing", "This is no readable Parquet file: it is damaged,"),
        ("a", b"[1, 2]", "This is one JSON document."),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path, name, content, sentence):
    with pytest.raises(UnreadableFileError) as refusal:
        detect(written(tmp_path, content), name)

    assert refusal.value.message.startswith(sentence)


@pytest.mark.parametrize("path", sorted(EXCERPTS.glob("*.*sv")), ids=lambda path: path.name)
def test_published_tables_are_recognised(path):
    assert detect(path, path.name) == FileFormat.TSV
