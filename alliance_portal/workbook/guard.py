"""Nothing of an .xlsx file is parsed before it has passed here, and then in another process.

The archive's own directory is checked first: what it holds, how large it unpacks, how it is
packed. Then `unpacking` reads the cells under limits of memory and time. A file that fails raises
`Unreadable` with one plain sentence and what to do.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alliance_portal.workbook.problems import Unreadable

MEGABYTE = 1024 * 1024
MOST_FILE = 50 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
MOST_ENTRIES = 1_000
MOST_RATIO = 200
SECONDS = 90

_SCRIPT = Path(__file__).with_name("unpacking.py")
_SAVE_AGAIN = "Open it in a spreadsheet program and save it as an Excel workbook (.xlsx)."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSALS = {
    "damaged": ("The workbook is damaged.", _SAVE_AGAIN),
    "unreadable": ("The workbook cannot be read.", _SAVE_AGAIN),
    "large": ("The workbook holds too much to be read safely.", "Remove what is not needed."),
    "rows": ("A sheet has more than 300,000 rows.", "Remove the rows that are not needed."),
    "columns": ("A row has more than 200 cells.", "Delete what stands right of the columns."),
    "unsafe": (
        "The portal cannot read workbooks safely at the moment.",
        "Ask the administrator to install defusedxml.",
    ),
}


def cells_of(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that `unpacking` prints for a file that is safe to read; see there."""
    check_archive(path)
    for line in _unpacked(path).splitlines():
        found: dict[str, Any] = json.loads(line)
        if "refused" in found:
            raise Unreadable(*_REFUSALS[found["refused"]])
        if "end" in found:
            return
        yield found
    raise Unreadable(*_REFUSALS["large"])


def check_archive(path: Path) -> None:
    """Returns if the file is an .xlsx of bearable size; reads its directory, not its content."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("The file is empty.", "Choose the workbook again.")
    if size > MOST_FILE:
        what = f"The file has {size // MEGABYTE} MB; the most is {MOST_FILE // MEGABYTE} MB."
        raise Unreadable(what, "Remove pictures and what else is not needed.")
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLD_EXCEL:
        what = "The file is an old Excel workbook (.xls) or has a password."
        raise Unreadable(what, "Save it without a password as an Excel workbook (.xlsx).")
    if not start.startswith(b"PK"):
        what = "The file is not an Excel workbook, whatever its name says."
        raise Unreadable(what, "Choose an .xlsx file or a folder of CSV files.")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeError):
        raise Unreadable(*_REFUSALS["damaged"]) from None
    _check_entries(entries, packed=size)


def _check_entries(entries: list[zipfile.ZipInfo], *, packed: int) -> None:
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if "xl/workbook.xml" not in names or len(names) != len(entries):
        raise Unreadable("The file is an archive but not an Excel workbook.", _SAVE_AGAIN)
    if len(entries) > MOST_ENTRIES:
        what = f"The workbook has {len(entries):,} parts; the most is {MOST_ENTRIES:,}."
        raise Unreadable(what, "Remove pictures and what else is not needed.")
    if unpacked > MOST_UNPACKED:
        what = (
            f"The workbook would unpack to {unpacked // MEGABYTE:,} MB; "
            f"the most is {MOST_UNPACKED // MEGABYTE} MB."
        )
        raise Unreadable(what, "Remove what is not needed, and empty rows and columns with it.")
    if unpacked > MEGABYTE and unpacked > MOST_RATIO * packed:
        what = "The workbook is packed more tightly than a real one."
        raise Unreadable(what, _SAVE_AGAIN)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("The workbook has a password.", "Save it without a password.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        what = "The workbook has links to other workbooks."
        raise Unreadable(what, "Break the links (Data, Edit links) and save it again.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("The workbook has macros.", _SAVE_AGAIN)


def _unpacked(path: Path) -> str:
    command = [sys.executable, "-I", str(_SCRIPT), str(path.resolve())]
    try:
        done = subprocess.run(  # noqa: S603  (our own script, no shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(*_REFUSALS["large"]) from None
    return done.stdout.decode("ascii", errors="replace")
