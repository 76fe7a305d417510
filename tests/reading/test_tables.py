import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.reading.files import read_rows
from annotations.reading.rows import CHARACTERS, FileFormat, Row, UnreadableFileError
from tests.reading.files import EXCERPTS, rows_of, written

CSV, TSV = FileFormat.CSV, FileFormat.TSV
TABLES = sorted(EXCERPTS.glob("*.tsv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_row_of_a_published_table_comes_out_as_it_is(path):
    _header, *lines = path.read_text("utf-8").removesuffix("\n").split("\n")

    rows = list(read_rows(path, TSV))

    assert [f"{row.data['tweet']}\t{row.data['label']}" for row in rows] == lines
    assert [row.number for row in rows] == list(range(2, len(lines) + 2))


def test_a_tsv_with_stray_quotes_at_the_start_of_cells_is_not_unquoted(tmp_path):
    content = 'text\tlabel\n""""""""..àyà wanlé\tneg\n"Nice" she said\tpos\n"open\tneg\nplain\tpos\n'

    assert rows_of(tmp_path, content, TSV) == [
        Row(2, {"text": '""""""""..àyà wanlé', "label": "neg"}),
        Row(3, {"text": '"Nice" she said', "label": "pos"}),
        Row(4, {"text": '"open', "label": "neg"}),
        Row(5, {"text": "plain", "label": "pos"}),
    ]


def test_two_tweets_with_one_quote_each_are_not_merged_into_one_row(tmp_path):
    content = 'text\tlabel\n"so\tneg\nand"\tpos\n'

    assert [row.data["text"] for row in rows_of(tmp_path, content, TSV)] == ['"so', 'and"']


def test_a_tsv_that_was_written_with_quoting_is_unquoted(tmp_path):
    content = 'text\tlabel\n"He said ""no"""\tneg\n"two\nlines"\tpos\n'

    assert rows_of(tmp_path, content, TSV) == [
        Row(2, {"text": 'He said "no"', "label": "neg"}),
        Row(3, {"text": "two\nlines", "label": "pos"}),
    ]


def test_quoted_commas_lines_and_quotes_in_a_csv_belong_to_their_cell(tmp_path):
    content = 'text,label\r\n"a, b",x\r\n"first\nsecond ""third""",y\r\nplain,z\r\n'

    assert rows_of(tmp_path, content) == [
        Row(2, {"text": "a, b", "label": "x"}),
        Row(3, {"text": 'first\nsecond "third"', "label": "y"}),
        Row(5, {"text": "plain", "label": "z"}),
    ]


def test_one_broken_quote_costs_one_row_and_no_other(tmp_path):
    content = 'text,label\n"a, b",x\n"open,y\nplain,z\n"c, d",w\n"never closed,v\n'

    rows = rows_of(tmp_path, content)

    assert [row.number for row in rows] == [2, 3, 4, 5, 6]
    assert [row.data and row.data["text"] for row in rows] == ["a, b", None, "plain", "c, d", None]
    assert [row.raw for row in rows] == ["", '"open,y', "", "", '"never closed,v']
    assert (
        rows[1].problem
        == "A quotation mark or a line end stands where none may, or a quotation is not closed."
    )


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_the_one_of_the_header(tmp_path, delimiter):
    content = f'text{delimiter}label\n"a{delimiter}b"{delimiter}x, y; z\n'.replace("x, y; z", "x")

    assert rows_of(tmp_path, content) == [Row(2, {"text": f"a{delimiter}b", "label": "x"})]


def test_ragged_rows_are_refused_each_in_a_sentence(tmp_path):
    rows = rows_of(tmp_path, "text,label\na\nb,x\nc,y,z\n")

    assert [(row.number, row.problem) for row in rows] == [
        (2, "This row has 1 cell; the header has 2."),
        (3, None),
        (4, "This row has 3 cells; the header has 2."),
    ]
    assert [row.raw for row in rows] == ["a", "", "c,y,z"]


def test_a_ragged_row_over_several_lines_is_kept_whole_but_not_without_end(tmp_path):
    rows = rows_of(tmp_path, 'text,label\n"a\nb"\nc,' + "x," * 5_000 + '\n"d",y\n')

    assert [(row.number, len(row.raw)) for row in rows] == [(2, 5), (4, 2_000), (5, 0)]
    assert rows[0].raw == '"a\nb"'


def test_a_byte_order_mark_blank_lines_and_a_missing_last_line_end_do_no_harm(tmp_path):
    rows = rows_of(tmp_path, "\ufefftext,label\n\na,x\n\r\nb,y")

    assert rows == [Row(3, {"text": "a", "label": "x"}), Row(5, {"text": "b", "label": "y"})]


def test_old_line_ends_are_line_ends_and_a_lone_return_among_others_is_text(tmp_path):
    assert [row.data["text"] for row in rows_of(tmp_path, "text,label\ra,x\rb,y\r")] == ["a", "b"]
    assert [row.data["text"] for row in rows_of(tmp_path, "text\tlabel\na\rb\tx\n", TSV)] == ["a\rb"]


def test_other_line_separators_of_unicode_are_text(tmp_path):
    text = "a\u2028b\u0085c\x0bd\x1ee"

    assert [row.data["text"] for row in rows_of(tmp_path, f"text,label\n{text},x\n")] == [text]


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(tmp_path):
    with pytest.raises(UnreadableFileError) as refusal:
        rows_of(tmp_path, b"text,label\nfine,x\ncaf\xe9,y\n")

    assert refusal.value.message.startswith(
        "Line 3 holds the byte 0xE9, which is not UTF-8. Save the file as UTF-8"
    )


def test_columns_without_a_name_get_one_and_two_with_one_name_are_refused(tmp_path):
    assert rows_of(tmp_path, ",text\n0,a\n") == [Row(2, {"column_1": "0", "text": "a"})]
    with pytest.raises(UnreadableFileError, match="Line 1 names the column “text” more than once"):
        rows_of(tmp_path, "text,text\na,b\n")


def test_a_file_with_only_a_header_has_no_rows(tmp_path):
    assert rows_of(tmp_path, "text,label\n") == []


def test_a_cell_may_be_long_but_a_line_without_end_is_refused(tmp_path):
    long = "x" * 500_000

    assert rows_of(tmp_path, f'text,label\n"{long}",x\n') == [Row(2, {"text": long, "label": "x"})]
    with pytest.raises(UnreadableFileError, match="Line 2 is longer than 1,000,000 characters"):
        rows_of(tmp_path, "text\n" + "x" * (CHARACTERS + 1))


def test_an_open_quote_does_not_swallow_the_rest_of_a_large_file(tmp_path):
    lines = [f'"{"y" * 990}, {n}",x' for n in range(3_000)]
    lines[1] = '"' + "y" * 990
    lines[2:] = [line.replace('"', "").replace(", ", " ") for line in lines[2:]]

    rows = rows_of(tmp_path, "text,label\n" + "\n".join(lines) + "\n")

    assert len(rows) == 3_000
    assert [row.number for row in rows if row.data is None] == [3]


_CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\x00"), max_size=8)


@given(table=st.lists(st.tuples(_CELLS.filter(bool), _CELLS), min_size=1, max_size=8))
def test_any_table_written_by_a_csv_writer_is_read_back(tmp_path_factory, table):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"'

    content = "text,label\n" + "".join(f"{quoted(a)},{quoted(b)}\n" for a, b in table)

    rows = rows_of(tmp_path_factory.mktemp("table"), content)

    assert [tuple(row.data.values()) for row in rows] == table


_PLAIN = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\t\x00"), min_size=1, max_size=8
)


@given(table=st.lists(st.tuples(_PLAIN, _PLAIN), min_size=1, max_size=8))
def test_any_tsv_of_unquoted_lines_keeps_its_number_of_rows(tmp_path_factory, table):
    content = "text\tlabel\n" + "".join(f"{a}\t{b}\n" for a, b in table)

    rows = rows_of(tmp_path_factory.mktemp("table"), content, TSV)

    assert [row.number for row in rows] == list(range(2, len(table) + 2))


def test_reading_starts_no_earlier_than_it_is_asked_and_stops_when_it_is_left(tmp_path):
    rows = read_rows(written(tmp_path, "text,label\na,x\n" + "b,y\n" * 10_000), CSV)

    assert next(rows).data == {"text": "a", "label": "x"}
    rows.close()
