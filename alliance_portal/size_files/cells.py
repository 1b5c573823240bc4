"""Cells of a published table: what a number, a date and a name in one of them say, and where it is."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alliance_portal.workbook.raw import Cell
from programmes.written.dates import InDoubt, day_in
from programmes.written.numbers import is_dash, number_in
from programmes.written.refusal import Unreadable, quoted
from programmes.written.texts import tidy_line

Row = tuple[int, list[Cell]]

# What a publication writes where it has no figure.
_NONE = frozenset({"..", ".", ":", "...", "n/a", "na", "x", "z", "[x]", "[z]", "[c]", "[u]"})
_NOTE = re.compile(r"\s*(?:\[[^\]]*\]|\([^)]*\)|[*†‡])\s*$")
# “30 September 20173” is that day with a footnote's digit behind it.
_DAY = re.compile(r"(\d{1,2}(?:st|nd|rd|th)? [A-Za-z]+\.? (?:19|20)\d\d)\d{0,2}")


@dataclass(frozen=True)
class Published:
    """A figure of a file: whose, of which day, and the cell that it stands in or begins at."""

    code: str
    name: str
    on: date
    value: Decimal
    at: str


class NotAsPublished(Exception):
    """The file is not read; each sentence says what is wrong, where, and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def cell_of(row: list[Cell], at: int) -> Cell:
    """The cell of a column; a blank where the row ends before it."""
    return row[at] if at < len(row) else ""


def text_in(row: list[Cell], at: int) -> str:
    """What stands there, in one line."""
    cell = cell_of(row, at)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return tidy_line(str(cell)) if not isinstance(cell, Unreadable) else ""


def name_of(sheet: str, row: int, at: int) -> str:
    """“Table_1!C12”."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{sheet}!{letters}{row}"


def figure_in(row: list[Cell], at: int, place: str) -> Decimal | None:
    """The number of a cell, None where the publication has none. Raises NotAsPublished."""
    cell = cell_of(row, at)
    if isinstance(cell, Unreadable):
        raise NotAsPublished(f"{place}: {cell}")
    if isinstance(cell, Decimal):
        number: Decimal | None = cell
    else:
        text = tidy_line(str(cell))
        if not text or text.casefold() in _NONE:
            return None
        if is_dash(text):
            return Decimal(0)
        number = number_in(_NOTE.sub("", text))
    if number is None or number < 0:
        said = quoted(text_in(row, at))
        raise NotAsPublished(f"{place}: {said} is no number of people: put the figure in.")
    return number


def day_at(cell: Cell) -> date | None:
    """The day that a head says, whatever its footnotes; None if it says none."""
    if isinstance(cell, date):
        return cell
    text = tidy_line(str(cell)) if isinstance(cell, str) else ""
    text = _NOTE.sub("", text)
    if found := _DAY.fullmatch(text):
        text = found[1]
    try:
        return day_in(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text))
    except InDoubt as doubt:
        return doubt.day_first
    except Unreadable:
        return None
