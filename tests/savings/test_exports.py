"""The shares file: the same rows as CSV, JSON and spreadsheet, the stored shares to the penny."""

import csv
import io
import json
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from programmes.models import Role
from savings import recompute, services
from savings.exports import COLUMNS, as_csv, as_json, share_rows, write_xlsx
from savings.models import PoolShare, Share
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

# What a spreadsheet would run, or take for a number, if it were let.
FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']


@pytest.fixture
def scene() -> Scene:
    """Costs, a grant and savings in two versions and two years, one of them negative, all shared."""
    scene = a_scene()
    for version in ("APPROVED", "FORECAST"):
        scene.amount(scene.item(f"vans-{version.lower()}"), 100_01, 2016, version, scene.north)
        scene.amount(scene.item(f"grant-{version.lower()}", "GRANT"), 20_02, 2016, version)
        tyres = scene.item(f"tyres-{version.lower()}", "SAVING")
        for month in range(4, 13):
            scene.amount(tyres, 7_77 * month, date(2017, month, 1), version)
        scene.amount(tyres, -33_33, date(2018, 1, 1), version)
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    return scene


def read(lines: str) -> list[dict[str, str]]:
    assert lines.startswith("\ufeff")  # or Excel takes "£" for something else
    return list(csv.DictReader(io.StringIO(lines[1:], newline="")))


def test_the_rows_are_the_stored_shares_and_add_up_to_the_pools(scene: Scene) -> None:
    rows = list(share_rows(alliance=scene.alliance))

    stored = sorted(share.pence for share in Share.objects.all())
    assert sorted(int(row.share * 100) for row in rows if row.share is not None) == stored
    pools: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        assert row.share is not None
        sign = -1 if row.kind == "grant" else 1
        pools[row.version, row.force] += sign * row.share if row.kind != "saving" else row.share
    for force in scene.forces:
        for version in ("APPROVED", "FORECAST"):
            of_pools = PoolShare.objects.filter(pool__version=version, force=force)
            assert pools[version.lower(), force.code] == Decimal(
                sum(share.pence for share in of_pools)
            ).scaleb(-2)


def test_every_amount_is_its_shares_together(scene: Scene) -> None:
    amounts: dict[tuple[str, ...], list[Decimal]] = defaultdict(list)
    for row in share_rows(alliance=scene.alliance):
        key = (row.item, row.version, row.period, str(row.amount))
        amounts[key].append(row.share or Decimal(0))

    assert len(amounts) == 2 * 12
    for (*_, amount), shares in amounts.items():
        assert sum(shares) == Decimal(amount)


def test_a_year_and_a_version_are_picked_out(scene: Scene) -> None:
    rows = list(share_rows(alliance=scene.alliance, year=2017, version="FORECAST"))

    assert {(row.financial_year, row.version) for row in rows} == {("2017/18", "forecast")}
    assert len(rows) == 10 * 3


def test_a_row_says_whether_its_year_is_closed(scene: Scene) -> None:
    factories.financial_year(alliance=scene.alliance, year=2016, closed_at="2018-05-01T00:00Z")
    factories.financial_year(alliance=scene.alliance, year=2017)

    rows = list(share_rows(alliance=scene.alliance))

    said = {(row.financial_year, row.year_state) for row in rows}
    assert said == {("2016/17", "closed"), ("2017/18", "open")}


def test_json_says_what_csv_says(scene: Scene) -> None:
    flat = read("".join(as_csv(share_rows(alliance=scene.alliance))))
    nested = json.loads("".join(as_json(share_rows(alliance=scene.alliance))))

    assert flat == [{name: value or "" for name, value in row.items()} for row in nested]
    assert tuple(flat[0]) == COLUMNS


def test_the_spreadsheet_has_numbers_dates_and_text_and_no_formula(scene: Scene) -> None:
    out = io.BytesIO()
    write_xlsx(share_rows(alliance=scene.alliance), out)

    sheet = openpyxl.load_workbook(out).worksheets[0]
    names, *lines = sheet.iter_rows()
    assert tuple(cell.value for cell in names) == COLUMNS
    rows = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    expected = list(share_rows(alliance=scene.alliance))
    assert len(rows) == len(expected)
    for row, share in zip(rows, expected, strict=True):
        assert row["amount"].data_type == row["share"].data_type == "n"
        assert row["percentage"].data_type == "n"
        assert round(Decimal(str(row["share"].value)), 2) == share.share
        assert row["share"].number_format.startswith("#,##0.00")
        assert isinstance(row["rule_effective_on"].value, datetime)
        assert row["rule_effective_on"].value.date() == share.rule_effective_on
        assert row["period"].data_type == "s"


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_that_a_spreadsheet_would_run_is_inert(formula: str, scene: Scene) -> None:
    measure = scene.officers
    measure.name = formula
    measure.save()
    services.request_recompute(alliance=scene.alliance, cause="Renamed")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Renamed")

    out = io.BytesIO()
    write_xlsx(share_rows(alliance=scene.alliance), out)
    sheet = openpyxl.load_workbook(out).worksheets[0]

    assert {row["basis"] for row in read("".join(as_csv(share_rows(alliance=scene.alliance))))} == {
        f"'{formula}"
    }
    assert {cell.data_type for column in sheet.iter_cols() for cell in column} <= {"s", "n", "d"}


def test_what_is_not_yet_shared_has_a_row_that_says_why() -> None:
    scene = a_scene(sized=["north"])
    scene.amount(scene.item("vans"), 100_01)
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")

    (row,) = share_rows(alliance=scene.alliance)

    assert (row.force, row.percentage, row.share) == ("", "", None)
    assert row.basis.startswith("Not yet shared: ")
    assert "South Police" in row.basis


def test_the_download_is_the_commands_file(client: Client, scene: Scene, tmp_path: Path) -> None:
    user = factories.user()
    factories.role(alliance=scene.alliance, user=user, kind=Role.Kind.PANEL_MEMBER)
    client.force_login(user)
    path = tmp_path / "shares.csv"
    call_command("export_shares", "hills", year="2017/18", version="forecast", output=str(path))

    answer = client.get("/alliances/hills/money/shares.csv?year=2017-18&version=forecast")

    assert b"".join(answer) == path.read_bytes()
    assert "hills-shares-2017-18-forecast.csv" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"year": "2016/18"}, "2016/18"),
        ({"format": "xlsx"}, "--output FILE"),
        ({"output": "/no/such/folder/shares.csv"}, "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong_in_one_sentence(
    scene: Scene, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence.replace("/", "/")):
        call_command("export_shares", "hills", **options)
