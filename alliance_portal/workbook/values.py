"""One cell to one value and back, tolerant of what real spreadsheets hold.

A `Kind` reads a raw cell (text, an exact number, a date or a truth value; never a float) and
writes a value as the cell that reads back to it. What cannot be read raises `Unreadable`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from programmes.written.dates import check_day, day_in
from programmes.written.refusal import Unreadable, quoted
from programmes.written.texts import (
    LONGEST_CODE,
    check_code,
    check_text,
    check_web_address,
    made_a_date,
    tidy_line,
    tidy_text,
    without_invisible,
)

T = TypeVar("T")
Raw = str | Decimal | date | bool

SPACES = " \t\r\n\u00a0\u2007\u202f\ufeff"
NOTHING = frozenset({"", "-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"})


def as_text(raw: Raw) -> str:
    """The cell as a person would have typed it, without spaces at its ends."""
    if isinstance(raw, str):
        return raw.strip(SPACES)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    return raw.isoformat()


def is_blank(raw: Raw) -> bool:
    return isinstance(raw, str) and not raw.strip(SPACES)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How the cells of a column are read and written. `blank` is the value of an empty cell."""

    blank: T

    def read(self, raw: Raw) -> T:
        raise NotImplementedError

    def write(self, value: T) -> Raw:
        """The cell that `read` turns back into `value`."""
        return str(value)

    def nothing(self, raw: Raw) -> bool:
        """Whether the cell says that there is no value."""
        return isinstance(raw, str) and raw.strip(SPACES) in NOTHING


@dataclass(frozen=True)
class Text(Kind[str]):
    """A name, or with `lines` a text of many lines; kept as `tidy` makes it."""

    blank: str = ""
    longest: int = 200
    lines: bool = False

    def nothing(self, raw: Raw) -> bool:
        return is_blank(raw)

    def tidy(self, text: str) -> str:
        """The text as the workbook keeps it, so that no two look the same."""
        return tidy_text(text) if self.lines else tidy_line(text)

    def read(self, raw: Raw) -> str:
        if isinstance(raw, date):
            raise made_a_date(raw.isoformat())
        text = tidy_text(as_text(raw))
        check_text(text, self.longest)
        if not self.lines and "," in text.partition("\n")[2]:
            what = "The text goes on in the next line, as if it had swallowed a row."
            mend = "Close the quotation mark at its end, or put the text on one line."
            raise Unreadable(what, mend)
        return self.tidy(text)


@dataclass(frozen=True)
class WebAddress(Kind[str]):
    blank: str = ""

    def read(self, raw: Raw) -> str:
        text = without_invisible(as_text(raw))
        check_web_address(text)
        return text


@dataclass(frozen=True)
class Code(Kind[str]):
    blank: str = ""
    longest: int = LONGEST_CODE

    def read(self, raw: Raw) -> str:
        if isinstance(raw, date):
            raise made_a_date(raw.isoformat())
        if isinstance(raw, bool):
            what = "A spreadsheet has turned this code into a truth value."
            raise Unreadable(what, "Format the column as text and type the code again.")
        text = as_text(raw)
        check_code(text, self.longest)
        return text


class Choice(Kind[str]):
    """One of a few words; the value is the word in capitals with underscores."""

    def __init__(self, *words: str) -> None:
        super().__init__(blank="")
        object.__setattr__(self, "_word_of", {_stored(word): word for word in words})

    @property
    def words(self) -> dict[str, str]:
        """Each value with its word."""
        found: dict[str, str] = self.__dict__["_word_of"]
        return found

    def read(self, raw: Raw) -> str:
        value = _stored(" ".join(without_invisible(as_text(raw)).split()))
        if value in self.words:
            return value
        raise Unreadable(
            f"{quoted(as_text(raw))} is not one of the choices.",
            f"Write one of: {', '.join(self.words.values())}.",
        )

    def write(self, value: str) -> Raw:
        return self.words.get(value, "")


@dataclass(frozen=True)
class Date(Kind[date | None]):
    """A day. Numbers that can be two days raise `InDoubt`, for `rows` to look at the column."""

    blank: date | None = None

    def read(self, raw: Raw) -> date:
        day = raw if isinstance(raw, date) else day_in(as_text(raw))
        check_day(day)
        return day

    def write(self, value: date | None) -> Raw:
        return "" if value is None else value


@dataclass(frozen=True)
class YesNo(Kind[bool]):
    blank: bool = False

    def read(self, raw: Raw) -> bool:
        word = without_invisible(as_text(raw)).lower()
        if word in {"yes", "y", "true"}:
            return True
        if word in {"no", "n", "false"}:
            return False
        raise Unreadable(f"{quoted(as_text(raw))} is neither yes nor no.", "Write yes or no.")

    def write(self, value: bool) -> Raw:
        return "yes" if value else "no"


def _stored(word: str) -> str:
    return word.upper().replace(" ", "_").replace("-", "_")
