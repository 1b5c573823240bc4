"""Nothing of a workbook is parsed before it has passed here, and then in another process.

Of an .xlsx or .ods the archive's own directory is checked first: what it holds, how large it
unpacks, how it is packed. Then `unpacking` reads the cells, of .xlsx, .ods and CSV files alike,
under limits of memory, time and size. What fails raises `Unreadable` with one plain sentence and
what to do.
"""

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from alliance_portal.workbook.refusals import DAMAGED, LARGE, SAVE_AGAIN, sentence
from alliance_portal.workbook.unpacking.limits import (
    MEGABYTE,
    MOST_ENTRIES,
    MOST_FILE,
    MOST_TEXT,
    MOST_UNPACKED,
)
from programmes.written.refusal import Unreadable

MOST_RATIO = 200
# By the clock: a busy machine may need long for what `unpacking` does in a minute of its processor.
SECONDS = 240
# What the process says of a workbook, with room for a last refusal.
MOST_ANSWER = MOST_TEXT + MEGABYTE

# `-I` keeps the environment and the current folder out; the package is found by its own folder.
_RUN = "import sys; sys.path.append(sys.argv.pop(1)); from unpacking.main import main; main(*sys.argv[1:])"
_FOLDER = Path(__file__).parent
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINK = 0o120000
_KINDS = {".xlsx": "an Excel workbook", ".ods": "an OpenDocument spreadsheet"}
# What no file of the kind is without.
_HEART = {".xlsx": "xl/workbook.xml", ".ods": "content.xml"}


def lines_of(path: Path, known: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The lines that `unpacking` prints of a workbook; see there. `known` names the sheets to read.

    One line at a time is held, and no more is read than is borne. Raises Unreadable.
    """
    if not path.is_dir():
        check_archive(path)
    with _unpacking(path, known) as answer:
        left = MOST_ANSWER
        while line := answer.readline(left):
            left -= len(line)
            if not line.endswith(b"\n"):
                break
            found: dict[str, Any] = json.loads(line)
            if "refused" in found:
                raise sentence(found.pop("refused"), found)
            if "end" in found:
                return
            yield found
    raise LARGE


def check_archive(path: Path) -> None:
    """Returns if the file is an .xlsx, or by its name an .ods, of bearable size; its content is not read."""
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
        what = f"The file is not {_KINDS[_kind(path)]}, whatever its name says."
        raise Unreadable(what, "Choose the file that a spreadsheet program saved.")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeError):
        raise DAMAGED from None
    _check_entries(entries, packed=size, kind=_kind(path))


def _kind(path: Path) -> str:
    return ".ods" if path.suffix.lower() == ".ods" else ".xlsx"


def _check_entries(entries: list[zipfile.ZipInfo], *, packed: int, kind: str) -> None:
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    links = any(entry.external_attr >> 16 & 0o170000 == _LINK for entry in entries)
    if _HEART[kind] not in names or len(names) != len(entries) or links:
        raise Unreadable(f"The file is an archive but not {_KINDS[kind]}.", SAVE_AGAIN)
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
        raise Unreadable(what, SAVE_AGAIN)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("The workbook has a password.", "Save it without a password.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        what = "The workbook has links to other workbooks."
        raise Unreadable(what, "Break the links (Data, Edit links) and save it again.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("The workbook has macros.", SAVE_AGAIN)


@contextmanager
def _unpacking(path: Path, known: Iterable[str]) -> Iterator[IO[bytes]]:
    """What the process prints; it is ended when its time is up or nobody reads on."""
    command = [sys.executable, "-I", "-c", _RUN, str(_FOLDER), str(path.resolve()), ",".join(known)]
    with subprocess.Popen(  # noqa: S603  (our own script, no shell)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
    ) as process:
        assert process.stdout is not None
        watch = threading.Timer(SECONDS, process.kill)
        watch.start()
        try:
            yield process.stdout
        finally:
            watch.cancel()
            process.kill()
