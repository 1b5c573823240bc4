"""The book as plain values: what is in it, and the same book with something else in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from savings.apportioned import Worked, work_out
from savings.engine.periods import financial_year_of, last_day
from savings.forecasts import derived_amounts
from savings.inputs import EPOCH, LINE_FIELDS, IntArray, SharingInputs, in_natural_order

WITHDRAWN = "WITHDRAWN"
FORECAST = 1  # index into VERSIONS

# An amount as it is on record, in whole numbers: its sign is the item's own (a grant is above zero),
# its bearer a force's id (0: nobody is named), its day counted from EPOCH.
AMOUNT_FIELDS = ("amount", "item", "version", "day", "whole_year", "bearer", "derived", "pence")


@dataclass(frozen=True)
class BookArea:
    """A business area: what decides whether its dates have a forecast."""

    id: int
    code: str
    name: str
    stage: str

    @property
    def has_forecast(self) -> bool:
        """A withdrawn area has no forecast from dates."""
        return self.stage != WITHDRAWN


@dataclass(frozen=True)
class BookMilestone:
    """A milestone with its four dates; `area_id` None is the programme's own."""

    id: int
    area_id: int | None
    code: str
    name: str
    kind: str
    baseline_on: date | None
    approved_on: date | None
    forecast_on: date | None
    actual_on: date | None

    @property
    def expected_on(self) -> date | None:
        """The date that money follows: actual, else forecast, else approved, else baseline."""
        return self.actual_on or self.forecast_on or self.approved_on or self.baseline_on


@dataclass(frozen=True)
class BookItem:
    """A line of the business case; `ramp` in whole percentages of `full_year_pence` by year."""

    id: int
    code: str
    name: str
    area_id: int
    kind: str
    recurrence: str
    cashable: str
    milestone_id: int | None
    offset_months: int
    full_year_pence: int | None
    ramp: tuple[int, ...]

    @property
    def derives_forecast(self) -> bool:
        """True if the portal works the forecast out from the milestone's date."""
        return bool(self.ramp) and self.full_year_pence is not None


@dataclass(frozen=True)
class Book:
    """Everything that an alliance's shares are worked out from.

    `typed` are its amounts as records of AMOUNT_FIELDS: those that people gave, and the derived
    ones of closed years, which stay as they are. A book that was read for some areas only has in
    `typed_until` the last financial year with a typed amount in the others.
    """

    sharing: SharingInputs
    areas: Mapping[int, BookArea]
    milestones: Mapping[int, BookMilestone]
    items: Mapping[int, BookItem]
    typed: npt.NDArray[np.void]
    closed: frozenset[int]
    target_on: date | None
    typed_until: int | None = None

    # The same book with something else in it.

    def with_milestone(self, milestone_id: int, **dates: Any) -> Self:
        """With these of a milestone's dates."""
        changed = replace(self.milestones[milestone_id], **dates)
        return replace(self, milestones={**self.milestones, milestone_id: changed})

    def expecting(self, milestone_id: int, on: date) -> Self:
        """With the milestone expected on another day: reached on it, if it is reached already."""
        reached = self.milestones[milestone_id].actual_on
        return self.with_milestone(milestone_id, **{"actual_on" if reached else "forecast_on": on})

    def with_area(self, area_id: int, **facts: Any) -> Self:
        """With these of an area's facts."""
        return replace(self, areas={**self.areas, area_id: replace(self.areas[area_id], **facts)})

    def with_sharing(self, **changed: Any) -> Self:
        """With other forces, stays, rules or sizes."""
        return replace(self, sharing=replace(self.sharing, **changed, _known={}))

    def without_amounts(self, amount_ids: Collection[int]) -> Self:
        """Without these typed amounts."""
        gone = np.isin(self.typed["amount"], np.array(sorted(amount_ids), np.int64))
        return replace(self, typed=self.typed[~gone])

    # What follows from it.

    def typed_forecast(self, area_id: int, from_on: date) -> list[int]:
        """The ids of the area's typed forecast of open years, of periods that begin then or later."""
        items = np.array([pk for pk, item in self.items.items() if item.area_id == area_id])
        typed = self.typed[(self.typed["version"] == FORECAST) & (self.typed["derived"] == 0)]
        typed = typed[np.isin(typed["item"], items)]
        later = typed[typed["day"] >= (from_on - EPOCH).days]
        is_open = ~np.isin(financial_years(later["day"]), np.array(sorted(self.closed), np.int64))
        found: list[int] = later["amount"][is_open].tolist()
        return found

    @cached_property
    def worked(self) -> Worked:
        """The pools of every amount, closed years included, ready to be shared."""
        return work_out(self.sharing, self.lines)

    @cached_property
    def horizon(self) -> date:
        """The last day of recurring forecasts: of the target's year, or the last with a typed amount."""
        years = [self.typed_until] if self.typed_until is not None else []
        if self.target_on:
            years.append(financial_year_of(self.target_on))
        days = self.typed["day"][self.typed["derived"] == 0]
        if len(days):
            years.append(int(financial_years(days).max()))
        return last_day(max(years, default=1900))

    @cached_property
    def derived(self) -> npt.NDArray[np.void]:
        """What follows from dates in years that are open, as AMOUNT_FIELDS, numbered below zero."""
        rows: list[tuple[int, ...]] = []
        for item in self.items.values():
            start = self.milestones.get(item.milestone_id or 0)
            if start is None or not self.areas[item.area_id].has_forecast:
                continue
            months = derived_amounts(item, start.expected_on, self.horizon)
            rows += [
                (0, item.id, FORECAST, (month - EPOCH).days, 0, 0, 1, pence)
                for month, pence in months.items()
                if financial_year_of(month) not in self.closed
            ]
        found = amounts_of(rows)
        found["amount"] = -np.arange(1, len(found) + 1)
        return found

    @cached_property
    def lines(self) -> npt.NDArray[np.void]:
        """Every amount as `savings.inputs.read_lines` would read it, in its order."""
        amounts = np.concatenate([self.typed, self.derived])
        ids = np.array(sorted(self.items), np.int64)
        at = np.searchsorted(ids, amounts["item"])
        items = [self.items[pk] for pk in ids.tolist()]
        grant = _column(item.kind == "GRANT" for item in items)[at]
        lines = np.zeros(len(amounts), dtype=[(name, np.int64) for name in LINE_FIELDS])
        for name in ("amount", "item", "version", "day", "whole_year"):
            lines[name] = amounts[name]
        lines["area"] = _column(item.area_id for item in items)[at]
        lines["kind"] = _column(item.kind == "SAVING" for item in items)[at]
        lines["year"] = financial_years(amounts["day"])
        lines["bearer"] = self._places(amounts["bearer"])
        lines["grant"] = grant
        lines["pence"] = np.where(grant == 1, -amounts["pence"], amounts["pence"])
        by_code = sorted(self.items, key=lambda pk: self.items[pk].code)
        return in_natural_order(lines, by_code)

    def _places(self, force_ids: IntArray) -> IntArray:
        """Each force's place in the agreed order; -1 for nobody."""
        place = {0: -1, **{force.pk: force.position for force in self.sharing.forces}}
        return _column(place[pk] for pk in force_ids.tolist())


def amounts_of(rows: Iterable[tuple[int, ...]]) -> npt.NDArray[np.void]:
    """Records of AMOUNT_FIELDS."""
    return np.array(list(rows), dtype=[(name, np.int64) for name in AMOUNT_FIELDS])


def financial_years(days: IntArray) -> IntArray:
    """The financial year of each day, counted from EPOCH."""
    months = (np.datetime64(EPOCH) + days).astype("datetime64[M]").astype(np.int64)
    years: IntArray = 1970 + (months - 3) // 12
    return years


def _column(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)
