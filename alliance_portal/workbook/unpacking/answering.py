"""What the process prints: counted before it is written, so that it never says more than is borne."""

import json
from typing import Any, TextIO

from .limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Refused


class Answer:
    """The lines of one workbook."""

    def __init__(self, out: TextIO, known: frozenset[str]) -> None:
        self._out = out
        self._known = known
        self._rows = self._cells = self._characters = 0

    def sheet(self, name: str) -> bool:
        """Begin a sheet; whether the portal knows one of that name, so that it is worth reading."""
        self._rows = 0
        self._say({"sheet": name[:LONGEST_CELL]})
        return name.strip().lower() in self._known

    def row(self, number: int, cells: list[Any]) -> None:
        """A row of the sheet, without the blanks at its end; nothing if it is all blank."""
        while cells and (cells[-1] is None or cells[-1] == ""):
            cells.pop()
        if not cells:
            return
        if len(cells) > MOST_COLUMNS:
            raise Refused("columns", row=number)
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise Refused("rows")
        self._cells += sum(cell is not None and cell != "" for cell in cells)
        if self._cells > MOST_CELLS:
            raise Refused("cells", whole=True)
        if any(_length(cell) > LONGEST_CELL for cell in cells):
            raise Refused("long", row=number)
        self._say({"row": number, "cells": cells})

    def say(self, **line: Any) -> None:
        """Any other line."""
        self._say(line)

    def refused(self, refusal: Refused) -> None:
        """Why no more is read of the sheet, or of the workbook."""
        self._say({"refused" if refusal.whole else "fault": refusal.word, **refusal.named})

    def _say(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=True)
        self._characters += len(text) + 1
        if self._characters > MOST_TEXT:
            self._characters = 0  # room for the refusal itself
            raise Refused("large", whole=True)
        self._out.write(text + "\n")


def _length(cell: Any) -> int:
    text = cell[1] if isinstance(cell, list) else cell
    return len(text) if isinstance(text, str) else 0
