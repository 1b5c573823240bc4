"""Workbooks into the database and out again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance_portal.workbook.exporting import export
from alliance_portal.workbook.loading import NotLoadable, load, plan
from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.sheets import COLUMNS
from alliance_portal.workbook.writing import write
from business_areas.models import BusinessArea, Milestone, MovedDate
from programmes.models import Alliance, Force, ForceSize
from savings import recompute, services, verify
from savings.models import Amount, RecomputeRequest, SharingRule, SharingTerm
from tests.alliance_portal.workbook.books import (
    SMALL,
    Sheets,
    as_folder,
    as_xlsx,
    generated,
    small,
    with_cell,
)

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

SAMPLES = Path(__file__).resolve().parents[3] / "alliance_portal" / "samples"
SAMPLE_CODES = sorted(path.name for path in SAMPLES.iterdir() if path.is_dir())
ENDINGS = ["out", "out.xlsx"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small workbook, loaded, its requests answered."""
    path = as_folder(SMALL, tmp_path / "small")
    load(path)
    RecomputeRequest.objects.all().delete()
    return path


def load_sheets(sheets: Sheets, tmp_path: Path) -> None:
    load(as_folder(sheets, tmp_path / "changed"))


def asked() -> set[tuple[str, int]]:
    return set(RecomputeRequest.objects.values_list("area__code", "year"))


def test_a_workbook_is_loaded_with_all_its_sheets(folder: Path) -> None:
    alliance = Alliance.objects.get(code="north")
    assert list(alliance.forces.values_list("code", "position")) == [
        ("north-police", 1),
        ("south-police", 2),
    ]
    assert ForceSize.objects.get(force__code="north-police").value == Decimal("3000.5")
    fixed = SharingRule.objects.get(area__code="dogs")
    assert [term.percent for term in fixed.terms.order_by("force__position")] == [
        Decimal("69.7"),
        Decimal("30.3"),
    ]
    assert SharingTerm.objects.get(rule__area=None).weight == 1
    amount = Amount.objects.get(version="ACTUAL", item__code="fleet-parts")
    assert (amount.pence, amount.year, amount.starts_on) == (123450, 2016, date(2016, 4, 1))


def test_loading_again_changes_nothing_and_asks_for_nothing(folder: Path, tmp_path: Path) -> None:
    assert not load(folder)
    assert not load(as_xlsx(SMALL, tmp_path / "same.xlsx"))
    assert asked() == set()


def test_a_dry_run_says_what_a_load_does_and_saves_nothing(tmp_path: Path) -> None:
    path = as_folder(SMALL, tmp_path / "small")
    planned = plan(path)
    assert not Alliance.objects.exists()
    assert load(path).changes == planned.changes


def test_nothing_is_saved_if_one_cell_is_wrong(folder: Path, tmp_path: Path) -> None:
    sheets = with_cell("amounts", 4, "amount", "lots")
    sheets["forces"] = with_cell("forces", 2, "name", "Another name")["forces"]
    with pytest.raises(NotLoadable) as refusal:
        load_sheets(sheets, tmp_path)
    assert as_lines(refusal.value.problems)[0].startswith("amounts, row 4, column amount: “lots”")
    assert Force.objects.get(code="north-police").name == "North Police"


def test_nothing_is_saved_if_the_database_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliance_portal.workbook.loading.check", lambda book, stored: ())
    sheets = with_cell("sharing_rules", 3, "percent", "60")
    path = as_folder(sheets, tmp_path / "wrong")
    with pytest.raises(NotLoadable, match=r"The database refused.*exactly 100, not 90\.3"):
        load(path)
    assert not Alliance.objects.exists()


@pytest.mark.parametrize(
    "sheet, row, column, cell, expected",
    [
        ("amounts", 2, "amount", "99", {("fleet", 2016)}),
        ("amounts", 4, "amount", "99", {("dogs", 2017)}),
        ("force_sizes", 2, "value", "2999", {("fleet", 2016)}),
        ("members", 3, "joined_on", "2016-04-01", set()),
        ("members", 3, "joined_on", "2016-05-01", {("fleet", 2016)}),
        ("sharing_rules", 2, "sizes_as_at", "period", {("fleet", 2016)}),
        ("sharing_rules", 3, "source", "Board", {("dogs", 2017)}),
        ("items", 4, "kind", "grant", {("dogs", 2017)}),
        ("items", 4, "owner", "Someone", set()),
        ("milestones", 3, "forecast_on", "2017-08-15", {("dogs", 2017)}),
        ("milestones", 2, "forecast_on", "2016-05-01", set()),
        ("business_areas", 2, "stage", "closed", set()),
        ("forces", 2, "name", "North Constabulary", set()),
        ("forces", 2, "chief_constable", "A. Chief", set()),
        ("alliance", 2, "name", "The North and the South", set()),
    ],
)
def test_a_change_asks_for_the_shares_it_touches_and_no_others(
    folder: Path,
    tmp_path: Path,
    sheet: str,
    row: int,
    column: str,
    cell: str,
    expected: set[tuple[str, int]],
) -> None:
    sheets = with_cell(sheet, row, column, cell)
    if (sheet, column) == ("sharing_rules", "source"):
        sheets = small(sharing_rules=[[*r, "" if r[0] != "dogs" else cell] for r in SMALL[sheet]])
        sheets["sharing_rules"][0][-1] = "source"
    changed = load(as_folder(sheets, tmp_path / "changed"))
    assert changed.size == 1
    assert asked() == expected


def test_the_order_of_forces_is_the_order_of_rows(folder: Path, tmp_path: Path) -> None:
    header, north, south = SMALL["forces"]
    load_sheets(small(forces=[header, south, north]), tmp_path)
    assert list(Force.objects.order_by("position").values_list("code", flat=True)) == [
        "south-police",
        "north-police",
    ]
    assert asked() == {("fleet", 2016), ("dogs", 2017)}


def test_a_size_that_differs_is_a_further_release(folder: Path, tmp_path: Path) -> None:
    load_sheets(with_cell("force_sizes", 2, "value", "2999"), tmp_path)
    of_north = ForceSize.objects.filter(force__code="north-police").order_by("release")
    assert [(size.release, size.value) for size in of_north] == [
        (1, Decimal("3000.5")),
        (2, Decimal(2999)),
    ]


def test_the_terms_of_a_rule_are_replaced_as_a_set(folder: Path, tmp_path: Path) -> None:
    header, whole, *_ = SMALL["sharing_rules"]
    equal = ["dogs", "2016-04-01", "equal", "", "", "", "", ""]
    load_sheets(small(sharing_rules=[header, whole, equal]), tmp_path)
    rule = SharingRule.objects.get(area__code="dogs")
    assert rule.method == "EQUAL"
    assert not rule.terms.exists()


def test_an_area_is_updated_by_what_the_workbook_says_of_it_and_by_nothing_that_stays(
    folder: Path, tmp_path: Path
) -> None:
    areas = BusinessArea.objects.order_by("code")
    first = set(areas.values_list("last_update_on", flat=True))
    areas.update(last_update_on=date(2015, 1, 1))

    load_sheets(with_cell("amounts", 0, "amount", "1234.00"), tmp_path)

    spoken = dict(areas.values_list("code", "last_update_on"))
    of_amount = Amount.objects.get(pence=123_400).item.area.code
    assert None not in first
    assert {code for code, on in spoken.items() if on != date(2015, 1, 1)} == {of_amount}


def test_a_row_that_the_workbook_leaves_out_stays(folder: Path, tmp_path: Path) -> None:
    load_sheets(small(amounts=SMALL["amounts"][:2]), tmp_path)
    assert Amount.objects.typed().count() == 3
    assert asked() == set()


def test_amounts_alone_may_be_loaded(folder: Path, tmp_path: Path) -> None:
    more = [SMALL["amounts"][0], ["fleet-parts", "actual", "2016-05", "10", ""]]
    load_sheets({"alliance": SMALL["alliance"], "amounts": more}, tmp_path)
    assert asked() == {("fleet", 2016)}


def test_a_moved_date_keeps_the_old_one_on_record(folder: Path, tmp_path: Path) -> None:
    load_sheets(with_cell("milestones", 3, "forecast_on", "2017-08-15"), tmp_path)
    change = MovedDate.objects.get()
    assert (change.which, change.from_on, change.to_on) == (
        "FORECAST",
        date(2017, 6, 15),
        date(2017, 8, 15),
    )


def test_the_go_live_may_pass_from_one_milestone_to_another(folder: Path, tmp_path: Path) -> None:
    header, fleet, dogs = SMALL["milestones"]
    other = [*dogs[:3], "review", *dogs[4:]]
    new = ["dogs", "a-new-one", "Go live", "go-live", "", ""]
    load_sheets(small(milestones=[header, new, fleet, other]), tmp_path)
    assert Milestone.objects.get(area__code="dogs", kind="GO_LIVE").code == "a-new-one"
    load_sheets(
        SMALL | {"milestones": [header, fleet, dogs, [*new[:3], "other", "", ""]]}, tmp_path
    )
    assert Milestone.objects.get(area__code="dogs", kind="GO_LIVE").code == "go-live"


def test_an_item_that_loses_its_ramp_may_have_typed_forecasts(folder: Path, tmp_path: Path) -> None:
    assert Amount.objects.filter(derived=True).exists()
    sheets = with_cell("items", 3, "ramp", "")
    sheets["amounts"] = [*SMALL["amounts"], ["dogs-kennels", "forecast", "2017-07", "50", ""]]
    load_sheets(sheets, tmp_path)
    assert not Amount.objects.filter(derived=True).exists()
    assert Amount.objects.get(version="FORECAST").pence == 5000


def derived_pence() -> int:
    return sum(Amount.objects.filter(derived=True).values_list("pence", flat=True))


def test_a_ramp_that_is_taken_off_takes_its_amounts_and_their_shares(
    folder: Path, tmp_path: Path
) -> None:
    alliance = Alliance.objects.get(code="north")
    services.request_recompute(alliance=alliance, cause="loaded")
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="loaded")
    assert derived_pence()
    load_sheets(with_cell("items", 3, "ramp", ""), tmp_path)
    assert derived_pence() == 0
    assert asked() == {("dogs", 2017)}
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="loaded again")
    assert verify.verify([alliance]).breaches == []


def test_a_withdrawn_areas_forecast_goes_and_returns_with_it(folder: Path, tmp_path: Path) -> None:
    before = derived_pence()
    assert before
    BusinessArea.objects.filter(code="dogs").update(
        on_hold_since=date(2017, 1, 1), hold_reason="Waiting"
    )
    load_sheets(with_cell("business_areas", 3, "stage", "withdrawn"), tmp_path)
    assert derived_pence() == 0
    assert asked() == {("dogs", 2017)}
    assert BusinessArea.objects.get(code="dogs").on_hold_since is None
    RecomputeRequest.objects.all().delete()
    load_sheets(SMALL, tmp_path)
    assert derived_pence() == before
    assert asked() == {("dogs", 2017)}


def test_an_area_that_went_live_is_not_withdrawn_by_workbook_either(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotLoadable, match="Fleet has gone live; it can be closed, but no longer"):
        load_sheets(with_cell("business_areas", 2, "stage", "withdrawn"), tmp_path)


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("code", SAMPLE_CODES)
def test_a_sample_loaded_exported_and_loaded_again_does_not_change(
    tmp_path: Path, code: str, name: str
) -> None:
    load(SAMPLES / code)
    exported = export(Alliance.objects.get(code=code), tmp_path / name)
    assert not load(tmp_path / name)
    assert not load(SAMPLES / code)
    export(Alliance.objects.get(code=code), tmp_path / f"again-{name}")
    same = plan(tmp_path / f"again-{name}")
    assert not same
    assert sum(len(exported.rows(sheet)) for sheet in COLUMNS) > 100


@pytest.mark.parametrize("name", ENDINGS)
def test_20_000_amounts_go_in_and_out_without_a_change(tmp_path: Path, name: str) -> None:
    write(generated(), tmp_path / "in")
    with CaptureQueriesContext(connection) as queries:
        loaded = load(tmp_path / "in")
    assert len(loaded.changes["amounts"].created) == 20_000
    assert len(queries) < 200
    export(Alliance.objects.get(code="generated"), tmp_path / name)
    assert not load(tmp_path / name)


def test_20_000_changed_amounts_are_written_in_bulk(tmp_path: Path) -> None:
    book = generated(areas=4, amounts=5_000)
    write(book, tmp_path / "in")
    load(tmp_path / "in")
    doubled = tuple(replace(row, pence=row.pence * 2 + 1) for row in book.amounts)
    write(replace(book, amounts=doubled), tmp_path / "in")
    with CaptureQueriesContext(connection) as queries:
        changed = load(tmp_path / "in")
    assert len(changed.changes["amounts"].changed) == 5_000
    assert len(queries) < 100
    assert Amount.objects.filter(revision=2).count() == 5_000


def test_the_command_prints_what_it_did_sheet_by_sheet(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_alliance", as_folder(SMALL, tmp_path / "a"), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "North and South (north)"
    assert lines[2].split() == ["alliance", "1", "0", "0"]
    assert lines[-1].startswith("Loaded; ")
    again = StringIO()
    call_command("load_alliance", tmp_path / "a", stdout=again)
    assert again.getvalue().splitlines()[-1] == "Nothing changed."


def test_the_command_lists_every_problem_and_ends_with_1(tmp_path: Path) -> None:
    sheets = with_cell("forces", 2, "name", "")
    sheets["members"] = with_cell("members", 2, "force", "east")["members"]
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("load_alliance", as_folder(sheets, tmp_path / "a"), stderr=err)
    assert end.value.code == 1
    assert err.getvalue().splitlines() == [
        "The workbook was not loaded: 2 problems.",
        "  forces, row 2, column name: The cell is blank. Fill it in.",
        (
            "  members, row 2, column force: There is no east in the sheet forces. "
            "Add it to forces or change it."
        ),
    ]


def test_the_export_command_names_what_it_wrote_or_why_it_could_not(
    folder: Path, tmp_path: Path
) -> None:
    out, err = StringIO(), StringIO()
    call_command("export_alliance", "north", tmp_path / "north.xlsx", stdout=out)
    assert out.getvalue().startswith("Wrote ")
    with pytest.raises(SystemExit):
        call_command("export_alliance", "nowhere", tmp_path / "x", stderr=err)
    assert err.getvalue() == "There is no alliance with the code nowhere: the portal has north.\n"


@pytest.mark.parametrize(
    ("approved_on", "actual_on", "says"),
    [
        ("2017-05-01", "", "changes only when a second person agrees"),
        ("", "", "changes only when a second person agrees"),
        ("2017-05-01", "2017-04-02", "so it gets no new approved date"),
    ],
)
def test_an_approved_date_on_record_is_not_overwritten_by_a_load(
    tmp_path: Path, approved_on: str, actual_on: str, says: str
) -> None:
    header, fleet, dogs = SMALL["milestones"]
    given = [[*header, "approved_on", "actual_on"], [*fleet, "", ""]]
    load(as_folder({**SMALL, "milestones": [*given, [*dogs, "2017-04-01", actual_on]]}, tmp_path))
    sheets = {**SMALL, "milestones": [*given, [*dogs, approved_on, actual_on]]}

    with pytest.raises(NotLoadable) as refused:
        load(as_folder(sheets, tmp_path))

    (problem,) = refused.value.problems
    assert (problem.sheet, problem.column) == ("milestones", "approved_on")
    assert says in problem.what
    assert Milestone.objects.get(area__code="dogs").approved_on == date(2017, 4, 1)
