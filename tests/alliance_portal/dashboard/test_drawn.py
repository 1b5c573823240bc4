"""The charts' numbers are the dashboard's and the apportioned page's; their files are the charts'."""

import csv
import io
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance_portal.as_at.periods import Period
from alliance_portal.charts.chart import Chart
from alliance_portal.dashboard.drawn import charts
from alliance_portal.dashboard.selectors import Dashboard, dashboard
from programmes.models import Alliance
from savings import recompute
from savings.engine.periods import year_label
from savings.selectors.apportioned import apportioned
from savings.selectors.outturn import outturn_of
from tests import factories
from tests.alliance_portal.dashboard.test_same_figure import random_alliance
from tests.serving import load_samples

pytestmark = pytest.mark.django_db

SAMPLES = ("devon-cornwall-dorset", "east-midlands")
VERSIONS = {"Planned": "APPROVED", "Actual": "ACTUAL", "Outturn": "FORECAST"}


def drawn(alliance: Alliance) -> tuple[Dashboard, dict[str, Chart]]:
    shown = dashboard(alliance, Period.of("", alliance.today(date(2026, 11, 22))))
    return shown, {chart.name: chart for chart in charts(shown)}


def check(alliance: Alliance) -> None:
    """Every chart's table against what the other pages show of the same thing."""
    shown, found = drawn(alliance)
    tables = {
        (version, view): apportioned(
            alliance=alliance, version=version, view=view, year=None, today=shown.day
        )
        for version in VERSIONS.values()
        for view in ("saving", "cost")
    }
    check_cumulative(found["cumulative-savings"], shown, tables)
    check_by_force(found["costs-and-savings-by-force"], tables)
    check_slippage(found["slippage-priced"], shown, tables)
    check_burn_up(found["go-live-burn-up"], shown)


def check_cumulative(chart: Chart, shown: Dashboard, tables: dict[tuple[str, str], Any]) -> None:
    """At the end of every financial year each column is that version's years so far."""
    for column, each in enumerate(chart.series):
        years = {line.year: line.line.total for line in tables[VERSIONS[each.name], "saving"].years}
        if each.name == "Outturn":
            made = {line.year for line in tables["ACTUAL", "saving"].years}
            years = {
                year: outturn_of(shown.saved, year, shown.day).outturn or 0
                for year in {*years, *made}
            }
        last = [row for row in chart.rows if row.figures[column].value is not None][-1]
        assert last.figures[column].value == sum(years.values())
        for row in chart.rows:
            value = row.figures[column].value
            if row.on and (row.on.month, row.on.day) == (3, 31) and value is not None:
                assert value == sum(p for year, p in years.items() if year < row.on.year)


def check_by_force(chart: Chart, tables: dict[tuple[str, str], Any]) -> None:
    for column, view in enumerate(("cost", "saving")):
        table = tables["FORECAST", view]
        names = [force.short_name for force in table.forces]
        cells = {
            (name, year_label(line.year)): pence
            for line in table.years
            for name, pence in zip(names, line.line.by_force, strict=True)
            if pence is not None
        }
        mine = {
            (group.name, row.label): row.figures[column].value
            for group in chart.groups
            for row in group.rows
            if row.figures[column].value is not None
        }
        assert mine == cells


def check_slippage(chart: Chart, shown: Dashboard, tables: dict[tuple[str, str], Any]) -> None:
    if chart.empty:
        assert shown.sentence.gap is None
        return
    years = {line.year: line.line.total for line in tables["APPROVED", "saving"].years}
    assert chart.rows[0].figures[0].value == years[shown.sentence.year]
    assert chart.rows[-1].figures[0].value == shown.sentence.outturn
    assert sum(row.figures[0].value or 0 for row in chart.rows[:-1]) == shown.sentence.outturn


def check_burn_up(chart: Chart, shown: Dashboard) -> None:
    if chart.empty:
        return
    now = next(row for row in chart.rows if row.on == shown.day)
    heads = [each.name for each in chart.series]
    assert now.figures[heads.index("Actual")].value == shown.headline.live


def test_the_samples_charts_have_the_figures_of_the_other_pages():
    load_samples()

    for code in SAMPLES:
        check(Alliance.objects.get(code=code))


@pytest.mark.parametrize("seed", range(12))
def test_any_alliances_charts_have_the_figures_of_the_other_pages(seed):
    alliance = random_alliance(random.Random(seed))
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)

    check(alliance)


def test_the_samples_titles_say_what_their_data_show():
    load_samples()
    titles = [
        chart.title
        for code in SAMPLES
        for chart in drawn(Alliance.objects.get(code=code))[1].values()
    ]

    assert titles == [
        (
            "Savings by December 2017 are £1.0 million below plan, and are forecast to be "
            "£1.5 million below it by March 2023"
        ),
        "19 of 32 areas are live, as many as were due; the other 13 are forecast by July 2019",
        (
            "Savings for 2017 to 2018 are forecast £0.4 million below plan, £0.4 million of it from "
            "go-live dates later than first promised"
        ),
        "Costs are entered only up to 2019 to 2020; savings rise every year for every force",
        "Savings are forecast to reach £12 million by March 2020; £1.6 million is approved so far",
        "None of 17 areas is live, and none was due yet; all are forecast by March 2020",
        "Costs are highest in 2019 to 2020; savings rise every year for every force",
        "From plan to forecast, 2019 to 2020",
    ]


def test_an_alliance_without_areas_has_no_charts():
    assert drawn(factories.alliance())[1] == {}


def test_an_alliance_without_money_or_dates_has_four_calm_sentences():
    alliance = factories.alliance()
    factories.area(alliance=alliance)

    found = drawn(alliance)[1]

    assert len(found) == 4
    assert all(chart.empty and not chart.rows for chart in found.values())


def test_the_charts_take_no_query():
    alliance = factories.alliance()
    factories.area(alliance=alliance)
    shown = dashboard(alliance, Period.of("", date(2017, 12, 31)))

    with CaptureQueriesContext(connection) as queries:
        charts(shown)

    assert len(queries) == 0


@pytest.fixture
def officer(client: Client) -> Client:
    load_samples()
    client.force_login(factories.administrator())
    return client


def file_of(client: Client, code: str, name: str) -> list[list[str]]:
    answer = client.get(reverse("overview-chart-csv", args=[code, name]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{code}-{name}-" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_file_has_the_rows_of_its_chart_with_real_dates_and_pounds(officer):
    code = "devon-cornwall-dorset"
    _, found = drawn(Alliance.objects.get(code=code))

    for name, chart in found.items():
        head, *lines = file_of(officer, code, name)
        assert head == list(chart.columns)
        assert len(lines) == len(chart.rows)
        for line, row in zip(lines, chart.rows, strict=True):
            numbers = line[-len(row.figures) :]
            per_pound = 100 if chart.unit == "pence" else 1
            for written, figure in zip(numbers, row.figures, strict=True):
                value = Decimal(written) * per_pound if written else None
                assert value == figure.value
            if row.on:
                assert date.fromisoformat(line[0]) == row.on


def test_a_name_that_looks_like_a_formula_stays_text(officer):
    alliance = Alliance.objects.get(code="devon-cornwall-dorset")
    alliance.forces.filter(position=1).update(name="=HYPERLINK(1) Police")

    _, first, *_ = file_of(officer, alliance.code, "costs-and-savings-by-force")

    assert first[0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("name", ["no-such-chart", "slippage-priced"])
def test_a_chart_with_nothing_to_draw_has_no_file(officer, name):
    address = reverse("overview-chart-csv", args=["east-midlands", name])

    assert officer.get(address).status_code == 404


def test_a_stranger_gets_the_404_of_a_missing_alliance(client):
    alliance = factories.alliance()
    client.force_login(factories.role().user)
    address = reverse("overview-chart-csv", args=[alliance.code, "cumulative-savings"])

    assert client.get(address).status_code == 404
