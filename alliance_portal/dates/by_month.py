"""The by-month pages: due in these months, and was due and has moved; everything in the address."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from alliance_portal.dates.due import Due, Months, by_month
from alliance_portal.dates.forms import MonthsForm
from alliance_portal.dates.milestone import milestone_url
from programmes.csv_lines import Cell
from programmes.downloads import Download
from programmes.pages import InAlliance
from programmes.paging import part_of
from programmes.tables import csv_file
from savings.engine.periods import add_months

_TABS = ("due", "moved")
_COLUMNS = (
    *("Business area", "Milestone", "Original baseline", "Approved", "Was due", "Forecast"),
    *("Actual", "State", "Moved", "Reason", "Details", "Changed by", "Changed on"),
)


class InMonths(InAlliance):
    """A page of a range of months: `first` and `last` of the address, or the month of today."""

    def read(self) -> tuple[MonthsForm, Months]:
        """The form as it was filled in, and the months to show; this month while it has errors."""
        today = self.standing.alliance.today(timezone.localdate())
        this = today.replace(day=1)
        given = self.request.GET
        if not (given.get("first") or given.get("last")):
            month = f"{this:%Y-%m}"
            return MonthsForm(initial={"first": month, "last": month}), Months(this, this)
        first = given.get("first") or given.get("last")
        form = MonthsForm({"first": first, "last": given.get("last") or first})
        if not form.is_valid():
            return form, Months(this, this)
        return form, Months(*(_first_day(form.cleaned_data[name]) for name in ("first", "last")))

    @property
    def tab(self) -> str:
        """Which of the two lists."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in _TABS else _TABS[0]


class DatesByMonth(InMonths, TemplateView):
    """What is due in the months; on a second tab, what was due in them and has moved."""

    template_name = "dates/by_month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both lists, because each tab says how many it holds."""
        alliance = self.standing.alliance
        form, months = self.read()
        found = by_month(alliance, months, alliance.today(timezone.localdate()))
        every = found.due if self.tab == "due" else found.moved
        part = part_of(every, self.request.GET.get("page", ""))
        return super().get_context_data(
            form=form,
            found=found,
            tab=self.tab,
            part=part,
            query=f"{months.query}&tab={self.tab}",
            rows=[
                (one, milestone_url(one.milestone, "change", code=alliance.code))
                for one in part.rows
            ],
            choices=_choices(months, found.span),
            earlier=months.moved(-1) if months.first.year > 1900 else None,
            later=months.moved(1) if months.last.year < 2100 else None,
            **kwargs,
        )


class DatesFile(InMonths, Download):
    """The list of the chosen tab as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One line a milestone, in the page's order."""
        alliance = self.standing.alliance
        _, months = self.read()
        found = by_month(alliance, months, alliance.today(timezone.localdate()))
        rows = found.due if self.tab == "due" else found.moved
        name = f"{alliance.code}-dates-{self.tab}-{months.first:%Y-%m}-to-{months.last:%Y-%m}.csv"
        return csv_file(name, _COLUMNS, [_line(one) for one in rows])


def _choices(months: Months, span: Months) -> list[tuple[str, str]]:
    """Every month that has a date, and those that are shown, to choose from."""
    first, last = min(months.first, span.first), max(months.last, span.last)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    every = (add_months(first, number) for number in range(count))
    return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in every]


def _line(one: Due) -> list[Cell]:
    milestone, move = one.milestone, one.move
    made = move.change if move else None
    return [
        milestone.area.name if milestone.area else "The programme",
        milestone.name,
        milestone.baseline_on,
        milestone.approved_on,
        one.was_on,
        milestone.forecast_on,
        milestone.actual_on,
        one.state,
        one.moved or one.slippage,
        move.reason if move else "",
        made.details if made else "",
        str(made.made_by or "") if made else "",
        timezone.localtime(made.made_at).date() if made else None,
    ]


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
