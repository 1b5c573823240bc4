"""Workbooks for tests: a small one to change a cell of, and a large one that is generated."""

import csv
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from alliance_portal.workbook.sheets import (
    AllianceRow,
    AmountRow,
    BusinessAreaRow,
    DesignRow,
    ForceRow,
    ForceSizeRow,
    ItemRow,
    MemberRow,
    MilestoneRow,
    RaidRow,
    SharingRuleRow,
    StaffingRow,
    Workbook,
)
from savings.engine.periods import Period, add_months

Sheets = dict[str, list[list[Any]]]
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

SMALL: Sheets = {
    "alliance": [
        ["code", "name", "target_on", "total_budget"],
        ["north", "North and South", "2018-03-31", "1000000.00"],
    ],
    "forces": [
        ["code", "name"],
        ["north-police", "North Police"],
        ["south-police", "South Police"],
    ],
    "members": [
        ["force", "joined_on", "left_on"],
        ["north-police", "", ""],
        ["south-police", "", ""],
    ],
    "force_sizes": [
        ["force", "measure", "effective_on", "value", "source"],
        ["north-police", "Officers (FTE)", "2016-03-31", "3000.5", "Home Office"],
        ["south-police", "Officers (FTE)", "2016-03-31", "1200", "Home Office"],
    ],
    "sharing_rules": [
        ["area", "effective_on", "method", "sizes_as_at", "measure", "weight", "force", "percent"],
        ["", "2016-04-01", "size", "year", "Officers (FTE)", "", "", ""],
        ["dogs", "2016-04-01", "fixed", "", "", "", "north-police", "69.7"],
        ["dogs", "2016-04-01", "fixed", "", "", "", "south-police", "30.3"],
    ],
    "business_areas": [
        ["code", "name", "category", "stage", "publish"],
        ["fleet", "Fleet", "business support", "live", "yes"],
        ["dogs", "Dogs", "operational policing", "design", "no"],
    ],
    "milestones": [
        ["area", "code", "name", "kind", "baseline_on", "forecast_on"],
        ["fleet", "go-live", "Go live", "go-live", "2016-04-01", "2016-04-01"],
        ["dogs", "go-live", "Go live", "go-live", "2017-04-01", "2017-06-15"],
    ],
    "items": [
        [
            "code",
            "area",
            "name",
            "kind",
            "recurrence",
            "cashable",
            "milestone",
            "full_year_value",
            "ramp",
        ],
        ["fleet-parts", "fleet", "Parts", "saving", "recurring", "cashable", "", "", ""],
        [
            "dogs-kennels",
            "dogs",
            "Kennels",
            "saving",
            "recurring",
            "",
            "go-live",
            "1200.00",
            "50;100",
        ],
        ["dogs-move", "dogs", "Move", "cost", "one-off", "", "", "", ""],
    ],
    "amounts": [
        ["item", "version", "period", "amount", "borne_by"],
        ["fleet-parts", "actual", "2016-04", "1234.50", "north-police"],
        ["fleet-parts", "approved", "2016/17", "20000", ""],
        ["dogs-move", "actual", "2017-05", "-500.00", ""],
    ],
}


def small(**sheets: list[list[Any]]) -> Sheets:
    """The small workbook with these sheets instead of its own, each with its header."""
    return {**SMALL, **sheets}


def with_cell(sheet: str, row: int, column: str, cell: Any, book: Sheets = SMALL) -> Sheets:
    """The workbook with one other cell; rows count as a spreadsheet counts them."""
    rows = [list(cells) for cells in book[sheet]]
    if column not in rows[0]:
        rows = [[*cells, column if at == 0 else ""] for at, cells in enumerate(rows)]
    rows[row - 1][rows[0].index(column)] = cell
    return {**book, sheet: rows}


def as_folder(sheets: Mapping[str, list[list[Any]]], folder: Path) -> Path:
    """The sheets as CSV files in a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return folder


def as_xlsx(sheets: Mapping[str, list[list[Any]]], path: Path) -> Path:
    """The sheets as an .xlsx; texts that start with = become formulas, as in Excel.

    Nobody can type a control character into a formula, and XML cannot hold one: such a text stays
    a text, in which the writer escapes it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for at, cell in enumerate(cells):
                    text_only = isinstance(cell, str) and _NOT_IN_XML.search(cell)
                    (page.write_string if text_only else page.write)(number, at, cell)
    return path


def generated(*, areas: int = 40, forces: int = 7, amounts: int = 20_000) -> Workbook:
    """A workbook of that size, the same each time."""
    chance = random.Random(1)
    codes = [f"force-{n}" for n in range(1, forces + 1)]
    measure = "Officers (FTE)"
    book = Workbook(
        alliance=(AllianceRow(code="generated", name="Generated", target_on=date(2020, 3, 31)),),
        forces=tuple(ForceRow(code=code, name=f"Force {code}") for code in codes),
        members=tuple(MemberRow(force=code) for code in codes),
        force_sizes=tuple(
            ForceSizeRow(
                force=code,
                measure=measure,
                effective_on=day,
                value=Decimal(chance.randrange(10**6, 10**8)).scaleb(-4),
                source="Generated",
            )
            for day in (date(2016, 3, 31), date(2017, 3, 31))
            for code in codes
        ),
        sharing_rules=(
            SharingRuleRow(
                effective_on=date(2016, 4, 1), method="SIZE", sizes_as_at="YEAR", measure=measure
            ),
        ),
    )
    return _with_money(_with_areas(book, areas, codes), chance, codes, amounts)


def _with_areas(book: Workbook, areas: int, forces: list[str]) -> Workbook:
    names = [f"area-{n:02}" for n in range(1, areas + 1)]
    return replace(
        book,
        business_areas=tuple(
            BusinessAreaRow(
                code=area, name=f"Area {area}", category="BUSINESS_SUPPORT", stage="LIVE"
            )
            for area in names
        ),
        staffing=tuple(
            StaffingRow(
                area=area, force=force, as_at=date(2016, 4, 1), baseline_fte=Decimal("10.5")
            )
            for area in names
            for force in forces
        ),
        design=tuple(
            DesignRow(area=area, strand="STRUCTURE", status="AGREED", note="=not a formula")
            for area in names
        ),
        milestones=tuple(
            MilestoneRow(
                area=area,
                code="go-live",
                name="Go live",
                kind="GO_LIVE",
                baseline_on=date(2016, 7, 1),
                note="Line one\nline two, with a comma and “quotes”",
            )
            for area in names
        ),
        raid=(RaidRow(code="r-1", kind="RISK", title="+44 is not a sum", likelihood=3, impact=4),),
    )


def _with_money(book: Workbook, chance: random.Random, forces: list[str], amounts: int) -> Workbook:
    kinds = ("COST", "SAVING", "GRANT")
    items = tuple(
        ItemRow(
            code=f"{area.code}-item-{n}",
            area=area.code,
            name=f"Item {n}",
            kind=kinds[n % 3],
            recurrence="RECURRING",
        )
        for area in book.business_areas
        for n in range(6)
    )
    rows = []
    at = 0
    while len(rows) < amounts:
        month = add_months(date(2015, 4, 1), at // len(items) // 2 % 60)
        rows.append(
            AmountRow(
                item=items[at % len(items)].code,
                version=("APPROVED", "ACTUAL")[at // len(items) % 2],
                period=Period(month),
                pence=chance.randrange(-(10**6), 10**8),
                borne_by=forces[at // len(items) // 120 % len(forces)],
            )
        )
        at += 1
    return replace(book, items=items, amounts=tuple(rows))
