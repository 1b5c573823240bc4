"""Every export as LibreOffice opens it: real dates, real numbers, and nothing that it would run.

`.ci/libreoffice` runs these; they are left out of other runs, because LibreOffice is large. What a
spreadsheet's own cells say is asserted without it beside each export.
"""

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client

from business_areas.models import BusinessArea, Milestone
from programmes.models import Role
from savings import recompute, services
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.libreoffice, pytest.mark.django_db]

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Separator, quote, UTF-8, from the first row; formulas evaluated and dates found, as the most
# trusting of readers would have it set.
MOST_TRUSTING = "CSV:44,34,76,1,,2057,false,true,false,false,false,-1,true"
# What a spreadsheet would run, or take for a number, if it were let.
NAMES = ("=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("http://x";"y")', "0044", "1/2", "1e5")
DUE, WAS = "first=2018-01&last=2018-12", "first=2018-01&last=2018-03&tab=moved"
# The address of each export, the columns of dates in it, and those of numbers.
EXPORTS = {
    "areas/list.csv": (("Go-live", "Last update"), ("Days later than approved",)),
    "areas/list.xlsx": (("Go-live", "Last update"), ("Days later than approved",)),
    f"dates/file.csv?{DUE}": (("Approved", "Forecast"), ()),
    f"dates/file.csv?{WAS}": (("Was due", "Forecast", "Changed on"), ()),
    "roadmap.csv": (("Approved", "Forecast or actual go-live"), ("Days later than approved",)),
    "roadmap.xlsx": (("Approved", "Forecast or actual go-live"), ("Days later than approved",)),
    "charts/go-live-burn-up.csv": (("On",), ("Original baseline", "Approved")),
    "charts/cumulative-savings.csv": (("By the end of",), ("Planned (£)", "Forecast (£)")),
    "charts/costs-and-savings-by-force.csv": ((), ("Savings (£)",)),
    "charts/slippage-priced.csv": ((), ("Savings (£)",)),
    "money/shares.csv": (("rule_effective_on", "sizes_as_at"), ("amount", "percentage", "share")),
    "money/shares.xlsx": (("rule_effective_on", "sizes_as_at"), ("amount", "percentage", "share")),
}

Cells = list[dict[str, ElementTree.Element]]


@pytest.fixture
def scene(client: Client) -> Scene:
    """Areas whose names a spreadsheet would run, each with a date that moved and a shared cost."""
    scene = a_scene()
    scene.alliance.held_on = date(2017, 12, 31)
    scene.alliance.save()
    scene.officers.name = "=2+2"
    scene.officers.save()
    for number, name in enumerate(NAMES):
        area = factories.area(
            alliance=scene.alliance, name=name, stage="DESIGN", last_update_on=date(2017, 12, 1)
        )
        milestone = factories.milestone(
            area=area, name=name, approved_on=date(2018, 2, 1), forecast_on=date(2018, 6, 1)
        )
        factories.moved_date(
            milestone=milestone, from_on=date(2018, 2, 1), to_on=date(2018, 6, 1), details=name
        )
        scene.amount(scene.item(f"item-{number}", area=area), 1_234_56 + number)
    for version in ("APPROVED", "FORECAST"):
        saving = scene.item(f"posts-{version.lower()}", "SAVING")
        for month in range(4, 13):
            scene.amount(saving, 1_000_01 * month, date(2017, month, 1), version)
    services.request_recompute(alliance=scene.alliance, cause="Made for the test")
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="Made for the test")
    client.force_login(
        factories.role(alliance=scene.alliance, kind=Role.Kind.PROGRAMME_MANAGER).user
    )
    return scene


def opened(file: Path) -> ElementTree.Element:
    """The file as LibreOffice has it after opening: its own flat XML."""
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{file.parent}/profile",
         *([f"--infilter={MOST_TRUSTING}"] if file.suffix == ".csv" else []),
         "--convert-to", "fods", "--outdir", str(file.parent), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return ElementTree.parse(file.with_suffix(".fods")).getroot()


def rows_of(book: ElementTree.Element) -> Iterator[list[ElementTree.Element]]:
    """The cells of each row that holds anything, repeated ones as often as they stand."""
    for row in book.iter(f"{TABLE}table-row"):
        cells: list[ElementTree.Element] = []
        for cell in row.iter(f"{TABLE}table-cell"):
            cells += [cell] * min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), 50)
        if any(cell.get(f"{OFFICE}value-type") for cell in cells):
            yield cells


def table_of(book: ElementTree.Element) -> Cells:
    """Each line after the heads, by head."""
    heads, *lines = rows_of(book)
    names = [words(cell) for cell in heads if words(cell)]
    return [dict(zip(names, line, strict=False)) for line in lines]


def words(cell: ElementTree.Element) -> str:
    return "\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT}p"))


def kind(cell: ElementTree.Element) -> str | None:
    return cell.get(f"{OFFICE}value-type")


@pytest.mark.parametrize("address", EXPORTS)
def test_an_export_opens_with_dates_and_numbers_and_runs_nothing(
    address: str, client: Client, scene: Scene, tmp_path: Path
) -> None:
    dates, numbers = EXPORTS[address]
    answer = client.get(f"/alliances/hills/{address}")
    file = tmp_path / f"export.{address.partition('?')[0].rpartition('.')[2]}"
    file.write_bytes(b"".join(answer) if answer.streaming else answer.content)

    book = opened(file)

    assert [cell for cell in book.iter() if cell.get(f"{TABLE}formula")] == []
    lines = table_of(book)
    assert lines
    for name in (*dates, *numbers):
        kinds = {kind(line[name]) for line in lines if words(line[name])}
        assert kinds == {"date" if name in dates else "float"}, (name, kinds)
    for line in lines:
        for name, cell in line.items():
            if words(cell).lstrip("'")[:1] in ("=", "+", "-", "@"):
                assert kind(cell) == "string", (name, words(cell))


def test_the_names_are_all_there(client: Client, scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "export.xlsx"
    file.write_bytes(client.get("/alliances/hills/areas/list.xlsx").content)

    lines = table_of(opened(file))

    assert {words(line["Area"]) for line in lines} == {*NAMES, "Fleet"}
    assert {kind(line["Area"]) for line in lines} == {"string"}
    assert BusinessArea.objects.count() == Milestone.objects.count() + 1
