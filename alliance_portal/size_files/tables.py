"""Published tables of forces by day, regions and totals among them; checked against their own total."""

import re
from collections.abc import Sequence
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
from programmes import words
from programmes.models import Force
from programmes.published_forces import force_meant, is_area_code, is_force, plain_name
from programmes.written.numbers import fits

_TOTALS = {
    *("england and wales", "total england and wales", "england and wales total"),
    *("total", "total all forces", "all forces"),
}
_MID_YEAR = re.compile(r"mid[- ]?(?:year )?((?:19|20)\d\d)", re.IGNORECASE)
_CENSUS = re.compile(r"census[^\d]{0,3}2011|2011[^\d]{0,3}census", re.IGNORECASE)
# So far down a table begins.
_TOP = 30


@dataclass(frozen=True)
class _Table:
    """Where a table's rows begin, in which column names stand, and each day's column."""

    sheet: str
    first: int
    code: int | None
    name: int
    days: dict[int, date]


def tables(sheet: str, rows: Sequence[Row], forces: list[Force]) -> list[Published]:
    """The figures of every row that is a force's. Raises NotAsPublished."""
    table = _population(sheet, rows) or _workforce(sheet, rows)
    if table is None:
        raise NotAsPublished(
            f"The sheet {sheet} has no row of dates below “As at”, and none that begins with “Area "
            "Code”: choose the Home Office’s or the Office for National Statistics’ file as it was "
            "published."
        )
    _check_once(table.sheet, table.days)
    found: list[Published] = []
    sums = {at: Decimal(0) for at in table.days}
    rows_of: dict[str, int] = {}
    totals: list[Row] = []
    missing: set[int] = set()
    places = 0
    for number, row in rows:
        if number < table.first:
            continue
        code, name = _whose(table, row)
        force = force_meant(forces, code=code, name=name)
        if force is None and not is_force(code, name):
            if plain_name(name) in _TOTALS:
                totals.append((number, row))
            continue
        _check_new(table, name, number, rows_of)
        for at, day in table.days.items():
            place = name_of(table.sheet, number, at)
            value = figure_in(row, at, place)
            if value is None:
                missing.add(at)
                continue
            sums[at] += value
            places = max(places, next(n for n in range(7) if n == 6 or fits(value, n)))
            if force:
                found.append(Published(code, name, day, value, place))
    apart = Decimal(len(rows_of)) / 2 / 10**places
    whole = {at: total for at, total in sums.items() if at not in missing}
    for number, row in totals:
        _check_total(table, number, row, whole, apart)
    return found


def _workforce(sheet: str, rows: Sequence[Row]) -> _Table | None:
    """The older tables: “As at:” above or beside a row of dates."""
    seen = False
    for number, row in rows[:_TOP]:
        texts = [text_in(row, at).casefold() for at in range(len(row))]
        seen = seen or any(text.startswith("as at") for text in texts)
        days = {at: day for at, cell in enumerate(row) if (day := day_at(cell))}
        if seen and days:
            name = 0 if 0 not in days else 1
            return _Table(sheet, number + 1, None, name, days)
    return None


def _population(sheet: str, rows: Sequence[Row]) -> _Table | None:
    """Population by force: a head whose first cell is “Area Code”, its columns of years."""
    above = ""
    for number, row in rows[:_TOP]:
        texts = [text_in(row, at) for at in range(len(row))]
        if texts and texts[0].casefold() == "area code":
            days = {
                at: day
                for at, text in enumerate(texts)
                if at > 0
                and "household" not in text.casefold()
                and (day := _day_of_people(cell_of(row, at), text, above))
            }
            if not days:
                raise NotAsPublished(
                    f"{sheet}, row {number}: no column says of which year its population is, as "
                    "“mid-2018” does: choose the table of population by police force area."
                )
            return _Table(sheet, number + 1, 0, 1, days)
        above += " ".join(["", *texts])
    return None


def _day_of_people(cell: Cell, text: str, above: str) -> date | None:
    """The day that a head of population says, or the title above it; mid-year is 30 June."""
    if day := day_at(cell):
        return day
    if not re.search("population|residents|people|persons|mid", text, re.IGNORECASE):
        return None
    for said in (text, above):
        if found := set(_MID_YEAR.findall(said)):
            return date(int(found.pop()), 6, 30) if len(found) == 1 else None
        if _CENSUS.search(said):
            return date(2011, 3, 27)
    return None


def _whose(table: _Table, row: list[Cell]) -> tuple[str, str]:
    """Code and name of a row; in older tables the code may stand beside the name."""
    if table.code is not None:
        return text_in(row, table.code), text_in(row, table.name)
    before = [text_in(row, at) for at in range(min(table.days))]
    code = next((text for text in before if is_area_code(text)), "")
    names = [text for text in before if text and not is_area_code(text)]
    return code, names[-1] if names else ""


def _check_once(sheet: str, days: dict[int, date]) -> None:
    seen: dict[date, int] = {}
    for at, day in days.items():
        if day in seen:
            raise NotAsPublished(
                f"{sheet}: {words.day(day)} stands at the head of two columns: leave one of them out."
            )
        seen[day] = at


def _check_new(table: _Table, name: str, number: int, rows_of: dict[str, int]) -> None:
    """Note a force's row. Raises NotAsPublished for a second one."""
    first = rows_of.setdefault(plain_name(name), number)
    if first != number:
        raise NotAsPublished(
            f"{table.sheet}: {name} stands in rows {first} and {number}: leave one of them out."
        )


def _check_total(
    table: _Table, number: int, row: list[Cell], sums: dict[int, Decimal], apart: Decimal
) -> None:
    """Raise NotAsPublished where the table's own total is not what its forces come to.

    Rounded figures may lie `apart`: half a last digit of each.
    """
    for at, total in sums.items():
        place = name_of(table.sheet, number, at)
        said = figure_in(row, at, place)
        if said is not None and abs(said - total) > apart:
            raise NotAsPublished(
                f"{place} says {words.size(said)} in all, and the file’s forces come to "
                f"{words.size(total)}: check the file before anything is taken."
            )
