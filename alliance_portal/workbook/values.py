"""One cell to one value and back, tolerant of what real spreadsheets hold.

A `Kind` reads a raw cell (text, an exact number, a date or a truth value; never a float) and
writes a value as the cell that reads back to it. What cannot be read raises `Unreadable`.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from alliance_portal.workbook.problems import Unreadable

T = TypeVar("T")
Raw = str | Decimal | date | bool

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
SPACES = " \t\r\n\u00a0\u2007\u202f\ufeff"
NOTHING = frozenset({"", "-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"})

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})([ T]00:00(:00(\.0+)?)?)?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def as_text(raw: Raw) -> str:
    """The cell as a person would have typed it, without spaces at its ends."""
    if isinstance(raw, str):
        return raw.strip(SPACES)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    return raw.isoformat()


def clean_text(text: str) -> str:
    """Text as the workbook keeps it: one kind of line end, no spaces at the ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(SPACES)


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
    blank: str = ""
    longest: int = 200

    def nothing(self, raw: Raw) -> bool:
        return is_blank(raw)

    def read(self, raw: Raw) -> str:
        text = clean_text(as_text(raw))
        if _CONTROL.search(text):
            raise Unreadable("The text has a control character in it.", "Type the text again.")
        if len(text) > self.longest:
            what = f"The text has {len(text):,} characters."
            raise Unreadable(what, f"Shorten it to at most {self.longest:,}.")
        return text


@dataclass(frozen=True)
class WebAddress(Kind[str]):
    blank: str = ""

    def read(self, raw: Raw) -> str:
        text = as_text(raw)
        if len(text) <= 500 and re.fullmatch(r"https?://[^\s<>\"']+\.[^\s<>\"']+", text):
            return text
        mend = "Write it with https:// at its start."
        raise Unreadable(f"{quoted(text)} is not a web address.", mend)


@dataclass(frozen=True)
class Code(Kind[str]):
    blank: str = ""
    longest: int = 60

    def read(self, raw: Raw) -> str:
        text = as_text(raw)
        if _SLUG.fullmatch(text) and len(text) <= self.longest:
            return text
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower().replace("&", "and")).strip("-")
        advice = f", for example {slug[: self.longest].strip('-')}" if slug else ""
        raise Unreadable(
            f"{quoted(text)} is not a code.",
            f"Use at most {self.longest} lower-case letters, digits and single hyphens{advice}.",
        )


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
        value = _stored(" ".join(as_text(raw).split()))
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
    blank: date | None = None

    def read(self, raw: Raw) -> date:
        day = raw if isinstance(raw, date) else self._from_text(as_text(raw))
        if not EARLIEST <= day <= LATEST:
            what = f"{day.isoformat()} is outside the years 1900 to 2100."
            raise Unreadable(what, "Check the year.")
        return day

    def _from_text(self, text: str) -> date:
        found = _ISO_DATE.fullmatch(text)
        if not found:
            mend = "Write the year, month and day as in 2016-04-01."
            raise Unreadable(f"{quoted(text)} is not a date this portal can read.", mend)
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            what = f"{text} is not a day in the calendar."
            raise Unreadable(what, "Check the month and the day.") from None

    def write(self, value: date | None) -> Raw:
        return "" if value is None else value


@dataclass(frozen=True)
class YesNo(Kind[bool]):
    blank: bool = False

    def read(self, raw: Raw) -> bool:
        word = as_text(raw).lower()
        if word in {"yes", "y", "true"}:
            return True
        if word in {"no", "n", "false"}:
            return False
        raise Unreadable(f"{quoted(as_text(raw))} is neither yes nor no.", "Write yes or no.")

    def write(self, value: bool) -> Raw:
        return "yes" if value else "no"


def _stored(word: str) -> str:
    return word.upper().replace(" ", "_").replace("-", "_")


def quoted(text: str) -> str:
    short = text if len(text) <= 40 else f"{text[:39]}\u2026"
    return f"\u201c{short}\u201d"
