"""A file's cell as the value that a question would take."""

import json
import re

from projects.schema.questions import LabelQuestion, MultiLabelQuestion, Question, RatingQuestion

_SEPARATOR = re.compile("[|;,]")


def as_value(question: Question, cell: object) -> object:
    """What a cell means for this question; what cannot be understood is returned for the validation to refuse.

    Cells of tables are text, so "4" is a rating, and several labels are a JSON list or are separated by
    `|`, `;` or `,`. A label may be written as its value or as its text, in any case, where that is unambiguous.
    An empty cell is no suggestion (None).
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    match question:
        case RatingQuestion():
            return _whole_number(cell)
        case LabelQuestion():
            return _option(question, cell)
        case MultiLabelQuestion():
            labels = _list(cell)
            return [_option(question, label) for label in labels] if isinstance(labels, list) else labels
        case _:
            return cell


def _whole_number(cell: object) -> object:
    text = str(cell).strip()
    # Spreadsheets and data frames with gaps write 4 as 4.0.
    return (
        int(float(text)) if re.fullmatch(r"[0-9]{1,2}(\.0+)?", text) and not isinstance(cell, bool) else cell
    )


def _option(question: LabelQuestion | MultiLabelQuestion, cell: object) -> object:
    if not isinstance(cell, str) or cell in question.values:
        return cell
    wanted = cell.strip().casefold()
    found = {
        option.value
        for option in question.options
        if wanted in {option.value.casefold(), option.text.casefold()}
    }
    return found.pop() if len(found) == 1 else cell


def _list(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    if cell.lstrip().startswith("["):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return [part.strip() for part in _SEPARATOR.split(cell) if part.strip()]
