"""A sheet of named columns, some of which stand once for each force; cells are formulas with their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

_WIDTHS = {"text": 22, "long": 44, "money": 16, "number": 13, "check": 13}
_FORMATS: Mapping[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {},
    "long": {},
    "money": {"num_format": "#,##0.00;[Red]-#,##0.00"},
    "number": {"num_format": "0.######"},
    "day": {"num_format": "yyyy-mm-dd"},
    "check": {"align": "center"},
    "given": {"bg_color": "#DDEBF7"},
    "placed": {"bg_color": "#FFF2CC"},
    "failed": {"bg_color": "#F4D7D7", "font_color": "#651B1B", "bold": True},
}


class Look:
    """The formats of a book, each made once; `given` is what the portal holds, `placed` a penny it placed."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Any] = {}

    def of(self, *names: str) -> Any:
        """The format that has all of these."""
        if names not in self._made:
            parts = {key: value for name in names for key, value in _FORMATS[name].items()}
            self._made[names] = self._book.add_format(parts)
        return self._made[names]


@dataclass(frozen=True)
class Column:
    """A column's key, its head, what is in it, and whether it stands once for each force."""

    key: str
    head: str
    kind: str = "text"
    by_force: bool = False


class Sheet:
    """Rows below one row of heads; references to cells and columns are made from the columns' keys."""

    def __init__(
        self, book: Any, look: Look, name: str, columns: Sequence[Column], forces: Sequence[str]
    ) -> None:
        self.name, self.look, self.forces = name, look, range(len(forces))
        self.rows = 0
        self._kinds = {column.key: column.kind for column in columns}
        self._first: dict[str, int] = {}
        self._out = book.add_worksheet(name)
        self._checks: list[str] = []
        at = 0
        for column in columns:
            self._first[column.key] = at
            for who in forces if column.by_force else [""]:
                head = f"{column.head}: {who}" if who else column.head
                self._out.write_string(0, at, head, look.of("head"))
                self._out.set_column(at, at, _WIDTHS[column.kind])
                at += 1
            if column.kind == "check":
                self._checks.append(column.key)
        self._out.freeze_panes(1, 2)

    def add(self) -> int:
        """Begin the next row; its number as in the sheet."""
        self.rows += 1
        return self.rows + 1

    def cell(self, key: str, force: int = 0) -> str:
        """The cell of the row that was begun last, for a formula in that row."""
        return f"${self._letter(key, force)}{self.rows + 1}"

    def cells(self, key: str, up_to: int | None = None) -> str:
        """The cells of all forces in that row, or of the first `up_to` of them."""
        last = len(self.forces) if up_to is None else up_to
        return f"{self.cell(key)}:{self.cell(key, last - 1)}"

    def column(self, key: str, force: int = 0, rows: int | None = None) -> str:
        """All of a column, for a formula in another sheet."""
        letter, last = self._letter(key, force), (self.rows if rows is None else rows) + 1
        return f"'{self.name}'!${letter}$2:${letter}${max(last, 2)}"

    def given(self, key: str, value: Any, force: int = 0, look: str = "given") -> None:
        """What the portal holds: text, a number or a day. Text stays text, whatever it looks like."""
        at = self.rows, self._first[key] + force
        kind = self._kinds[key]
        if value is None or value == "":
            return
        if isinstance(value, date):
            self._out.write_datetime(*at, value, self.look.of("day", look))
        elif isinstance(value, str):
            self._out.write_string(*at, value, self.look.of("text"))
        else:
            self._out.write_number(*at, float(value), self.look.of(kind, look))

    def formula(self, key: str, formula: str, value: Any, force: int = 0) -> None:
        """A live formula, and what it comes to for a reader that works nothing out."""
        at = self.rows, self._first[key] + force
        if isinstance(value, bool):
            self._out.write_formula(*at, f"={formula}", self.look.of("check"), value)
            return
        self._out.write_formula(*at, f"={formula}", self.look.of(self._kinds[key]), float(value))

    def failing(self) -> str:
        """How many of the sheet's checks are false, as a part of a formula."""
        found = (f"COUNTIF({self.column(key)},FALSE)" for key in self._checks)
        return "+".join(found) or "0"

    def mark_failing(self) -> None:
        """Checks that fail stand out."""
        for key in self._checks:
            span = self.column(key).partition("!")[2].replace("$", "")
            rule = {"type": "cell", "criteria": "==", "value": "FALSE"}
            self._out.conditional_format(span, {**rule, "format": self.look.of("failed")})

    def _letter(self, key: str, force: int) -> str:
        return str(xl_col_to_name(self._first[key] + force))
