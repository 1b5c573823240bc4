"""The pages that show months' ends: those of a year, and one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.engine.periods import (
    NotAPeriod,
    financial_year_of,
    months_of,
    parse_period,
    parse_year,
)
from savings.models import MonthLock
from savings.month_end.document import MonthTotals, month_totals
from savings.month_end.expected import Counted, Stands, by_area, expected_of, expected_of_year
from savings.selectors.items import item_years


def month_or_404(slug: str) -> date:
    """The first day of an address's month, such as 2017-12. Raises Http404."""
    try:
        period = parse_period(slug)
    except NotAPeriod as problem:
        raise Http404(str(problem)) from problem
    return period.starts_on


def slug_of(month: date) -> str:
    """The month as an address has it."""
    return f"{month:%Y-%m}"


@dataclass(frozen=True)
class MonthRow:
    """A month of the list: how its items stand, and its lock if it has one."""

    month: date
    counted: Counted
    lock: MonthLock | None

    @property
    def slug(self) -> str:
        """As its address has it."""
        return slug_of(self.month)


class Months(InAlliance, TemplateView):
    """The months of a financial year that have begun: what is in, what is not, what is locked."""

    template_name = "savings/month_end/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The year that is asked for, else that of the day, or the last before it with amounts."""
        alliance, day = self.standing.alliance, self.standing.today
        years = [year for year in item_years(alliance) if year <= financial_year_of(day)]
        year = self._year(years)
        rows = expected_of_year(alliance, year, day) if year is not None else {}
        locks = MonthLock.objects.filter(alliance=alliance, unlocked_at=None)
        locked = {lock.month: lock for lock in locks.select_related("locked_by")}
        months = months_of(year) if year is not None else []
        found = [
            MonthRow(month, Counted.of(rows.get(month, ())), locked.get(month))
            for month in months
            if month <= day
        ]
        return super().get_context_data(year=year, years=years, months=found, **kwargs)

    def _year(self, years: list[int]) -> int | None:
        try:
            asked = parse_year(self.request.GET.get("year", ""))
        except NotAPeriod:
            asked = None
        return asked if asked in years else max(years, default=None)


class MonthPage(InAlliance, TemplateView):
    """A month: its actual amounts by area and owner, what is missing, and its lock."""

    template_name = "savings/month_end/month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How it stands; its totals as they were locked, or as they are."""
        alliance, month = self.standing.alliance, month_or_404(self.kwargs["month"])
        rows = expected_of(alliance, month, self.standing.today)
        names = ("locked_by", "unlocked_by")
        of_month = MonthLock.objects.filter(alliance=alliance, month=month)
        locks = list(of_month.select_related(*names))
        lock = next((each for each in locks if each.unlocked_at is None), None)
        year, counted = financial_year_of(month), Counted.of(rows)
        totals = (
            MonthTotals.of(lock.snapshot) if lock else month_totals(alliance, month, year, counted)
        )
        here = {
            "month": month,
            "slug": slug_of(month),
            "year": year,
            "areas": by_area(rows),
            "counted": counted,
            "missing": [row for row in rows if row.stands is Stands.MISSING],
            "lock": lock,
            "locks": locks,
            "totals": totals,
            "may_change": self.standing.may(Action.CHANGE_AMOUNTS),
        }
        return super().get_context_data(**{**kwargs, **here})
