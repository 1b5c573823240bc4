"""The 43 territorial forces with their real officer numbers."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.text import slugify

OFFICERS = "Police officers (FTE)"
BUDGET = "Net revenue budget (£)"
OFFICERS_SOURCE = "Home Office, Police workforce, England and Wales: officers (FTE)"
BUDGET_SOURCE = "Invented for load tests: officer numbers times a round cost"

_FILE = Path(__file__).resolve().parents[1] / "samples" / "officer_fte.csv"


@dataclass(frozen=True)
class RealForce:
    """A territorial force and its officers (FTE) by date."""

    name: str
    officers: tuple[tuple[date, Decimal], ...]

    @property
    def code(self) -> str:
        """A lower-case slug of the name."""
        return slugify(self.name)


@cache
def real_forces() -> tuple[RealForce, ...]:
    """The 43 forces in alphabetical order, as the file has them."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        RealForce(
            name=row["force"],
            officers=tuple(
                (date.fromisoformat(column), Decimal(value))
                for column, value in row.items()
                if column != "force" and value
            ),
        )
        for row in rows
    )
