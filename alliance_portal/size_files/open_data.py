"""The open data of police workforce: a row for each force, year, sex, rank and worker type."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alliance_portal.size_files.cells import (
    NotAsPublished,
    Published,
    Row,
    cell_of,
    day_at,
    figure_in,
    name_of,
    text_in,
)
from alliance_portal.workbook.raw import Cell
from programmes.models import Force
from programmes.published_forces import force_meant

AS_AT, CODE, NAME, TYPE = "as at", "geocode", "force name", "worker type"
COUNTS = {"FTE": "total (fte)", "HEADCOUNT": "total (headcount)"}
# How worker types are written, by what they are called here.
PEOPLE = {
    "OFFICERS": ("police officer", "police officers"),
    "STAFF": ("police staff",),
    "PCSOS": ("pcso", "pcsos", "police community support officer"),
    "SPECIALS": ("special constable", "special constables"),
}


@dataclass
class _Sum:
    """A force's figures of a day, added up; `at` is the first of so many cells."""

    code: str
    name: str
    at: str
    last_row: int
    value: Decimal = Decimal(0)
    cells: int = 0


def is_open_data(head: list[Cell]) -> bool:
    """Whether a first row has what tells this layout from others."""
    found = {text_in(head, at).casefold() for at in range(len(head))}
    return {CODE, NAME} <= found


def open_data(
    sheet: str, head: list[Cell], rows: Iterable[Row], forces: list[Force], people: str, count: str
) -> list[Published]:
    """The forces' figures of each day, ranks and sexes added up. Raises NotAsPublished."""
    columns = _columns(sheet, head, COUNTS[count])
    day_of_year = _day_of_year(text_in(head, columns[AS_AT]))
    sums: dict[tuple[str, date], _Sum] = {}
    types: set[str] = set()
    meant: dict[tuple[str, str], Force | None] = {}
    for number, row in rows:
        code, name = text_in(row, columns[CODE]), text_in(row, columns[NAME])
        if (code, name) not in meant:
            meant[code, name] = force_meant(forces, code=code, name=name)
        force = meant[code, name]
        kind = text_in(row, columns[TYPE]).casefold()
        types.add(kind)
        if force is None or kind not in PEOPLE[people]:
            continue
        at = columns[COUNTS[count]]
        place = name_of(sheet, number, at)
        value = figure_in(row, at, place)
        if value is None:
            continue
        day = _day(cell_of(row, columns[AS_AT]), day_of_year)
        if day is None:
            where = name_of(sheet, number, columns[AS_AT])
            raise NotAsPublished(f"{where}: it does not say a year: put it in, as in 2018.")
        total = sums.setdefault((force.code, day), _Sum(code, name, place, number))
        total.value += value
        total.cells += 1
        total.last_row = number
    if not sums:
        raise NotAsPublished(_none_of(sheet, people, types))
    return [
        Published(each.code, each.name, day, each.value, _whence(each))
        for (_, day), each in sums.items()
    ]


def _columns(sheet: str, head: list[Cell], count: str) -> dict[str, int]:
    found = {text_in(head, at).casefold(): at for at in range(len(head))}
    if days := [at for text, at in found.items() if text.startswith(AS_AT)]:
        found[AS_AT] = days[0]
    for name in (AS_AT, CODE, NAME, TYPE, count):
        if name not in found:
            raise NotAsPublished(
                f"The sheet {sheet} has no column headed “{name.capitalize()}” in row 1: choose the "
                "Home Office’s open data table of police workforce, as it was published."
            )
    return found


def _day_of_year(head: str) -> tuple[int, int]:
    """Month and day that “As at 31 March” says; 31 March where it says none."""
    found = re.search(r"\d{1,2} [A-Za-z]+", head)
    day = day_at(f"{found[0]} 2000") if found else None
    return (day.month, day.day) if day else (3, 31)


def _day(cell: Cell, day_of_year: tuple[int, int]) -> date | None:
    """The day of a row: of a year, or as it stands there."""
    if isinstance(cell, date):
        return cell
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell).strip()
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return date(int(text), *day_of_year)
    return day_at(cell)


def _whence(each: _Sum) -> str:
    if each.cells == 1:
        return each.at
    return f"{each.at} to row {each.last_row}, {each.cells} rows added up"


def _none_of(sheet: str, people: str, types: set[str]) -> str:
    wanted = PEOPLE[people][0]
    if types.isdisjoint(PEOPLE[people]):
        known = ", ".join(sorted(filter(None, types))[:6]) or "none"
        return (
            f"The sheet {sheet} has no row of worker type “{wanted}”; it has {known}: choose other "
            "people to count."
        )
    return f"The sheet {sheet} has no figure of {wanted}s of this alliance’s forces."
