"""The page of variances: of a month, and one way of measuring at a time."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.views.generic import TemplateView

from programmes.models import Alliance
from programmes.pages import InAlliance
from programmes.permissions import Action
from savings.engine.periods import (
    NotAPeriod,
    add_months,
    financial_year_of,
    months_of,
    parse_period,
)
from savings.explain import TooLarge, check_size
from savings.models import Amount
from savings.moments import NotAMoment, moment_of
from savings.pages.month_end.views import slug_of
from savings.variances.figures import (
    FLOOR_PENCE,
    PER_CENT,
    Amounts,
    Measure,
    amounts_then,
    totals,
    variances,
)


class Variances(InAlliance, TemplateView):
    """Costs and savings that are off, area by area, recurring apart from one-off."""

    template_name = "savings/variances/variances.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The variances of the month and measure that are asked for."""
        alliance, day = self.standing.alliance, self.standing.today
        month, measure = self._month(alliance, day), self._measure()
        then, stood = self._then(alliance, month, measure)
        rows = variances(alliance, month, measure, day, then)
        large = [row for row in rows if row.is_large]
        return super().get_context_data(
            month=month,
            slug=slug_of(month),
            year=financial_year_of(month),
            months=self._months(month, day),
            measure=measure,
            measures=list(Measure),
            rows=rows,
            totals=totals(rows),
            large=large,
            unexplained=[row for row in large if row.is_unexplained],
            stood=stood,
            per_cent=PER_CENT,
            floor=FLOOR_PENCE,
            may_change=self.standing.may(Action.CHANGE_AMOUNTS),
            **kwargs,
        )

    def _month(self, alliance: Alliance, day: date) -> date:
        """The month that the address asks for, else the last of which an actual is in."""
        try:
            asked = parse_period(self.request.GET.get("month", "")).starts_on
        except NotAPeriod:
            asked = None
        if asked and asked <= day:
            return asked
        made = Amount.objects.filter(
            alliance=alliance, version="ACTUAL", whole_year=False, starts_on__lte=day
        )
        last: date | None = made.aggregate(Max("starts_on"))["starts_on__max"]
        return last or day.replace(day=1)

    def _months(self, month: date, day: date) -> list[tuple[date, str]]:
        """The months of its year that have begun, each with its address's part."""
        year = months_of(financial_year_of(month))
        return [(each, slug_of(each)) for each in year if each <= day]

    def _measure(self) -> Measure:
        asked = self.request.GET.get("measure", "")
        return next((each for each in Measure if each.slug == asked), Measure.YEAR)

    def _then(
        self, alliance: Alliance, month: date, measure: Measure
    ) -> tuple[Amounts | None, str]:
        """The amounts at the end of the month before, if they are measured against, and a sentence."""
        if measure is not Measure.FORECAST:
            return None, ""
        before = add_months(month, 0) - timedelta(days=1)
        try:
            moment = moment_of(alliance, before.isoformat(), self.standing.today)
            check_size(alliance)
        except NotAMoment as problem:
            return None, str(problem)
        except TooLarge:
            return (
                None,
                "This alliance has more amounts than a page can work through as they stood.",
            )
        said = moment.note or f"The forecast is the outturn as it stood at {moment.words}."
        return amounts_then(alliance, financial_year_of(month), moment.at), said
