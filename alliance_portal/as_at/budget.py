"""Rates budgets: the year's forecast against what is approved, area by area and for the programme."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from business_areas.models import Rating
from business_areas.statuses import Judgement
from programmes.words import pounds_short
from savings.selectors.totals import Totals, read_costs

_AMBER, _RED = Fraction(5, 100), Fraction(10, 100)
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Against:
    """What is forecast of one thing against what is approved of it, in pence; None if none is."""

    approved: int | None = None
    forecast: int | None = None

    @property
    def is_rated(self) -> bool:
        """Whether there is anything approved to measure by."""
        return self.approved is not None and self.approved > 0

    @property
    def over(self) -> int:
        """Pence above what is approved; below zero if under."""
        return (self.forecast or 0) - (self.approved or 0)

    @property
    def part(self) -> Fraction:
        """The same as a part of what is approved; only where it is rated."""
        return Fraction(self.over, self.approved or 1)


@dataclass(frozen=True)
class Plan:
    """A year's costs to set up and to run, both before grants, and its savings."""

    setting_up: Against = Against()
    running: Against = Against()
    savings: Against = Against()


@dataclass(frozen=True)
class Part:
    """One thing that a budget is rated by: what it is called, its pence, and how it is rated."""

    name: str
    kind: str  # as the money page's address says it
    against: Against
    rating: Rating

    @property
    def by_version(self) -> tuple[tuple[str, int | None], ...]:
        """What is approved of it and what is forecast, in pence, as the money page's address says it."""
        return ("approved", self.against.approved), ("forecast", self.against.forecast)


_PARTS = {"ONE_OFF": "setting_up", "RECURRING": "running"}
_NAMES = {"setting_up": "set-up cost", "running": "running cost", "savings": "savings"}


def read_plans(
    years: Mapping[int, int], totals: Mapping[int, Totals]
) -> dict[int, dict[int, Plan]]:
    """Each area's plan of the year given for its alliance, by alliance and area. One query.

    `years` and `totals` are by alliance.
    """
    costs = read_costs(years)
    found = {}
    for alliance_id, year in years.items():
        sums: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for (area_id, recurrence, version), pence in costs.get(alliance_id, {}).items():
            sums[area_id][_PARTS[recurrence]][version.lower()] = pence
        for (area_id, of_year, kind, version), pence in totals.get(alliance_id, {}).items():
            if of_year == year and kind == "SAVING" and version != "ACTUAL":
                sums[area_id]["savings"][version.lower()] = pence
        found[alliance_id] = {
            area_id: Plan(**{name: Against(**part) for name, part in parts.items()})
            for area_id, parts in sums.items()
        }
    return found


def read_plans_of(alliance_id: int, totals: Totals, year: int) -> dict[int, Plan]:
    """Each area's plan of one alliance's year. One query."""
    return read_plans({alliance_id: year}, {alliance_id: totals})[alliance_id]


def budget(plan: Plan, *, whose: str = "this year") -> Judgement:
    """Rates a plan by RULES[BUDGET]: the worst of what it costs to set up and to run, and of savings."""
    rated = [each for each in parts_of(plan) if each.rating != Rating.NOT_RATED]
    if not rated:
        return Judgement(Rating.NOT_RATED, f"Nothing is approved for {whose}.")
    why = "; ".join(f"{each.name} {_difference(each.against)}" for each in rated)
    ratings = {each.rating for each in rated}
    worst = next(each for each in (Rating.RED, Rating.AMBER, Rating.GREEN) if each in ratings)
    return Judgement(worst, f"Forecast {why}.")


def parts_of(plan: Plan) -> tuple[Part, ...]:
    """What a plan is rated by, in its order; what has neither plan nor forecast is left out."""
    found = ((name, called, getattr(plan, name)) for name, called in _NAMES.items())
    return tuple(
        Part(called, "saving" if name == "savings" else "cost", against, _rating(name, against))
        for name, called, against in found
        if against != Against()
    )


def together(plans: Iterable[Plan]) -> Plan:
    """The plans added up: all costs, approved or not; savings only of areas that have a plan of them.

    A cost that nobody approved is above plan; a saving that nobody planned makes up for no shortfall.
    """
    plans = list(plans)
    return Plan(
        setting_up=_added([each.setting_up for each in plans]),
        running=_added([each.running for each in plans]),
        savings=_added([each.savings for each in plans if each.savings.is_rated]),
    )


def _added(parts: list[Against]) -> Against:
    approved = [each.approved for each in parts if each.approved is not None]
    forecast = [each.forecast for each in parts if each.forecast is not None]
    return Against(sum(approved) if approved else None, sum(forecast) if forecast else None)


def _rating(name: str, against: Against) -> Rating:
    if not against.is_rated:
        return Rating.NOT_RATED
    return _of_savings(against) if name == "savings" else _of_costs(against)


def _of_costs(costs: Against) -> Rating:
    """Too much is amber or red; far too little is amber: what was approved is not being spent."""
    if costs.part >= _RED:
        return Rating.RED
    return Rating.AMBER if costs.part > _AMBER or costs.part < -_RED else Rating.GREEN


def _of_savings(savings: Against) -> Rating:
    if savings.part <= -_RED:
        return Rating.RED
    return Rating.AMBER if savings.part < -_AMBER else Rating.GREEN


def _difference(against: Against) -> str:
    """“12.1% above approved, by £299,911”; “as approved” where a digit after the point shows none."""
    if against.over == 0:
        return "as approved"
    by = (
        f"{'above' if against.over > 0 else 'below'} approved, by {pounds_short(abs(against.over))}"
    )
    if against.part > 1:
        return f"more than double what is approved, by {pounds_short(against.over)}"
    return f"{_percent(abs(against.part))} {by}"


def _percent(part: Fraction) -> str:
    """To one decimal; to as many more as it takes to tell it from a limit, or from nothing."""
    exact = part * 100
    for places in range(1, _MOST_DIGITS):
        shown = Fraction(round(exact * 10**places), 10**places)
        if shown == exact or shown not in (0, _AMBER * 100, _RED * 100):
            break
    return f"{float(shown):.{places}f}%"
