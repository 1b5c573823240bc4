"""A column that is not in the sheet leaves its values alone; a blank cell empties what was there."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from alliance_portal.workbook.loading import NotLoadable, load, plan
from alliance_portal.workbook.sheets import COLUMNS, ROW_TYPE
from alliance_portal.workbook.stored import stored_workbook
from business_areas.models import RaidItem
from programmes.models import Alliance
from savings.models import Amount, SharingRule
from tests.alliance_portal.workbook.books import Sheets, as_folder, small, with_cell
from tests.alliance_portal.workbook.test_any_cell import FULL

pytestmark = pytest.mark.django_db

# Every column of every sheet with a value that its kind reads.
RICH: Sheets = {
    **FULL,
    "alliance": [
        [
            "code",
            "name",
            "summary",
            "explored_on",
            "agreed_on",
            "target_on",
            "base",
            "total_budget",
            "in_scope_budget",
            "held_on",
            "data_note",
            "settled_through",
            "left_alone",
        ],
        [
            "north",
            "North and South",
            "Two forces",
            "2014-01-01",
            "2015-01-01",
            "2018-03-31",
            "Exeter",
            "1000000.00",
            "500000",
            "2018-03-31",
            "Made up",
            "north-police",
            "12.50",
        ],
    ],
    "milestones": [
        [
            "area",
            "code",
            "name",
            "kind",
            "baseline_on",
            "approved_on",
            "forecast_on",
            "actual_on",
            "owner",
            "note",
        ],
        [
            "fleet",
            "go-live",
            "Go live",
            "go-live",
            "2016-04-01",
            "2016-04-01",
            "2016-04-01",
            "2016-04-02",
            "A. Person",
            "Went well",
        ],
        ["dogs", "dogs-go-live", "Go live", "go-live", "2017-04-01", "", "2017-06-15", "", "B", ""],
    ],
    "items": [
        [*FULL["items"][0], "offset_months", "owner"],
        [*FULL["items"][1], "0", "A"],
        [*FULL["items"][2][:6], "dogs-go-live", *FULL["items"][2][7:], "1", "B"],
        [*FULL["items"][3], "0", "C"],
    ],
}
# Rules and their terms are told apart by these: see the test of doubt.
IN_DOUBT = [("sharing_rules", "area"), ("sharing_rules", "force")]
LEFT_OUT = [
    (sheet, column)
    for sheet, rows in RICH.items()
    for column in COLUMNS[sheet]
    if column.header in rows[0]
    and not (column.required and column.attribute in ROW_TYPE[sheet].KEY)
    and (sheet, column.header) not in IN_DOUBT
]


def without(sheet: str, *headers: str, book: Sheets = RICH) -> Sheets:
    """The workbook without these columns of the sheet."""
    places = [at for at, header in enumerate(book[sheet][0]) if header not in headers]
    return {**book, sheet: [[row[at] for at in places] for row in book[sheet]]}


@pytest.fixture
def loaded(tmp_path: Path) -> Alliance:
    load(as_folder(RICH, tmp_path / "rich"))
    return Alliance.objects.get(code="north")


def test_a_column_left_out_changes_nothing_whichever_it_is(
    loaded: Alliance, tmp_path: Path
) -> None:
    before = stored_workbook(loaded)
    for sheet, column in LEFT_OUT:
        path = as_folder(without(sheet, column.header), tmp_path / f"{sheet}-{column.header}")
        assert not load(path), (sheet, column.header)
        more = {**without(sheet, column.header), "raid": [*RICH["raid"], ["r-2", "risk", "More"]]}
        if sheet != "raid":
            load(as_folder(more, tmp_path / f"more-{sheet}-{column.header}"))
            RaidItem.objects.get(code="r-2").delete()
    assert stored_workbook(loaded) == before


def test_a_blank_cell_empties_what_was_there(loaded: Alliance, tmp_path: Path) -> None:
    load(as_folder(with_cell("alliance", 2, "held_on", "", RICH), tmp_path / "blank"))
    loaded.refresh_from_db()
    assert loaded.held_on is None
    assert loaded.target_on == date(2018, 3, 31)


def test_the_code_of_an_alliance_is_enough_to_load_its_amounts(
    loaded: Alliance, tmp_path: Path
) -> None:
    amounts = [["item", "version", "period", "amount"], ["fleet-parts", "actual", "2016-05", "10"]]
    done = load(as_folder({"alliance": [["code"], ["north"]], "amounts": amounts}, tmp_path / "a"))
    assert done.size == 1
    assert done.name == "North and South"
    loaded.refresh_from_db()
    assert (loaded.target_on, loaded.held_on) == (date(2018, 3, 31), date(2018, 3, 31))
    assert (loaded.total_budget_pence, loaded.data_note) == (100_000_000, "Made up")


def test_an_amount_without_a_column_for_its_bearer_is_the_one_on_record(
    loaded: Alliance, tmp_path: Path
) -> None:
    amounts = [["item", "version", "period", "amount"], ["fleet-parts", "actual", "2016-04", "99"]]
    load(as_folder({"alliance": [["code"], ["north"]], "amounts": amounts}, tmp_path / "a"))
    amount = Amount.objects.get(item__code="fleet-parts", version="ACTUAL")
    assert amount.pence == 9900
    assert amount.borne_by is not None
    assert amount.borne_by.code == "north-police"


def test_where_the_record_has_several_the_column_is_asked_for(
    loaded: Alliance, tmp_path: Path
) -> None:
    second = ["fleet-parts", "actual", "2016-04", "5", "south-police"]
    load(as_folder({**RICH, "amounts": [*RICH["amounts"], second]}, tmp_path / "two"))
    with pytest.raises(NotLoadable, match=r"several rows that this can be, told apart by borne_by"):
        load(as_folder(without("amounts", "borne_by"), tmp_path / "a"))
    for sheet, header in IN_DOUBT:
        with pytest.raises(NotLoadable, match=f"several rows .* told apart by {header}"):
            load(as_folder(without(sheet, header), tmp_path / header))


def test_a_new_row_needs_the_columns_that_may_not_be_blank(
    loaded: Alliance, tmp_path: Path
) -> None:
    rows = {"alliance": [["code"], ["north"]], "forces": [["code"], ["north-police"], ["east"]]}
    with pytest.raises(NotLoadable) as refusal:
        load(as_folder(rows, tmp_path / "a"))
    assert "forces, row 3, column name: The column is missing. Add the column: a new row" in str(
        refusal.value
    )


def test_a_rule_keeps_its_terms_where_the_sheet_says_nothing_of_them(
    loaded: Alliance, tmp_path: Path
) -> None:
    rules = [["area", "effective_on", "method", "source"], ["dogs", "2016-04-01", "fixed", "Board"]]
    rows = {"alliance": [["code"], ["north"]], "sharing_rules": rules}
    load(as_folder(rows, tmp_path / "a"))
    rule = SharingRule.objects.get(area__code="dogs")
    assert rule.source == "Board"
    assert sorted(str(term.percent.normalize()) for term in rule.terms.all()) == ["30.3", "69.7"]


def test_a_dry_run_lists_every_value_old_and_new(loaded: Alliance, tmp_path: Path) -> None:
    sheets = with_cell("alliance", 2, "held_on", "", RICH)
    sheets = with_cell("items", 3, "ramp", "25;100", sheets)
    sheets = with_cell("force_sizes", 2, "value", "2999", sheets)
    sheets = with_cell("sharing_rules", 3, "percent", "60", sheets)
    sheets = with_cell("sharing_rules", 4, "percent", "40", sheets)
    sheets["forces"] = [RICH["forces"][0], RICH["forces"][2], RICH["forces"][1]]
    path = as_folder(sheets, tmp_path / "changed")
    out = StringIO()
    call_command("load_alliance", path, "--dry-run", stdout=out)
    told = out.getvalue().splitlines()
    for line in (
        "alliance, north, held_on: 2018-03-31 → blank",
        "items, dogs-kennels, ramp: 50;100 → 25;100",
        "force_sizes, north-police, Officers (FTE), 2016-03-31, value: 3000.5 → 2999",
        "forces, south-police, place in the agreed order: 2 → 1",
        (
            "sharing_rules, dogs, 2016-04-01, measures, forces and percentages: "
            "north-police 69.7%; south-police 30.3% → north-police 60%; south-police 40%"
        ),
    ):
        assert line in told
    assert len(plan(path).differences) == 6
    assert told[-1] == "Nothing was saved: this was a dry run."


def test_a_sheet_of_new_rows_only_changes_no_value(loaded: Alliance, tmp_path: Path) -> None:
    more = [*RICH["amounts"], ["dogs-move", "actual", "2017-09", "1", ""]]
    planned = plan(as_folder(small(**{**RICH, "amounts": more}), tmp_path / "more"))
    assert planned.size == 1
    assert planned.differences == ()
