"""The pages of settlement: the years, and a year as it comes out today."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from programmes import words
from programmes.csv_lines import Cell
from programmes.downloads import Download
from programmes.models import Alliance
from programmes.pages import InAlliance
from programmes.permissions import Action
from programmes.tables import about, table_file
from savings.engine.periods import (
    NotAPeriod,
    add_months,
    months_of,
    parse_period,
    year_label,
    year_slug,
)
from savings.models import Pool, Settlement, TrueUp
from savings.pages.settlement import files, journal
from savings.selectors.obstacles import obstacles
from savings.selectors.settlement import YearSettlement, host_of, settlement_of, year_settlement
from savings.settling.document import account_in, through_in
from savings.views import year_or_404

VERSIONS = {"forecast": "FORECAST"}


class Settlements(InAlliance, TemplateView):
    """The years that have anything to settle."""

    template_name = "savings/settlement/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The years, the last first, each with its newest version; and how they are paid."""
        alliance = self.standing.alliance
        proposed = Settlement.objects.filter(alliance=alliance).defer("document")
        newest = {each.year: each for each in reversed(proposed.select_related("proposed_by"))}
        years = sorted({*years_of(alliance), *newest}, reverse=True)
        return super().get_context_data(
            years=[(year, newest.get(year)) for year in years],
            host=host_of(alliance),
            may_choose=self.standing.may(Action.CHANGE_RULES),
            **kwargs,
        )


class SettlementOfYear(InAlliance, TemplateView):
    """Who bore, banked and is due what, and who pays whom; of a year, or of its months so far."""

    template_name = "savings/settlement/year.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The settlement as it comes out today; 404 for an address that is no year."""
        alliance, day = self.standing.alliance, self.standing.today
        found = asked_for(alliance, self.request, self.kwargs["year"])
        stops = () if found.is_forecast else obstacles(alliance, found, day)
        may_propose = not (found.is_forecast or stops) and self.standing.may(Action.SETTLE)
        return super().get_context_data(
            settlement=found,
            slug=year_slug(found.year),
            obstacles=stops,
            months=_months_to_choose(found.year, day),
            query=self.request.GET.urlencode(),
            versions=_versions(alliance, found.year),
            may_propose=may_propose,
            may_change=self.standing.may(Action.CHANGE_AMOUNTS),
            **kwargs,
        )


class NetBefore(InAlliance):
    """The address that “net to settle” had before it was part of the settlement."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The forecast's settlement of the same year."""
        place = reverse("money-settlement-year", args=[kwargs["code"], kwargs["year"]])
        return redirect(f"{place}?version=forecast", permanent=True)


class SettlementFile(Download):
    """A settlement as a file; `called` and `what` name it."""

    ending = "csv"
    called = ""
    what = ""
    columns: tuple[str, ...] = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its rows, from one moment of the database."""
        alliance = self.standing.alliance
        found = self.found(request)
        until = f" to {words.day(found.until)}" if found.until else ""
        version = "forecast" if found.is_forecast else "actual"
        return table_file(
            f"{alliance.code}-settlement-{self.called}-{year_slug(found.year)}{self._version()}",
            self.ending,
            self.called,
            self.columns,
            self.rows(found),
            about(
                alliance,
                self.standing.today,
                f"{self.what}, {year_label(found.year)}{until}, {version} amounts"
                f"{self._version().replace('-', ' ').replace(' version', ', version')}",
            ),
        )

    def _version(self) -> str:
        number = self.kwargs.get("number")
        return f"-version-{number}" if number else ""

    def found(self, request: HttpRequest) -> YearSettlement:
        """What the address asks for: a version as it was proposed, or the year as it comes out now."""
        alliance, number = self.standing.alliance, self.kwargs.get("number")
        if number is None:
            return asked_for(alliance, request, self.kwargs["year"])
        year = year_or_404(self.kwargs["year"])
        row = get_object_or_404(Settlement, alliance=alliance, year=year, number=number)
        of = account_in(row.document)
        return settlement_of(of, through=through_in(row.document, of.forces))

    def rows(self, found: YearSettlement) -> Iterable[Sequence[Cell]]:
        """What stands in it."""
        raise NotImplementedError


class ByArea(SettlementFile):
    """Each force area by area, as on the page."""

    called, what, columns = "by-area", "Net to settle by business area", files.COLUMNS

    def rows(self, found: YearSettlement) -> Iterable[Sequence[Cell]]:
        """The page's."""
        return files.rows_of(found)


class Journal(SettlementFile):
    """The settlement as a journal that a finance system imports."""

    called, what, columns = "journal", "Settlement journal", journal.COLUMNS

    def rows(self, found: YearSettlement) -> Iterable[Sequence[Cell]]:
        """Balanced for each force; 404 while the settlement does not come out whole."""
        if not found.is_whole:
            raise Http404("The settlement has no journal while anything is not shared or nameless.")
        return journal.rows_of(found)


def asked_for(alliance: Alliance, request: HttpRequest, slug: str) -> YearSettlement:
    """The settlement that the address asks for: by `version` forecast, or `to` the end of a month."""
    year = year_or_404(slug)
    version = VERSIONS.get(request.GET.get("version", ""), "ACTUAL")
    until = last_day_asked_for(year, request.GET.get("to", ""))
    return year_settlement(alliance, year, version, until=until)


def last_day_asked_for(year: int, month: str) -> date | None:
    """The end of a month such as 2016-12 in the year; None for the whole year, or what is no such month."""
    try:
        period = parse_period(month)
    except NotAPeriod:
        return None
    months = months_of(year)[:-1]
    if period.whole_year or period.starts_on not in months:
        return None
    return add_months(period.starts_on, 1) - timedelta(days=1)


def _months_to_choose(year: int, day: date) -> list[tuple[str, str]]:
    """The months to whose end the year can be settled, with their names."""
    ends = [each for each in months_of(year)[:-1] if add_months(each, 1) <= day + timedelta(days=1)]
    return [(f"{each:%Y-%m}", words.month(each)) for each in ends]


def _versions(alliance: Alliance, year: int) -> list[Settlement]:
    """The year's versions without what they say, the newest first. One query."""
    found = Settlement.objects.filter(alliance=alliance, year=year).defer("document")
    return list(found.select_related("proposed_by"))


def years_of(alliance: Alliance) -> list[int]:
    """The financial years with any actual money or adjustment, the last first. One query."""
    posted = TrueUp.objects.filter(alliance=alliance).order_by().values_list("posted_in_year")
    money = Pool.objects.filter(alliance=alliance, version="ACTUAL").order_by()
    found = money.values_list("year").union(posted)
    return sorted({year for (year,) in found}, reverse=True)
