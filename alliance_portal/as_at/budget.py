"""Rates budgets: the year's forecast against what is approved, area by area and for the programme."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from business_areas.models import Rating
from business_areas.statuses import Judgement
from savings.selectors.totals import Totals

_AMBER, _RED = Fraction(5, 100), Fraction(10, 100)


@dataclass(frozen=True)
class Plan:
    """A year's approved and forecast costs (net of grants) and savings, in pence; None if none."""

    cost_approved: int | None = None
    cost_forecast: int | None = None
    saving_approved: int | None = None
    saving_forecast: int | None = None


def plans(totals: Totals, year: int) -> dict[int, Plan]:
    """Each area's plan of a year."""
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    for (area_id, of_year, kind, version), pence in totals.items():
        if of_year == year and version != "ACTUAL":
            sums[area_id][f"{kind.lower()}_{version.lower()}"] = pence
    return {area_id: Plan(**found) for area_id, found in sums.items()}


def budget(plan: Plan, *, whose: str = "this year") -> Judgement:
    """Rates a plan by RULES[BUDGET]: the worse of costs above and savings below what is approved."""
    found = []
    if plan.cost_approved and plan.cost_approved > 0:
        over = Fraction((plan.cost_forecast or 0) - plan.cost_approved, plan.cost_approved)
        found.append((over, f"costs {_part(over, 'above', 'below')} approved"))
    if plan.saving_approved and plan.saving_approved > 0:
        short = Fraction(plan.saving_approved - (plan.saving_forecast or 0), plan.saving_approved)
        found.append((short, f"savings {_part(short, 'below', 'above')} approved"))
    if not found:
        return Judgement(Rating.NOT_RATED, f"Nothing is approved for {whose}.")
    why = "; ".join(words for _, words in found)
    return Judgement(_rating(max(part for part, _ in found)), f"{why[0].upper()}{why[1:]}.")


def together(plans: Iterable[Plan]) -> Plan:
    """The plans added up, each side only where it has an approved amount."""
    costs, savings = [], []
    for plan in plans:
        if plan.cost_approved:
            costs.append((plan.cost_approved, plan.cost_forecast or 0))
        if plan.saving_approved:
            savings.append((plan.saving_approved, plan.saving_forecast or 0))
    return Plan(
        cost_approved=sum(each for each, _ in costs) if costs else None,
        cost_forecast=sum(each for _, each in costs) if costs else None,
        saving_approved=sum(each for each, _ in savings) if savings else None,
        saving_forecast=sum(each for _, each in savings) if savings else None,
    )


def _rating(part: Fraction) -> Rating:
    if part >= _RED:
        return Rating.RED
    return Rating.AMBER if part > _AMBER else Rating.GREEN


def _part(part: Fraction, beyond: str, within: str) -> str:
    if part == 0:
        return "as"
    if part > 1:
        return "more than double what is"
    shown = f"{float(abs(part) * 100):.1f}"
    if shown == "0.0":
        return "as"
    return f"{shown}% {beyond if part > 0 else within}"
