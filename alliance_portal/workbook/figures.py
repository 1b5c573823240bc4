"""Cells that hold numbers: money, sizes, percentages, counts, ramps, decimal places.

Nothing here meets a float: numbers come as text or as exact decimals.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from alliance_portal.workbook.values import NOTHING, SPACES, Kind, Raw, as_text, is_blank
from programmes.written.limits import MOST_PENCE, MOST_RAMP, MOST_SIZE
from programmes.written.numbers import fits, number_in, without_noise
from programmes.written.refusal import Unreadable, quoted

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
        pence = without_noise(pounds, 2) * 100
        if pence != pence.to_integral_value():
            what = f"{as_text(raw)} has more than two decimals."
            raise Unreadable(what, "Round it to whole pence.")
        if abs(pence) > MOST_PENCE:
            what = f"{as_text(raw)} is more than £10 trillion."
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
    maximum: Decimal = MOST_SIZE
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
        number = without_noise(number, self.places)
        if not fits(number, self.places):
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
        number = None if number is None else without_noise(number, 0)
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
        if all(re.fullmatch("[0-9]{1,4}", step) and int(step) <= MOST_RAMP for step in steps):
            return tuple(int(step) for step in steps)
        raise Unreadable(
            f"{quoted(as_text(raw))} is not a ramp.",
            "Write the percentage reached in each year, as in 50;75;100.",
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
    """The number in a cell, such as `£1,234.50`, `(500)` or `500-`; None if it is not one.

    Raises Unreadable for a percentage: whether 12% means 12 or 0.12 is for its writer to say.
    """
    if isinstance(raw, Decimal):
        return raw if raw.is_finite() else None
    if not isinstance(raw, str):
        return None
    if number_in(raw.strip(SPACES).removesuffix("%")) is not None and "%" in raw:
        raise Unreadable(
            f"{quoted(as_text(raw))} is a percentage, and this column takes none.",
            "Write the number without a % sign, and format the cell as a number.",
        )
    return number_in(raw)


def shortest(number: Decimal) -> Decimal:
    """The same number without zeros after its last decimal, never in powers of ten."""
    return Decimal(f"{number.normalize():f}")
