"""What go-live dates that moved do to a year's forecast savings: since approved, and before that.

The one rule: `business_areas.lateness.spans` says what lies between which dates; here it is priced.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from business_areas.lateness import has_moved, spans
from business_areas.models import Milestone
from programmes.words import pounds_short, year_prose
from savings.engine.periods import financial_year_of, last_day
from savings.forecasts import derived_amounts
from savings.selectors.outturn import Started


@dataclass(frozen=True)
class Slipped:
    """What dates that moved add to a year's forecast savings, in pence; below zero they take it off.

    `since_approved` from the approved dates to the expected ones, `rebaselined` from the original
    baselines to the approved dates, `unapproved` what nobody approved since it was first promised.
    """

    since_approved: int = 0
    rebaselined: int = 0
    unapproved: int = 0

    @property
    def since_original(self) -> int:
        """All of it: against the original baselines."""
        return self.since_approved + self.rebaselined + self.unapproved

    def __bool__(self) -> bool:
        return bool(self.since_approved or self.rebaselined or self.unapproved)

    def sentence(self, year: int) -> str:
        """Both parts, always; empty where no date moved any pound."""
        if not self:
            return ""
        whole, savings = self.since_original, f"savings for {year_prose(year)}"
        does = f"take {_pounds(whole)} off" if whole < 0 else f"add {_pounds(whole)} to"
        moved = (
            f"Go-live dates that moved {does} {savings} against the original baselines"
            if whole
            else f"Go-live dates that moved leave {savings} as the original baselines make them"
        )
        return f"{moved}: {self.parts}."

    @property
    def parts(self) -> str:
        """“£287,945 slipped since approved and £89,195 re-baselined since the original”."""
        since = _part(self.since_approved, "slipped since approved", "gained since approved")
        before = _part(
            self.rebaselined,
            "re-baselined since the original",
            "gained by re-baselining since the original",
        )
        said = [since, before]
        if self.unapproved:
            slipped = "slipped since first promised, without an approved date"
            said.append(_part(self.unapproved, slipped, slipped.replace("slipped", "gained")))
        return f"{', '.join(said[:-1])} and {said[-1]}"


def slipped(
    milestones: Iterable[Milestone], items: Iterable[Started], year: int, until: date
) -> Slipped:
    """What the dates of these milestones have done to the year's forecast savings. No query.

    `items` are the alliance's savings that start from milestones; `until` is the last day of derived
    forecasts.
    """
    found: dict[str, int] = defaultdict(int)
    moved = {each.pk: spans(each) for each in milestones if has_moved(each)}
    for item in items:
        for part, (before, after) in moved.get(item.milestone_id, {}).items():
            if before != after:
                found[part] += _saved(item, after, year, until)
                found[part] -= _saved(item, before, year, until)
    return Slipped(**found)


def horizon_of(years: Iterable[int], target_on: date | None) -> date:
    """The last day of derived forecasts, from the years that have money: see savings.forecasts."""
    target = [financial_year_of(target_on)] if target_on else []
    return last_day(max([*years, *target], default=1900))


def _saved(item: Started, on: date, year: int, until: date) -> int:
    months = derived_amounts(item, on, until).items()
    return sum(pence for month, pence in months if financial_year_of(month) == year)


def _part(pence: int, slipped: str, gained: str) -> str:
    return f"{_pounds(pence) if pence else 'nothing'} {slipped if pence <= 0 else gained}"


def _pounds(pence: int) -> str:
    return pounds_short(abs(pence))
