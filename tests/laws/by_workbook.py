"""An alliance's own export, edited as people edit it, and what it lies over when it is loaded."""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from alliance_portal.workbook.exporting import export
from alliance_portal.workbook.sheets import COLUMNS, ROW_TYPE
from programmes.models import Alliance
from tests.alliance_portal.workbook.books import Sheets, as_folder

Rows = dict[str, list[dict[str, str]]]
# Whose stays a sheet has.
_STAYS = {"members": ("force",), "area_members": ("area", "force")}


class Edited:
    """The export, some sheets, columns and rows of it left out, and some cells changed or rows added."""

    def __init__(self, seed: int, alliance: Alliance, folder: Path) -> None:
        self.draw = random.Random(seed)
        self.folder = folder
        self.whole = exported(alliance, folder / "export")
        self.kept = self._left()
        for edit in self.draw.sample(self._edits, self.draw.randint(1, 3)):
            edit()

    def written(self) -> Path:
        """The edited workbook as a folder."""
        return as_folder(as_sheets(self.kept), self.folder / "edited")

    def laid_over(self, code: str) -> Path:
        """The export with the edited workbook's rows and columns in their place, under another code."""
        whole: Rows = {}
        for sheet, rows in self.whole.items():
            edited = {row["#"]: row for row in self.kept.get(sheet, [])}
            rows = self._without_corrected(sheet, rows)
            whole[sheet] = [{**row, **edited.pop(row["#"], {})} for row in rows]
            whole[sheet] += [
                {**dict.fromkeys(self._header(sheet), ""), **r} for r in edited.values()
            ]
        # Rows of one figure restate one another, so what the edited workbook says of it is all of it.
        said = {_told_by(row) for row in self.kept.get("force_sizes", ())}
        out = {row["#"] for row in self.kept.get("force_sizes", ())}
        whole["force_sizes"] = [
            row for row in whole["force_sizes"] if row["#"] in out or _told_by(row) not in said
        ]
        order = [row["#"] for row in self.kept.get("forces", ())]
        whole["forces"].sort(key=lambda row: order.index(row["#"]) if row["#"] in order else 0)
        whole["alliance"][0]["code"] = code
        return as_folder(as_sheets(whole), self.folder / "laid-over")

    def _without_corrected(self, sheet: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        """Without the first stays on record that new rows speak of, since a stay's start is corrected.

        A row of a stay that is told by its start stands for that one; others stand for those that
        are left over, in the order of their starts.
        """
        if sheet not in _STAYS:
            return rows
        there = {row["#"] for row in self.kept.get(sheet, ())}
        corrected: set[str] = set()
        for new in self.kept.get(sheet, ()):
            if not new["#"].startswith("new"):
                continue
            left_over = [
                row["#"]
                for row in sorted(rows, key=lambda row: row["joined_on"])
                if row["#"] not in there | corrected
                and all(row[name] == new[name] for name in _STAYS[sheet])
            ]
            corrected.update(left_over[:1])
        return [row for row in rows if row["#"] not in corrected]

    def _left(self) -> Rows:
        """The rows and columns that stay in the file; what a row is told by always does."""
        kept: Rows = {}
        for sheet, rows in self.whole.items():
            if sheet != "alliance" and self.draw.random() < 0.2:
                continue
            told_by = {c.header for c in COLUMNS[sheet] if c.required or c.attribute in _key(sheet)}
            out = {
                header
                for header in self._header(sheet)
                if header not in told_by and sheet != "sharing_rules" and self.draw.random() < 0.1
            }
            whole = sheet in ("alliance", "forces", "sharing_rules") or self.draw.random() < 0.7
            kept[sheet] = [
                {name: cell for name, cell in row.items() if name not in out}
                for row in rows
                if whole or self.draw.random() < 0.5
            ]
        return kept

    def _header(self, sheet: str) -> list[str]:
        return [column.header for column in COLUMNS[sheet]]

    @property
    def _edits(self) -> list[Callable[[], None]]:
        return [
            self._amount, self._new_amount, self._ramp, self._stage, self._date, self._size,
            self._percent, self._order, self._stay, self._area_stay, self._target, self._value,
        ]  # fmt: skip

    def _cell(self, sheet: str, column: str, value: str, **of: str) -> None:
        rows = [
            row
            for row in self.kept.get(sheet, ())
            if column in row and all(row.get(name) == wanted for name, wanted in of.items())
        ]
        if rows:
            self.draw.choice(rows)[column] = value

    def _add(self, sheet: str, **cells: str) -> None:
        rows = self.kept.setdefault(sheet, [])
        # Who bore an amount is no part of what it is.
        names = [name for name in _key(sheet) if name != "borne_by"]
        key = [cells.get(name, "") for name in names]
        if any([row.get(name, "") for name in names] == key for row in self.whole[sheet]):
            return
        header = rows[0] if rows else dict.fromkeys(self._header(sheet), "")
        rows.append({**dict.fromkeys(header, ""), **cells, "#": f"new {len(rows)}"})

    def _any(self, sheet: str, column: str) -> str:
        return self.draw.choice([row[column] for row in self.whole[sheet]] or ["none"])

    def _pounds(self) -> str:
        return f"{self.draw.randint(-9_999, 99_999)}.{self.draw.randint(0, 99):02d}"

    def _amount(self) -> None:
        self._cell("amounts", "amount", self._pounds())

    def _new_amount(self) -> None:
        period = self.draw.choice(["2016/17", "2017-07", "2018-04"])
        self._add(
            "amounts", item=self._any("items", "code"), period=period, version="approved",
            amount=self._pounds(),
        )  # fmt: skip

    def _ramp(self) -> None:
        self._cell("items", "ramp", self.draw.choice(["", "", "25;75", "100"]))

    def _value(self) -> None:
        self._cell("items", "full_year_value", self._pounds())

    def _stage(self) -> None:
        stage = self.draw.choice(["withdrawn", "design", "consultation"])
        self._cell("business_areas", "stage", stage)

    def _date(self) -> None:
        which = self.draw.choice(["forecast_on", "actual_on"])
        on = date(2016, self.draw.randint(4, 9), 1).isoformat()
        self._cell("milestones", which, self.draw.choice([on, on, ""]))

    def _size(self) -> None:
        self._cell("force_sizes", "value", str(self.draw.randint(1, 5000)))

    def _percent(self) -> None:
        self._cell("sharing_rules", "decimals", self.draw.choice(["2", "4", "exact"]))

    def _order(self) -> None:
        self.draw.shuffle(self.kept.get("forces", []))

    def _stay(self) -> None:
        self._cell("members", "left_on", self.draw.choice(["", "2017-02-01"]))

    def _area_stay(self) -> None:
        self._add(
            "area_members", area=self._any("business_areas", "code"),
            force=self._any("forces", "code"), joined_on="2016-08-01",
        )  # fmt: skip

    def _target(self) -> None:
        self._cell("alliance", "target_on", self.draw.choice(["2018-03-31", "2019-03-31", ""]))


def _told_by(size: dict[str, str]) -> tuple[str, ...]:
    return tuple(size[name] for name in _key("force_sizes"))


def exported(alliance: Alliance, folder: Path) -> Rows:
    """The sheets of the alliance's export; each row has a number at `#`."""
    export(alliance, folder)
    return {
        path.stem: [{**row, "#": str(at)} for at, row in enumerate(_read(path))]
        for path in sorted(folder.glob("*.csv"))
    }


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def as_sheets(rows: Rows) -> Sheets:
    """Lists of cells under a header, without the rows' numbers."""
    found: dict[str, list[list[Any]]] = {}
    for sheet, of_sheet in rows.items():
        header = [name for name in of_sheet[0] if name != "#"] if of_sheet else _headers(sheet)
        found[sheet] = [header, *([row[name] for name in header] for row in of_sheet)]
    return found


def _headers(sheet: str) -> list[str]:
    return [column.header for column in COLUMNS[sheet]]


def _key(sheet: str) -> tuple[str, ...]:
    key: tuple[str, ...] = ROW_TYPE[sheet].KEY
    return key
