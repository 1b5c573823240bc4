"""Prints the cells of an .xlsx file as JSON lines; run as a script, in a process of its own.

The process limits its own memory and processor time before it opens the file, so that a file made
to exhaust a machine ends here. It imports openpyxl alone, and openpyxl only with defusedxml.

Lines: `{"sheet": name}`, then `{"row": number, "cells": [...]}` for each row with anything in it.
A cell is null, a text, or a pair: ["number", text], ["date", ISO text], ["yes", bool],
["formula", text] or ["error", text]. The last line is `{"end": true}`, or `{"refused": word}`.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 60
MOST_ROWS = 300_000
MOST_COLUMNS = 200
MOST_TEXT = 64 * 1024 * 1024


class Refused(Exception):
    """Why no more is read: one of the words that `guard` has a sentence for."""


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        unpack(path)
        say({"end": True})
    except Refused as refused:
        say({"refused": str(refused)})
    except MemoryError:
        say({"refused": "large"})
    except (zipfile.BadZipFile, EOFError):
        say({"refused": "damaged"})
    except Exception:  # whatever a hostile file makes openpyxl raise, the answer is the same
        say({"refused": "unreadable"})


def unpack(path: str) -> None:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would import it, for nothing
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise Refused("unsafe")
    book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
    said = 0
    for sheet in book.worksheets:
        say({"sheet": sheet.title})
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number > MOST_ROWS:
                raise Refused("rows")
            values = [as_json(cell) for cell in cells]
            while values and values[-1] in (None, ""):
                values.pop()
            if len(values) > MOST_COLUMNS:
                raise Refused("columns")
            if values:
                said += say({"row": number, "cells": values})
            if said > MOST_TEXT:
                raise Refused("large")


def as_json(cell: Any) -> Any:
    value = cell.value
    if value is None or cell.data_type == "s":
        return value
    if cell.data_type == "f":
        return ["formula", str(value)]
    if cell.data_type == "e":
        return ["error", str(value)]
    if isinstance(value, bool):
        return ["yes", value]
    if isinstance(value, int | float):
        return ["number", as_number(value, percent="%" in (cell.number_format or ""))]
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return ["date", value.date().isoformat()] if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return str(value)


def as_number(value: int | float, *, percent: bool) -> str:
    """The digits that the spreadsheet shows: 15 at most; a percentage as it is read, with %."""
    if percent:
        return f"{value * 100:.13g}%"
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def say(line: dict[str, Any]) -> int:
    text = json.dumps(line, ensure_ascii=True)
    print(text)  # noqa: T201  (the pipe to the parent process)
    return len(text)


if __name__ == "__main__":
    main(sys.argv[1])
