"""Reads one table out of a page as the portal writes it. Plain Python: no Django, no database.

What is hidden from sight, drawn or typed into is no part of a cell. A cell that only says that
something is missing is empty; pounds, numbers and days are what they are and not their letters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser

from programmes.csv_lines import Cell

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_NO_TEXT = frozenset({"svg", "script", "style", "select", "textarea", "button"})
_HIDDEN, _MISSING, _BELOW = "govuk-visually-hidden", "app-missing", "app-table__sub"
_MONEY = re.compile(r"([+−-]?)£([\d,]+(?:\.\d+)?)")
_NUMBER = re.compile(r"([−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_PERCENT = re.compile(r"([−-]?)(\d+(?:\.\d+)?)%")
_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")


@dataclass(frozen=True)
class PageTable:
    """A table of a page: what it is called there, its columns, and its rows in their order."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass
class _Cell:
    wide: int
    high: int
    value: str = ""
    text: str = ""
    missing: bool = False

    @property
    def words(self) -> str:
        """Its text in one line, what stands below its first line after a semicolon."""
        parts = (" ".join(part.split()) for part in self.text.split("\n"))
        return "; ".join(part for part in parts if part)

    @property
    def says(self) -> str:
        """What it says in a file."""
        return self.value or ("" if self.missing else self.words)


@dataclass
class _Reader(HTMLParser):
    """Follows the page down to the table that is asked for; its rows end up in `head` and `body`."""

    wanted: str
    title: str = ""
    caption: str = ""
    head: list[list[_Cell]] = field(default_factory=list)
    body: list[list[_Cell]] = field(default_factory=list)
    found: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self._inside = self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table" and given.get("id") == self.wanted:
            self._inside = self.found = True
        if self._inside:
            self._start(tag, given)
        if tag not in _VOID:
            self._open.append((tag, given.get("class", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A drawing's own elements, closed as they open, hold nothing."""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "table":
            self._inside = False

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self._open}
        if tags & _NO_TEXT:
            return
        if "h1" in tags:
            self.title += data
        elif self._inside and "caption" in tags:
            self.caption += data
        elif self._inside and (cell := self._cell) and not self._is_in(_HIDDEN):
            cell.text += data
            cell.missing = cell.missing or self._is_in(_MISSING)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "tr":
            self._in_head = any(each == "thead" for each, _ in self._open)
            (self.head if self._in_head else self.body).append([])
        elif tag in ("td", "th"):
            spans = int(given.get("colspan", 1)), int(given.get("rowspan", 1))
            row = (self.head if self._in_head else self.body)[-1]
            row.append(_Cell(*spans, value=given.get("data-value", "")))
        elif (cell := self._cell) and (
            tag in ("br", "p", "li") or _BELOW in given.get("class", "")
        ):
            cell.text += "\n"

    @property
    def _cell(self) -> _Cell | None:
        rows = self.head if self._in_head else self.body
        return rows[-1][-1] if rows and rows[-1] else None

    def _is_in(self, name: str) -> bool:
        return any(name in classes.split() for _, classes in self._open)


def read_table(page: str, wanted: str) -> PageTable | None:
    """The table with that id; None if the page has none. A column without a visible head is left out."""
    reader = _Reader(wanted)
    reader.feed(page)
    reader.close()
    if not reader.found:
        return None
    head, body = _grid(reader.head, repeats=True), _grid(reader.body, repeats=False)
    width = max((len(row) for row in (*head, *body)), default=0)
    heads = [_together(row[at] for row in head if at < len(row)) for at in range(width)]
    kept = [at for at in range(width) if heads[at]]
    texts = [[row[at] if at < len(row) else "" for at in kept] for row in body]
    percents = [_all_percent(row[at] for row in texts) for at in range(len(kept))]
    rows = tuple(
        tuple(typed(text, percent=percent) for text, percent in zip(row, percents, strict=True))
        for row in texts
    )
    title = " ".join(f"{reader.title}: {reader.caption}".split()).removesuffix(":")
    return PageTable(title, tuple(_named(heads, kept, texts, percents)), rows)


def typed(text: str, *, percent: bool = False) -> Cell:
    """What a cell's text is: pounds and numbers as numbers, a day as a day, nothing as None."""
    if found := _MONEY.fullmatch(text):
        return _signed(found[1], found[2])
    if found := _NUMBER.fullmatch(text):
        return _signed(found[1], found[2] + (found[3] or ""))
    if percent and (found := _PERCENT.fullmatch(text)):
        return _signed(found[1], found[2])
    if _DAY.fullmatch(text):
        return _day(text) or text
    return text or None


def _named(
    heads: list[str], kept: list[int], texts: list[list[str]], percents: list[bool]
) -> list[str]:
    """The columns' names, each with its unit where its cells had one."""
    names = []
    for place, at in enumerate(kept):
        is_money = any(_MONEY.fullmatch(row[place]) for row in texts)
        names.append(heads[at] + (" (£)" if is_money else " (%)" if percents[place] else ""))
    return names


def _grid(rows: list[list[_Cell]], *, repeats: bool) -> list[list[str]]:
    """What stands in each place; a cell over several places says it in the first, or in each."""
    placed: dict[tuple[int, int], str] = {}
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            while (down, across) in placed:
                across += 1
            for lower in range(cell.high):
                for further in range(cell.wide):
                    says = cell.says if repeats or not (lower or further) else ""
                    placed[down + lower, across + further] = says
            across += cell.wide
    width = {
        down: max((x for y, x in placed if y == down), default=-1) for down in range(len(rows))
    }
    return [[placed.get((y, x), "") for x in range(width[y] + 1)] for y in range(len(rows))]


def _together(heads: Iterable[str]) -> str:
    """The heads above a column, from the group down, each once."""
    return ": ".join(dict.fromkeys(each for each in heads if each))


def _all_percent(texts: Iterable[str]) -> bool:
    said = [text for text in texts if text]
    return bool(said) and all(_PERCENT.fullmatch(text) for text in said)


def _signed(sign: str, digits: str) -> Decimal:
    value = Decimal(digits.replace(",", ""))
    return -value if sign in ("−", "-") else value


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007
    except ValueError:
        return None
