"""An amount of a cell, as it is typed, pasted and shown."""

from collections.abc import Sequence

from programmes import words
from programmes.form_fields import MoneyField
from programmes.written.numbers import is_dash

# An amount so many times its neighbours is asked about.
MANY_TIMES = 10


class AmountField(MoneyField):
    """Pounds typed or pasted, whole pence returned; None for a blank cell.

    A dash by itself is nought: so the accounting formats of spreadsheets write it.
    """

    def to_python(self, value: object) -> int | None:
        """Whole pence; an int is pence already."""
        if isinstance(value, str) and is_dash(value):
            return 0
        return super().to_python(value)


_READER = AmountField(called="amount", required=False)


def pence_in(text: str) -> int | None:
    """Whole pence of what a cell says, None for a blank. Raises ValidationError."""
    return _READER.to_python(text)


def text_of(pence: int | None) -> str:
    """What the cell of an amount says: "1,234.50", "-500.00"; a blank for none."""
    return "" if pence is None else str(_READER.prepare_value(pence))


def total_of(pence: int) -> str:
    """A total below the cells, in pounds as they are: "1,234.50", "−500.00"."""
    return words.pounds(pence).replace("£", "")


def neighbours_doubt(pence: int | None, beside: Sequence[int | None]) -> str:
    """What one would ask of a month's amount beside those of the months next to it; empty if nothing."""
    known = [abs(each) for each in beside if each]
    if not pence or not known or abs(pence) <= MANY_TIMES * max(known):
        return ""
    several = "each of the months beside it" if known[1:] else "the month beside it"
    return f"{words.pounds(pence)} is more than ten times {several}."
