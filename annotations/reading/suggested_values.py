"""A file's cell as the value that a question would take."""

import json
import re

from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
)

_SEPARATOR = re.compile("[|;,]")
# How files call the label of a mark.
_LABELS = ("label", "entity_group", "entity", "tag", "type")
_BETWEEN_RANKS = re.compile("[>|;,]")


def as_value(question: Question, cell: object) -> object:
    """What a cell means for this question; what cannot be understood is returned for the validation to refuse.

    Cells of tables are text, so "4" is a rating, and several labels are a JSON list or are separated by
    `|`, `;` or `,`. So is a ranking, the best first, also by `>`, or it is a list of `{"value", "rank"}` as in
    Argilla. Marks are a list, or JSON, of `{"start", "end", "label"}` as here and in Argilla, of the entities that
    token classifiers give, or of `[start, end, label]`. A label may be written as its value or as its text, in any
    case, where that is unambiguous.
    An empty cell is no suggestion (None).
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    meant = cell
    match question:
        case RatingQuestion():
            meant = _whole_number(cell)
        case LabelQuestion():
            meant = _option(question, cell)
        case MultiLabelQuestion():
            meant = _options(question, _list(cell, _SEPARATOR))
        case RankingQuestion():
            meant = _options(question, _by_rank(_list(cell, _BETWEEN_RANKS)))
        case SpanQuestion():
            meant = _spans(question, cell)
    return meant


def _whole_number(cell: object) -> object:
    text = str(cell).strip()
    # Spreadsheets and data frames with gaps write 4 as 4.0.
    return (
        int(float(text)) if re.fullmatch(r"[0-9]{1,2}(\.0+)?", text) and not isinstance(cell, bool) else cell
    )


def _options(question: MultiLabelQuestion | RankingQuestion, cells: object) -> object:
    return [_option(question, cell) for cell in cells] if isinstance(cells, list) else cells


def _option(
    question: LabelQuestion | MultiLabelQuestion | RankingQuestion | SpanQuestion, cell: object
) -> object:
    if not isinstance(cell, str) or cell in question.values:
        return cell
    wanted = cell.strip().casefold()
    found = {
        option.value
        for option in question.options
        if wanted in {option.value.casefold(), option.text.casefold()}
    }
    return found.pop() if len(found) == 1 else cell


def _spans(question: SpanQuestion, cell: object) -> object:
    marks = _list(cell, _SEPARATOR)
    return [_span(question, mark) for mark in marks] if isinstance(marks, list) else marks


def _span(question: SpanQuestion, mark: object) -> object:
    if isinstance(mark, list) and len(mark) == 3:
        mark = dict(zip(("start", "end", "label"), mark, strict=True))
    if not isinstance(mark, dict):
        return mark
    label = next((mark[name] for name in _LABELS if name in mark), None)
    return {"start": mark.get("start"), "end": mark.get("end"), "label": _option(question, label)}


def _list(cell: object, separator: re.Pattern[str]) -> object:
    if not isinstance(cell, str):
        return cell
    if cell.lstrip().startswith("["):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return [part.strip() for part in separator.split(cell) if part.strip()]


def _by_rank(cells: object) -> object:
    """The values of Argilla's ranks, which say who comes first whatever their order in the file."""
    if not isinstance(cells, list) or not all(isinstance(cell, dict) and "value" in cell for cell in cells):
        return cells
    ranks = [cell.get("rank") for cell in cells]
    if any(type(rank) is not int for rank in ranks) or len(set(ranks)) < len(ranks):
        return cells  # two that share a place are in no order
    return [cell["value"] for cell in sorted(cells, key=lambda cell: int(cell["rank"]))]
