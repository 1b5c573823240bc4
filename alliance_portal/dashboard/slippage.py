"""What go-live dates do to the forecast: this year's slippage, and a moved date by force and year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from business_areas.models import Milestone
from savings.engine.apportion import apportion
from savings.engine.periods import financial_year_of, last_day
from savings.forecasts import derived_amounts
from savings.models import Item

Months = Mapping[tuple[int, str, date], int]  # (area, kind of pool, month): pence


@dataclass(frozen=True)
class YearEffect:
    """What a move does to each force in one year: pence by force number, above zero a gain."""

    year: int
    by_force: Mapping[int, int]


class Ramps:
    """The items whose forecast follows a milestone, read once; each move is worked out once. One query."""

    def __init__(self, milestone_ids: Iterable[int], until: date) -> None:
        self.until = until
        self.by_milestone: dict[int, list[Item]] = defaultdict(list)
        self._worked_out: dict[tuple[int, date | None, date | None], Months] = {}
        wanted = list(milestone_ids)
        if wanted:
            for item in Item.objects.filter(milestone__in=wanted).exclude(ramp=[]):
                if item.milestone_id is not None and item.derives_forecast:
                    self.by_milestone[item.milestone_id].append(item)

    def months(self, milestone: Milestone, before: date | None, after: date | None) -> "Months":
        """What the move adds to each month's forecast, in pence, by area, kind of pool and month."""
        move = (milestone.pk, before, after)
        if move not in self._worked_out:
            self._worked_out[move] = self._work_out(milestone, before, after)
        return self._worked_out[move]

    def _work_out(self, milestone: Milestone, before: date | None, after: date | None) -> "Months":
        moved: dict[tuple[int, str, date], int] = defaultdict(int)
        for item in self.by_milestone.get(milestone.pk, ()):
            kind = "SAVING" if item.kind == Item.Kind.SAVING else "COST"
            sign = -1 if item.kind == Item.Kind.GRANT else 1
            for when, times in ((before, -1), (after, 1)):
                for month, pence in derived_amounts(item, when, self.until).items():
                    moved[item.area_id, kind, month] += times * sign * pence
        return {where: pence for where, pence in moved.items() if pence}


def horizon_of(years: Iterable[int], target_on: date | None) -> date:
    """The last day of derived forecasts, from the years that have money: see savings.forecasts."""
    target = [financial_year_of(target_on)] if target_on else []
    return last_day(max([*years, *target], default=1900))


def slipped(milestones: Iterable[Milestone], ramps: Ramps, year: int) -> int:
    """What dates that differ from the approved ones add to the year's forecast savings, in pence."""
    return sum(
        pence
        for milestone in milestones
        for (_, kind, month), pence in ramps.months(
            milestone, milestone.approved_on, milestone.expected_on
        ).items()
        if kind == "SAVING" and financial_year_of(month) == year
    )


# Every ratio's parts once, then which ratio each pool is divided by: pools are many, ratios few.
_RATIOS = """
    WITH pool AS (
        SELECT DISTINCT ON (area_id, year, kind, starts_on) area_id, year, kind, starts_on, ratio_id
          FROM savings_pool
         WHERE area_id = ANY(%s) AND version IN ('FORECAST', 'APPROVED') AND ratio_id IS NOT NULL
         ORDER BY area_id, year, kind, starts_on, version DESC
    )
    SELECT ratio_id, force_id, weight, NULL::bigint, NULL::smallint, NULL, NULL::date, position
      FROM savings_ratiopart WHERE ratio_id IN (SELECT ratio_id FROM pool)
    UNION ALL
    SELECT ratio_id, NULL, NULL, area_id, year, kind, starts_on, NULL FROM pool
     ORDER BY 8 NULLS LAST, 7
"""


class Ratios:
    """The ratios that divide these areas' forecasts. One query, none for no area."""

    def __init__(self, area_ids: Sequence[int]) -> None:
        self._found: dict[tuple[int, int, str], dict[date, Mapping[int, int]]] = {}
        if not area_ids:
            return
        parts: dict[int, dict[int, int]] = defaultdict(dict)
        with connection.cursor() as cursor:
            cursor.execute(_RATIOS, [list(area_ids)])
            for ratio_id, force_id, weight, area_id, year, kind, starts_on, _ in cursor:
                if force_id is not None:
                    parts[ratio_id][force_id] = int(weight)
                    continue
                for of_kind in (kind, "ANY"):
                    starts = self._found.setdefault((area_id, year, of_kind), {})
                    starts[starts_on] = parts[ratio_id]

    def on(self, area_id: int, kind: str, month: date) -> Mapping[int, int] | None:
        """The weights by force that divide this month's money; None if none is known for the year."""
        year = financial_year_of(month)
        starts = self._found.get((area_id, year, kind)) or self._found.get((area_id, year, "ANY"))
        if not starts:
            return None
        begun = [each for each in starts if each <= month]
        return starts[max(begun) if begun else min(starts)]


def effects(months: Months, ratios: Ratios) -> list[YearEffect]:
    """What months' changes come to for each force in each year, shared as the year's pools are.

    Each year's sum is divided once per ratio and kind, so it is exact in total and within a penny
    a pool of what will be stored. Years without a ratio are left out.
    """
    sums: dict[int, dict[tuple[tuple[int, int], ...], int]] = defaultdict(lambda: defaultdict(int))
    for (area_id, kind, month), pence in months.items():
        weights = ratios.on(area_id, kind, month)
        if weights:
            gain = pence if kind == "SAVING" else -pence
            sums[financial_year_of(month)][tuple(weights.items())] += gain
    found = []
    for year in sorted(sums):
        by_force: dict[int, int] = defaultdict(int)
        for parts, pence in sums[year].items():
            for (force_id, _), share in zip(
                parts, apportion(pence, [weight for _, weight in parts]), strict=True
            ):
                by_force[force_id] += share
        if any(by_force.values()):
            found.append(YearEffect(year, dict(by_force)))
    return found
