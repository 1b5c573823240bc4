"""Published files as they come: layouts, notes, gaps, totals; and a sentence for what is no such file."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from alliance_portal.size_files.cells import NotAsPublished
from alliance_portal.size_files.offered import figures_of
from alliance_portal.size_files.reading import figures_in
from programmes.models import Force
from tests.alliance_portal.size_files import files

FORCES = [
    Force(pk=1, code="devon-cornwall", name="Devon & Cornwall Police", position=1),
    Force(pk=2, code="dorset", name="Dorset Police", position=2),
]
MARCH_17, MARCH_18 = date(2017, 3, 31), date(2018, 3, 31)
OPEN = files.open_data(
    [(2017, "Devon and Cornwall", 2914.21), (2017, "Dorset", 1265.96), (2018, "Dorset", 1281.1)]
)
TABLE = files.table_1(
    [MARCH_17, "31 March 20183"],
    [("Devon & Cornwall", (2914.21, 2931.7)), ("Dorset2", (1265.96, "..")), ("Kent", (1, 2))],
    (4181.17, 9999),
)
POPULATION = files.table_p3(
    "Population figures (mid-2018) [note 1]",
    [("E23000035", "Devon & Cornwall", 1759000), ("E23000039", "Dorset", 772300)],
    2531300,
)


def read(
    content: bytes,
    folder: Path,
    suffix: str = ".xlsx",
    people: str = "OFFICERS",
    count: str = "FTE",
) -> dict[tuple[str, date], tuple[Decimal, str]]:
    path = folder / f"{'Data' if suffix == '.csv' else 'file'}{suffix}"
    path.write_bytes(content)
    found = figures_in(folder if suffix == ".csv" else path, FORCES, people, count)
    return {
        (each.force.code, each.effective_on): (each.value, each.source)
        for each in figures_of(found, FORCES, f"workforce{suffix}")
    }


def values(found: dict[Any, tuple[Decimal, str]]) -> dict[Any, Decimal]:
    return {key: value for key, (value, _) in found.items()}


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".csv"])
def test_open_data_are_added_up_without_the_noise_of_their_fractions(
    tmp_path: Path, suffix: str
) -> None:
    make = {".xlsx": files.xlsx, ".ods": files.ods}
    content = make[suffix](Data=OPEN) if suffix in make else files.as_csv(OPEN)

    found = read(content, tmp_path, suffix)

    assert values(found) == {
        ("devon-cornwall", MARCH_17): Decimal("2914.21"),
        ("dorset", MARCH_17): Decimal("1265.96"),
        ("dorset", MARCH_18): Decimal("1281.1"),
    }
    source = found["dorset", MARCH_18][1]
    assert source == f"workforce{suffix}, Data!I8 to row 9, 2 rows added up"


def test_open_data_have_other_people_and_heads(tmp_path: Path) -> None:
    found = read(files.xlsx(Data=OPEN), tmp_path, people="STAFF", count="HEADCOUNT")
    assert set(values(found).values()) == {Decimal(10)}


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_an_older_table_has_forces_among_regions_notes_and_gaps(
    tmp_path: Path, suffix: str
) -> None:
    make = files.xlsx if suffix == ".xlsx" else files.ods
    found = read(make(Cover=[("Notes",)], Table_1=TABLE), tmp_path, suffix)
    assert found == {
        ("devon-cornwall", MARCH_17): (Decimal("2914.21"), f"workforce{suffix}, Table_1!B8"),
        ("dorset", MARCH_17): (Decimal("1265.96"), f"workforce{suffix}, Table_1!B9"),
        ("devon-cornwall", MARCH_18): (Decimal("2931.7"), f"workforce{suffix}, Table_1!C8"),
    }


def test_population_is_found_by_area_codes_and_is_of_the_middle_of_the_year(tmp_path: Path) -> None:
    found = read(files.xlsx(Table__P3=POPULATION), tmp_path)
    assert values(found) == {
        ("devon-cornwall", date(2018, 6, 30)): Decimal(1759000),
        ("dorset", date(2018, 6, 30)): Decimal(772300),
    }


def changed(rows: files.Rows, row: int, column: int, value: Any) -> files.Rows:
    """The same with another value in a cell; both counted from 1."""
    found = [list(each) for each in rows]
    found[row - 1][column - 1] = value
    return found


@pytest.mark.parametrize(
    ("sheets", "says"),
    [
        ({"Table_1": changed(TABLE, 9, 2, "69.7%")}, "Table_1!B9: “69.7%” is no number of people"),
        ({"Table_1": changed(TABLE, 9, 2, -5)}, "Table_1!B9: “-5” is no number of people"),
        ({"Table_1": changed(TABLE, 9, 2, "=A1")}, "Table_1!B9: The cell has a formula"),
        ({"Table_1": changed(TABLE, 11, 2, 4281.17)}, "Table_1!B11 says 4,281.17 in all, and the "),
        ({"Table_1": changed(TABLE, 10, 1, "Dorset")}, "Dorset stands in rows 9 and 10"),
        ({"Table_1": changed(TABLE, 6, 3, MARCH_17)}, "31 March 2017 stands at the head of two"),
        ({"Table_1": TABLE[:4]}, "The sheet Table_1 has no row of dates below “As at”"),
        ({"Table_1": [*TABLE[:7], *TABLE[9:]]}, "Table_1!B9 says 4,181.17 in all"),
        (
            {"Table_1": [*TABLE[:7], *TABLE[11:]]},
            "The sheet Table_1 has no figure of this alliance",
        ),
        ({"Data": changed(OPEN, 1, 9, "FTE")}, "The sheet Data has no column headed “Total (fte)”"),
        ({"Data": changed(OPEN, 2, 1, "")}, "Data!A2: it does not say a year"),
        ({"Data": OPEN[:1]}, "it has none: choose other people to count"),
        ({"Data": []}, "The sheet Data is empty"),
        ({"Table__P3": changed(POPULATION, 3, 3, "All")}, "no column says of which year"),
        (
            {"Sheet1": OPEN, "Notes": []},
            "None of its sheets is “Data”, “Table_1” or “Table P3”; it",
        ),
    ],
)
def test_what_is_not_as_published_is_one_sentence_at_its_cell(
    tmp_path: Path, sheets: dict[str, files.Rows], says: str
) -> None:
    with pytest.raises(NotAsPublished) as refused:
        read(files.xlsx(**sheets), tmp_path)
    assert len(refused.value.sentences) == 1
    assert says in refused.value.sentences[0]


def test_merged_cells_are_named(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    path.write_bytes(files.xlsx(Table_1=TABLE))
    book = openpyxl.load_workbook(path)
    book["Table_1"].merge_cells("B9:C9")
    book.save(path)
    with pytest.raises(NotAsPublished, match="The sheet Table_1: The cells B9:C9 are merged"):
        read(path.read_bytes(), tmp_path)


@pytest.mark.parametrize(
    ("content", "suffix", "says"),
    [
        (b"\xff\xd8\xff\xe0 a photo", ".xlsx", "The file is not an Excel workbook, whatever its"),
        (b"\xff\xd8\xff\xe0 a photo", ".ods", "The file is not an OpenDocument spreadsheet"),
        (
            files.xlsx(Data=OPEN),
            ".ods",
            "The file is an archive but not an OpenDocument spreadsheet",
        ),
        (files.ods(Data=OPEN)[:-30], ".ods", "The workbook is damaged"),
        (files.ods(1_048_576, Data=[(1, 2, 3)]), ".ods", "more than 300,000 rows"),
        (b"\xff\xd8\xff\xe0\x00 a photo", ".csv", "Data.csv is not a CSV file in UTF-8"),
        (b"", ".ods", "The file is empty"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, suffix: str, says: str
) -> None:
    with pytest.raises(NotAsPublished, match=says):
        read(content, tmp_path, suffix)
