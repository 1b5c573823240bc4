"""Cells that hold numbers: money, sizes, percentages, counts, ramps, decimal places.

Nothing here meets a float: numbers come as text or as exact decimals.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from alliance_portal.workbook.problems import Unreadable
from alliance_portal.workbook.values import NOTHING, SPACES, Kind, Raw, as_text, is_blank, quoted

MOST_PENCE = 10**13

# A pound sign, or what is left of one that was saved as UTF-8 and read as Windows text.
_POUND = "(?:\u00c2?\u00a3)?"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_FIGURE = re.compile(
    rf"{_POUND}\s*(?P<minus>[-\u2212\u2013])?\s*{_POUND}\s*(?P<digits>{_DIGITS})", re.ASCII
)
_ONLY_POUND = re.compile("\u00c2?\u00a3")


@dataclass(frozen=True)
class Money(Kind[int | None]):
    """Pounds in the cell, whole pence as the value.

    `-` alone is an accountant's nothing: no money where a figure must stand, not known where the
    cell may be blank.
    """

    blank: int | None = None
    minimum: int = -MOST_PENCE

    def nothing(self, raw: Raw) -> bool:
        return isinstance(raw, str) and _ONLY_POUND.sub("", raw, count=1).strip(SPACES) in NOTHING

    def read(self, raw: Raw) -> int:
        if self.nothing(raw) and not is_blank(raw):
            return 0
        pounds = figure(raw)
        if pounds is None:
            raise Unreadable(
                f"{quoted(as_text(raw))} is not an amount of money.",
                "Write pounds as in 1234.50, or -500 for a negative amount.",
            )
        pence = pounds * 100
        if pence != pence.to_integral_value():
            what = f"{as_text(raw)} has more than two decimals."
            raise Unreadable(what, "Round it to whole pence.")
        if abs(pence) > MOST_PENCE:
            what = f"{as_text(raw)} is more than £100 billion."
            raise Unreadable(what, "Check the amount; it is in pounds.")
        if pence < self.minimum:
            raise Unreadable(f"{as_text(raw)} is negative.", "Write an amount of zero or more.")
        return int(pence)

    def write(self, value: int | None) -> Raw:
        return "" if value is None else Decimal(value).scaleb(-2)


@dataclass(frozen=True)
class Number(Kind[Decimal | None]):
    """An exact number with at most `places` decimals, from zero to `maximum`."""

    blank: Decimal | None = None
    places: int = 4
    maximum: Decimal = Decimal(10) ** 12
    percent: bool = False

    def read(self, raw: Raw) -> Decimal:
        typed = raw
        if self.percent and isinstance(raw, str):
            raw = raw.strip(SPACES).removesuffix("%")
        number = figure(raw)
        if number is None:
            mend = "Write a number as in 1234.5."
            raise Unreadable(f"{quoted(as_text(typed))} is not a number.", mend)
        if number < 0:
            raise Unreadable(f"{as_text(typed)} is negative.", "Write zero or more.")
        if number > self.maximum:
            what = f"{as_text(typed)} is too large."
            raise Unreadable(what, f"Write a number of at most {self.maximum:,f}.")
        if number != round(number, self.places):
            what = f"{as_text(typed)} has more than {self.places} decimals."
            raise Unreadable(what, f"Round it to at most {self.places} decimals.")
        return number

    def write(self, value: Decimal | None) -> Raw:
        return "" if value is None else shortest(value)


@dataclass(frozen=True)
class Whole(Kind[int | None]):
    """A whole number from `minimum` to `maximum`."""

    blank: int | None = None
    minimum: int = 0
    maximum: int = 32_767

    def read(self, raw: Raw) -> int:
        number = figure(raw)
        if number is None or number != number.to_integral_value():
            what = f"{quoted(as_text(raw))} is not a whole number."
        elif not self.minimum <= number <= self.maximum:
            what = f"{as_text(raw)} is out of range."
        else:
            return int(number)
        raise Unreadable(what, f"Write a whole number from {self.minimum} to {self.maximum}.")

    def write(self, value: int | None) -> Raw:
        return "" if value is None else Decimal(value)


@dataclass(frozen=True)
class Ramp(Kind[tuple[int, ...]]):
    """The percentage reached in each year from the start, the last one holding: `50;75;100`."""

    blank: tuple[int, ...] = ()

    def read(self, raw: Raw) -> tuple[int, ...]:
        steps = [part.strip(SPACES).removesuffix("%") for part in as_text(raw).split(";")]
        if all(re.fullmatch("[0-9]{1,3}", step) and int(step) <= 100 for step in steps):
            return tuple(int(step) for step in steps)
        raise Unreadable(
            f"{quoted(as_text(raw))} is not a ramp.",
            "Write the percentage reached in each year, from 0 to 100, as in 50;75;100.",
        )

    def write(self, value: tuple[int, ...]) -> Raw:
        return ";".join(map(str, value))


@dataclass(frozen=True)
class DecimalPlaces(Kind[int | None]):
    """Decimal places of a sharing percentage, 0 to 4; None means `exact`. Blank means 4."""

    blank: int | None = 4

    def read(self, raw: Raw) -> int | None:
        word = as_text(raw).lower()
        if word == "exact":
            return None
        number = figure(raw)
        if number is not None and number in {0, 1, 2, 3, 4}:
            return int(number)
        what = f"{quoted(as_text(raw))} is not a number of decimal places."
        raise Unreadable(what, "Write 0, 1, 2, 3, 4 or exact.")

    def write(self, value: int | None) -> Raw:
        return "exact" if value is None else Decimal(value)


def figure(raw: Raw) -> Decimal | None:
    """The number in a cell, such as `£1,234.50`, `(500)` or `-500`; None if it is not one."""
    if isinstance(raw, Decimal):
        return raw if raw.is_finite() else None
    if not isinstance(raw, str):
        return None
    text = raw.strip(SPACES)
    in_brackets = text.startswith("(") and text.endswith(")")
    if in_brackets:
        text = text[1:-1].strip(SPACES)
    found = _FIGURE.fullmatch(text) if len(text) <= 40 and text.count("\u00a3") <= 1 else None
    if not found or (in_brackets and found["minus"]):
        return None
    number = Decimal(found["digits"].replace(",", ""))
    return -number if number and (in_brackets or found["minus"]) else number


def shortest(number: Decimal) -> Decimal:
    """The same number without zeros after its last decimal, never in powers of ten."""
    return Decimal(f"{number.normalize():f}")
