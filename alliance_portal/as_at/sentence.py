"""What sums a programme up in a sentence, and what its savings are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from programmes.words import month, pounds_beside, pounds_short, year_prose
from savings.selectors.outturn import Outturn
from savings.selectors.slippage import Slipped
from savings.selectors.totals import is_part_approved


@dataclass(frozen=True)
class Target:
    """The target year's savings in pence; None where there are none."""

    year: int
    approved: int | None
    forecast: int | None


@dataclass(frozen=True)
class Sentence:
    """What sums the programme up: areas live, the year's savings and how they stand against plan."""

    live: int
    areas: int
    savings: Outturn
    unapproved: int
    slipped: Slipped
    target: Target | None = None

    @property
    def year(self) -> int:
        """The financial year that it speaks of."""
        return self.savings.year

    @property
    def forecast(self) -> int | None:
        """The year's forecast as it was given, in pence."""
        return self.savings.forecast

    @property
    def approved(self) -> int | None:
        """The year's plan, in pence."""
        return self.savings.approved

    @property
    def outturn(self) -> int | None:
        """What the year is set to come to: what is made, and the forecast of the rest."""
        return self.savings.outturn

    @property
    def is_part_approved(self) -> bool:
        """True if too much of the forecast has no plan for the two to be compared: over a tenth."""
        return is_part_approved(self.unapproved, self.forecast)

    @property
    def gap(self) -> int | None:
        """Outturn less approved savings, in pence; None unless both are known and comparable."""
        if self.outturn is None or self.approved is None or self.is_part_approved:
            return None
        return self.outturn - self.approved

    @property
    def of_dates(self) -> str:
        """What go-live dates have to do with it: since approved, and re-baselined; or empty."""
        return self.slipped.sentence(self.year) if self.outturn is not None else ""

    @property
    def breakdown(self) -> str:
        """What the outturn is made of, and the target year beside it, in sentences; may be empty."""
        return " ".join(_breakdown(self))


def _breakdown(said: Sentence) -> Iterator[str]:
    savings = said.savings
    if savings.outturn and savings.made is not None and savings.made_until:
        made = pounds_beside(savings.made, savings.outturn)
        rest = pounds_beside(savings.to_come, savings.outturn)
        yield (
            f"{made} is made up to {month(savings.made_until)} and {rest} is forecast for the rest "
            f"of the year; the forecast for the whole year was "
            f"{pounds_beside(savings.forecast or 0, savings.outturn)}."
        )
    if savings.outturn:
        cashable = pounds_beside(savings.part(cashable="CASHABLE"), savings.outturn)
        other = pounds_beside(savings.part(cashable="NON_CASHABLE"), savings.outturn)
        recurring = pounds_beside(savings.part(recurrence="RECURRING"), savings.outturn)
        once = pounds_beside(savings.part(recurrence="ONE_OFF"), savings.outturn)
        yield (
            f"{cashable} of the {pounds_short(savings.outturn)} is cashable and {other} is not; "
            f"{recurring} recurs and {once} is one-off."
        )
    target = said.target
    if target and target.year != said.year and (target.approved or target.forecast):
        yield (
            f"For the target year, {year_prose(target.year)}, "
            f"{pounds_short(target.approved, 'nothing')} is planned and "
            f"{pounds_short(target.forecast, 'nothing')} forecast."
        )
