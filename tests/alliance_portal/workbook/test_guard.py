"""Files that mean harm, or are no workbook: one plain sentence each, and the machine unhurt."""

import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from alliance_portal.workbook import guard
from alliance_portal.workbook.checking import check
from alliance_portal.workbook.problems import as_lines
from alliance_portal.workbook.reading import read
from alliance_portal.workbook.sheets import Workbook
from programmes.written.refusal import Unreadable
from tests.alliance_portal.workbook.books import (
    SMALL,
    Sheets,
    as_folder,
    as_xlsx,
    small,
    with_cell,
)


def sentence(path: Path) -> str:
    lines = as_lines(read(path).problems)
    assert len(lines) == 1
    return lines[0]


def packed(path: Path, **parts: bytes) -> Path:
    """An archive that calls itself a workbook; `__` in a name stands for `/`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


@pytest.mark.parametrize(
    "start, says",
    [
        (
            b"\xff\xd8\xff\xe0\x00\x10JFIF",
            "The file is not an Excel workbook, whatever its name says.",
        ),
        (b"", "The file is empty."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "The file is an old Excel workbook (.xls) or has a password.",
        ),
        (b"PK\x03\x04 and then nothing", "The workbook is damaged."),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(
    tmp_path: Path, start: bytes, says: str
) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(start)
    assert sentence(path).startswith(says)


def test_a_workbook_of_200_mb_when_unpacked_is_refused_before_it_is(tmp_path: Path) -> None:
    path = packed(tmp_path / "bomb.xlsx", xl__worksheets__sheet1=b" " * (200 * guard.MEGABYTE))
    assert path.stat().st_size < guard.MEGABYTE
    tracemalloc.start()
    try:
        assert sentence(path).startswith("The workbook would unpack to 200 MB; the most is 100 MB.")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 * guard.MEGABYTE


def test_a_workbook_packed_too_tightly_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "tight.xlsx", xl__sheet=b" " * (50 * guard.MEGABYTE))
    assert sentence(path).startswith("The workbook is packed more tightly than a real one.")


def test_a_workbook_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "parts.xlsx", **{f"xl__{n}": b"" for n in range(1_100)})
    assert "1,101 parts" in sentence(path)


@pytest.mark.parametrize(
    "part, says",
    [
        ("xl__externalLinks__externalLink1.xml", "The workbook has links to other workbooks."),
        ("xl__vbaProject.bin", "The workbook has macros."),
    ],
)
def test_links_and_macros_are_refused(tmp_path: Path, part: str, says: str) -> None:
    assert sentence(packed(tmp_path / "a.xlsx", **{part: b"x"})).startswith(says)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", b"hello")
    assert sentence(path).startswith("The file is an archive but not an Excel workbook.")


def with_part(path: Path, name: str, content: bytes) -> Path:
    """A copy of the workbook in which one part is another."""
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return changed


def test_xml_that_swells_is_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE b [{entities}]><worksheet>&e9;</worksheet>'
    path = with_part(as_xlsx(SMALL, tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", bomb.encode())
    assert sentence(path).startswith("The workbook cannot be read.")


def test_a_file_named_in_the_xml_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    reference = f'<!DOCTYPE w [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'
    sheet = f'<?xml version="1.0"?>{reference}<worksheet>&s;</worksheet>'
    path = with_part(
        as_xlsx(SMALL, tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", sheet.encode()
    )
    assert sentence(path).startswith("The workbook cannot be read.")


def test_one_text_repeated_until_memory_is_full_is_refused(tmp_path: Path) -> None:
    """Thirty thousand letters of shared text in 3,000 cells are 90 megabytes of cells."""
    path = as_xlsx({**SMALL, "raid": [["x"]]}, tmp_path / "a.xlsx")
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3_001))
    names = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    path = with_part(
        path, "xl/worksheets/sheet1.xml", f"{names}{cells}</sheetData></worksheet>".encode()
    )
    text = "".join(map(str, range(100_000)))[:30_000]
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    )
    path = with_part(path.rename(tmp_path / "b.xlsx"), "xl/sharedStrings.xml", strings.encode())
    assert sentence(path).startswith("The workbook holds too much to be read safely.")


def test_a_file_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_FILE", 10)
    with pytest.raises(Unreadable, match="the most is"):
        guard.check_archive(as_xlsx(SMALL, tmp_path / "a.xlsx"))


def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SECONDS", 0.01)
    path = as_xlsx(SMALL, tmp_path / "a.xlsx")
    assert sentence(path).startswith("The workbook holds too much to be read safely.")


def test_very_many_small_cells_are_refused(tmp_path: Path) -> None:
    folder = as_folder(SMALL, tmp_path / "book")
    (folder / "raid.csv").write_text(("x," * 199 + "x\n") * 10_100)
    assert sentence(folder).startswith("The workbook has more than 2,000,000 cells.")


def most_memory_of(path: Path) -> int:
    """The most that reading the workbook took in this process, in bytes."""
    tracemalloc.start()
    try:
        read(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("commas", [1_000, 2_000_000])
def test_a_csv_file_of_commas_takes_no_memory(tmp_path: Path, commas: int) -> None:
    folder = as_folder(SMALL, tmp_path / "book")
    (folder / "raid.csv").write_text(f"{',' * commas}x\n" * (20_000_000 // commas))
    assert most_memory_of(folder) < 5 * guard.MEGABYTE


def test_rows_are_counted_in_csv_files_and_spreadsheets_alike(tmp_path: Path) -> None:
    folder = as_folder(SMALL, tmp_path / "book")
    (folder / "raid.csv").write_text("code\n" + "x\n" * 300_000)
    lines = as_lines(read(folder).problems)
    assert (
        "raid: The sheet has more than 300,000 rows. Remove the rows that are not needed." in lines
    )


def test_sheets_that_the_portal_does_not_know_are_named_and_not_read(tmp_path: Path) -> None:
    folder = as_folder(SMALL, tmp_path / "book")
    for number in range(12):
        (folder / f"notes-{number}.csv").write_text("x,y\n" * 200_000)
    assert most_memory_of(folder) < guard.MEGABYTE
    assert len(read(folder).problems) == 12


def test_one_sheet_too_large_leaves_the_others_to_be_told_of(tmp_path: Path) -> None:
    sheets = with_cell("forces", 2, "name", "")
    sheets["raid"] = [["code", "kind", "title"], ["r-1", "risk", "x" * 32_768]]
    for path in (as_folder(sheets, tmp_path / "a"), wide(sheets, tmp_path / "a.xlsx")):
        lines = as_lines(read(path).problems)
        assert "forces, row 2, column name: The cell is blank. Fill it in." in lines
        assert any(line.startswith("raid, row 2: The row has ") for line in lines)


def wide(sheets: Sheets, path: Path) -> Path:
    """As an .xlsx, in which raid has a row of 201 cells; no cell of one can be too long."""
    return as_xlsx({**sheets, "raid": [["code", "kind", "title"], ["x"] * 201]}, path)


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = as_folder(SMALL, tmp_path / "book")
    secret = tmp_path / "secret"
    secret.write_text("code,name\nnorth-police,Secret\nsouth-police,Secret\n")
    (folder / "forces.csv").unlink()
    (folder / "forces.csv").symlink_to(secret)
    (folder / "README.md").symlink_to(secret)
    found = read(folder)
    assert as_lines(found.problems) == [
        "forces: forces.csv is a link to another file. Put the file itself in the folder."
    ]
    assert found.workbook.forces == ()


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    folder = as_folder(SMALL, tmp_path / "book")
    os.mkfifo(folder / "raid.csv")
    assert as_lines(read(folder).problems) == [
        "raid: raid.csv is not a file. Put a CSV file in its place."
    ]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = as_xlsx(SMALL, tmp_path / "a.xlsx")
    link = zipfile.ZipInfo("xl/worksheets/sheet99.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert sentence(path).startswith("The file is an archive but not an Excel workbook.")


def test_a_wrong_code_in_every_row_is_counted_and_told_of_a_hundred_times(tmp_path: Path) -> None:
    rows = [[f"no-{n}", "actual", "2016-04", "1", ""] for n in range(30_000)]
    path = as_folder(small(amounts=[SMALL["amounts"][0], *rows]), tmp_path / "book")
    found = check(read(path), Workbook())
    assert len(found) == 30_000
    *lines, last = as_lines(found)
    assert len(lines) == 100
    assert last.startswith("There are 29,900 problems more.")
