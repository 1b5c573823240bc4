"""The sample alliances: their facts, their published totals, and everything that makes them rich."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from alliance_portal.workbook.reading import read
from alliance_portal.workbook.sheets import COLUMNS, AmountRow, ItemRow, SharingRuleRow, Workbook
from savings.engine.periods import add_months
from savings.engine.ramp import monthly_forecast

SAMPLES = Path(__file__).resolve().parents[2] / "alliance_portal" / "samples"
OFFICERS = "Police officers (FTE)"
CODES = ("devon-cornwall-dorset", "east-midlands")


def workbook(code: str) -> Workbook:
    result = read(SAMPLES / code)
    assert not result.problems, [str(problem) for problem in result.problems]
    return result.workbook


@pytest.fixture(scope="module")
def western() -> Workbook:
    return workbook("devon-cornwall-dorset")


@pytest.fixture(scope="module")
def midlands() -> Workbook:
    return workbook("east-midlands")


@pytest.fixture(scope="module", params=CODES)
def either(request: pytest.FixtureRequest) -> Workbook:
    return workbook(request.param)


def typed_savings(book: Workbook, version: str, year: int) -> int:
    savings = {item.code for item in book.items if item.kind == "SAVING"}
    return sum(
        amount.pence or 0
        for amount in book.amounts
        if amount.item in savings and amount.version == version and amount.period.year == year
    )


def derived_savings(book: Workbook, year: int, which: str = "forecast_on") -> int:
    """What the go-live dates, full-year values and ramps make of the year, in pence."""
    dates = {
        milestone.code: (which == "forecast_on" and milestone.actual_on)
        or getattr(milestone, which)
        or milestone.baseline_on
        for milestone in book.milestones
    }
    return sum(
        pence
        for item in book.items
        if item.ramp
        for month, pence in monthly_forecast(
            full_year_pence=item.full_year_pence,
            ramp=item.ramp,
            starts_on=add_months(dates[item.milestone], item.offset_months or 0),
            until=date(2023, 3, 31),
        )
        if (month.year - (month.month < 4)) == year
    )


def rules_of(book: Workbook, area: str) -> list[SharingRuleRow]:
    return [rule for rule in book.sharing_rules if rule.area == area]


def items_of(book: Workbook, kind: str) -> dict[str, ItemRow]:
    return {item.code: item for item in book.items if item.kind == kind}


def months(amounts: Iterable[AmountRow]) -> list[AmountRow]:
    return [amount for amount in amounts if not amount.period.whole_year]


@pytest.mark.parametrize("code", CODES)
def test_every_sheet_is_there_with_every_column_and_unix_line_ends(code: str) -> None:
    for sheet, columns in COLUMNS.items():
        raw = (SAMPLES / code / f"{sheet}.csv").read_bytes()

        assert b"\r" not in raw
        assert raw.decode().splitlines()[0].split(",") == [column.header for column in columns]


class TestDevonAndCornwallWithDorset:
    def test_the_published_dates_and_budgets_are_kept(self, western: Workbook) -> None:
        alliance = western.alliance[0]

        assert alliance.held_on == date(2017, 12, 31)
        assert (alliance.explored_on, alliance.agreed_on) == (date(2013, 12, 1), date(2015, 3, 1))
        assert alliance.total_budget_pence == 396_000_000_00
        assert alliance.in_scope_budget_pence == 145_000_000_00

    def test_the_areas_budgets_add_up_to_the_published_145_million(self, western: Workbook) -> None:
        budgets = [area.in_scope_budget_pence or 0 for area in western.business_areas]

        assert len(budgets) == 32
        assert sum(budgets) == 145_000_000_00

    def test_nineteen_areas_are_live_and_two_of_them_have_no_invented_name(
        self, western: Workbook
    ) -> None:
        live = [area for area in western.business_areas if area.stage == "LIVE"]
        categories = Counter(area.category for area in live if "not named" not in area.name)

        assert len(live) == 19
        assert sum("not named in the source" in area.name for area in live) == 2
        assert categories == {"BUSINESS_SUPPORT": 9, "OPERATIONAL_POLICING": 8}

    def test_the_first_live_areas_are_those_of_april_2016(self, western: Workbook) -> None:
        first = {
            milestone.area
            for milestone in western.milestones
            if milestone.kind == "GO_LIVE" and milestone.actual_on == date(2016, 4, 1)
        }

        assert first == {"administrative-services", "finance"}

    def test_twenty_two_areas_are_due_live_by_october_2018(self, western: Workbook) -> None:
        due = [
            milestone
            for milestone in western.milestones
            if milestone.kind == "GO_LIVE" and milestone.forecast_on <= date(2018, 10, 31)
        ]

        assert len(due) == 22

    def test_areas_not_yet_live_say_that_their_name_is_illustrative(
        self, western: Workbook
    ) -> None:
        for area in western.business_areas:
            if area.stage != "LIVE":
                assert "name is illustrative" in area.summary

    def test_shared_teams_hold_more_than_1200_people_since_the_last_go_live(
        self, western: Workbook
    ) -> None:
        live = {area.code for area in western.business_areas if area.stage == "LIVE"}
        latest = {
            (row.area, row.force): row.shared_fte
            for row in sorted(western.staffing, key=lambda row: row.as_at)
            if row.area in live
        }

        assert sum(latest.values()) == Decimal("1214.00")

    def test_sizes_stop_at_the_count_before_the_date_held(self, western: Workbook) -> None:
        assert max(row.effective_on for row in western.force_sizes) == date(2017, 9, 30)

    def test_a_restated_size_keeps_an_earlier_one_that_is_marked_illustrative(
        self, western: Workbook
    ) -> None:
        releases = [
            row
            for row in western.force_sizes
            if (row.force, row.effective_on) == ("dorset", date(2015, 9, 30))
        ]

        assert [row.value for row in releases] == [Decimal("1236.10"), Decimal("1238.3")]
        assert "Illustrative" in releases[0].source
        assert "restated" in releases[1].source

    def test_one_area_has_its_own_rule_and_one_rule_changes_in_mid_year(
        self, western: Workbook
    ) -> None:
        assert [(rule.force, rule.percent) for rule in rules_of(western, "ict")] == [
            ("devon-cornwall", 70),
            ("dorset", 30),
        ]
        assert {rule.effective_on for rule in rules_of(western, "roads-policing")} == {
            date(2017, 10, 1)
        }

    def test_one_force_joins_an_area_late(self, western: Workbook) -> None:
        joined = [(row.area, row.force, row.joined_on) for row in western.area_members]

        assert ("driver-training", "dorset", date(2019, 1, 1)) in joined

    def test_savings_reach_the_published_12_million_in_2022_and_6_million_in_2017(
        self, western: Workbook
    ) -> None:
        forecast = {
            year: typed_savings(western, "FORECAST", year) + derived_savings(western, year)
            for year in (2017, 2022)
        }

        assert forecast[2022] == typed_savings(western, "APPROVED", 2022) == 12_000_000_00
        assert 605_000_000 <= forecast[2017] <= 615_000_000
        assert 645_000_000 <= typed_savings(western, "APPROVED", 2017) <= 655_000_000

    def test_most_of_what_is_missing_this_year_is_slipped_dates(self, western: Workbook) -> None:
        slipped = derived_savings(western, 2017, "approved_on") - derived_savings(western, 2017)

        assert 25_000_000 <= slipped <= 35_000_000

    def test_four_of_the_thirteen_areas_to_come_are_more_than_thirty_days_late(
        self, western: Workbook
    ) -> None:
        late = {
            milestone.area
            for milestone in western.milestones
            if milestone.kind == "GO_LIVE" and not milestone.actual_on and milestone.approved_on
            if (milestone.forecast_on - milestone.approved_on).days > 30
        }

        assert late == {"estates", "training", "property-stores", "custody-support"}


class TestTheEastMidlands:
    def test_nothing_is_live_and_two_gates_are_passed(self, midlands: Workbook) -> None:
        passed = [gate.code for gate in midlands.gates if gate.decided_on]

        assert midlands.alliance[0].held_on == date(2016, 3, 31)
        assert not [area for area in midlands.business_areas if area.stage == "LIVE"]
        assert not [m for m in midlands.milestones if m.kind == "GO_LIVE" and m.actual_on]
        assert passed == ["explore", "proof-of-concept"]

    def test_the_proof_of_concept_was_viable_three_ways(self, midlands: Workbook) -> None:
        gate = next(gate for gate in midlands.gates if gate.code == "proof-of-concept")

        assert {gate.operational, gate.financial, gate.political} == {"Viable"}
        assert gate.decided_on == date(2015, 12, 1)

    def test_sizes_are_only_those_published_by_then(self, midlands: Workbook) -> None:
        assert max(row.effective_on for row in midlands.force_sizes) == date(2015, 9, 30)

    def test_no_size_is_a_suspect_mid_year_population(self, midlands: Workbook) -> None:
        populations = [row for row in midlands.force_sizes if row.measure == "Population"]

        assert {row.effective_on for row in populations} == {date(2011, 3, 27)}

    def test_one_area_is_shared_by_two_of_the_three_forces(self, midlands: Workbook) -> None:
        forces = [row.force for row in midlands.area_members if row.area == "rural-crime-support"]

        assert forces == ["leicestershire", "northamptonshire"]

    def test_rules_are_equal_by_period_and_exact_too(self, midlands: Workbook) -> None:
        rules = midlands.sharing_rules

        assert {rule.method for rule in rules} == {"SIZE", "EQUAL"}
        assert {rule.sizes_as_at for rule in rules} == {"YEAR", "PERIOD"}
        assert len(rules_of(midlands, "ict")) == 2


class TestBoth:
    def test_pages_are_told_what_is_illustrative(self, either: Workbook) -> None:
        assert "illustrative" in either.alliance[0].data_note

    def test_officer_numbers_are_those_of_the_home_office(self, either: Workbook) -> None:
        with (SAMPLES / "officer_fte.csv").open() as file:
            counted = {row["force"]: row for row in csv.DictReader(file)}
        names = {force.code: force.name.removesuffix(" Police") for force in either.forces}
        latest = {(row.force, row.effective_on): row for row in either.force_sizes}

        for (force, day), row in latest.items():
            if row.measure == OFFICERS:
                assert row.value == Decimal(counted[names[force]][day.isoformat()])
                assert row.source.startswith("Home Office, Police workforce, England and Wales")

    def test_there_are_at_least_five_financial_years_in_three_versions(
        self, either: Workbook
    ) -> None:
        years = {amount.period.year for amount in either.amounts}
        versions = {amount.version for amount in either.amounts}

        assert {2015, 2016, 2017, 2018, 2019} <= years
        assert versions == {"APPROVED", "FORECAST", "ACTUAL"}

    def test_amounts_are_mostly_months_with_some_years(self, either: Workbook) -> None:
        assert len(either.amounts) / 2 < len(months(either.amounts)) < len(either.amounts)

    def test_actuals_stop_at_the_date_held(self, either: Workbook) -> None:
        held_on = either.alliance[0].held_on

        for amount in either.amounts:
            if amount.version == "ACTUAL":
                assert amount.period.starts_on <= held_on

    def test_actual_costs_say_who_paid(self, either: Workbook) -> None:
        costs = items_of(either, "COST")

        assert all(
            amount.borne_by
            for amount in either.amounts
            if amount.version == "ACTUAL" and amount.item in costs
        )

    def test_there_is_a_grant_and_a_negative_amount(self, either: Workbook) -> None:
        assert items_of(either, "GRANT")
        assert min(amount.pence for amount in either.amounts) < 0

    def test_savings_are_cashable_and_not_and_costs_one_off_and_recurring(
        self, either: Workbook
    ) -> None:
        savings, costs = items_of(either, "SAVING"), items_of(either, "COST")

        assert {item.cashable for item in savings.values()} == {"CASHABLE", "NON_CASHABLE"}
        assert {item.recurrence for item in costs.values()} == {"ONE_OFF", "RECURRING"}

    def test_items_with_a_ramp_hang_on_a_go_live_and_have_no_typed_forecast(
        self, either: Workbook
    ) -> None:
        go_lives = {m.code for m in either.milestones if m.kind == "GO_LIVE"}
        typed = defaultdict(set)
        for amount in either.amounts:
            typed[amount.item].add(amount.version)

        for item in either.items:
            if item.ramp:
                assert item.milestone in go_lives
                assert "FORECAST" not in typed[item.code]

    def test_every_area_has_one_go_live(self, either: Workbook) -> None:
        go_lives = Counter(m.area for m in either.milestones if m.kind == "GO_LIVE")

        assert go_lives == Counter(area.code for area in either.business_areas)

    def test_nothing_is_overdue_on_the_date_held(self, either: Workbook) -> None:
        held_on = either.alliance[0].held_on

        for milestone in either.milestones:
            assert milestone.actual_on or milestone.forecast_on > held_on
        for entry in either.raid:
            assert entry.closed_on or entry.due_on is None or entry.due_on > held_on

    def test_every_office_of_every_force_is_asked_at_every_gate(self, either: Workbook) -> None:
        signed = Counter(sign_off.gate for sign_off in either.sign_offs)

        assert set(signed.values()) == {2 * len(either.forces)}
        assert set(signed) == {gate.code for gate in either.gates}


def test_the_national_files_hold_the_43_territorial_forces() -> None:
    for name in ("officer_fte.csv", "population.csv"):
        with (SAMPLES / name).open() as file:
            assert len({row["force"] for row in csv.DictReader(file)}) == 43
