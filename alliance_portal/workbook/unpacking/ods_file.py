"""An OpenDocument spreadsheet (.ods), row by row."""

from datetime import date, datetime, time, timedelta
from typing import Any

from .answering import Answer
from .excel_file import as_number
from .limits import MOST_COLUMNS, MOST_ROWS, Refused


def read_ods_file(path: str, answer: Answer) -> None:
    """Every sheet that the portal knows; a sheet too large is named and passed over."""
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            try:
                if answer.sheet(name):
                    _read_sheet(book.get_sheet_by_name(name), answer)
            except Refused as refusal:
                if refusal.whole:
                    raise
                answer.refused(refusal)


def _read_sheet(sheet: Any, answer: Answer) -> None:
    if sheet.total_height > MOST_ROWS:
        raise Refused("rows")
    if sheet.total_width > MOST_COLUMNS:
        raise Refused("columns", row=1)
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
        answer.row(number, [_as_json(value) for value in row])


def _as_json(value: Any) -> Any:
    """The cell as `Answer` says it; see the package. What a percentage was is not to be told."""
    if isinstance(value, bool):
        return ["yes", value]
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        return ["number", str(int(value)) if whole else as_number(value, percent=False)]
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return ["date", value.date().isoformat()] if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return str(value) if isinstance(value, time | timedelta) else value
