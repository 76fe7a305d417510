import csv
import io

import pytest

from dibt.lib.spreadsheets import SafeCsvWriter, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_could_be_a_formula_is_shown_as_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["a=1", "", "'=1", "Ìwọ", -5, 2.5, None])
def test_other_values_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_every_cell_of_a_written_row_is_safe():
    file = io.StringIO(newline="")

    SafeCsvWriter(file).write(["=1", -5, "a,b", None])

    assert list(csv.reader([file.getvalue()])) == [["'=1", "-5", "a,b", ""]]
