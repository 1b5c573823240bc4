"""A folder of CSV files, row by row."""

import csv
import io
import os
import re
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from .answering import Answer
from .encodings_of_text import encoding_of
from .limits import (
    LONGEST_CELL,
    LONGEST_LINE,
    MEGABYTE,
    MOST_ENTRIES,
    MOST_FILE,
    MOST_UNPACKED,
    Refused,
)

TABLES = {".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods"}


def read_folder(folder: str, answer: Answer) -> None:
    """Every CSV file whose name is a sheet's; one that cannot be read is named and passed over."""
    csv.field_size_limit(LONGEST_CELL)
    left = MOST_UNPACKED
    for path in _tables_in(Path(folder)):
        try:
            if answer.sheet(path.stem):
                content = _content_of(path)
                left -= len(content)
                if left < 0:
                    raise Refused("large", whole=True)
                encoding = encoding_of(path.name, content, answer)
                _read(io.TextIOWrapper(io.BytesIO(content), encoding, newline=""), answer)
        except Refused as refusal:
            if refusal.whole:
                raise
            answer.refused(refusal)


def _tables_in(folder: Path) -> list[Path]:
    """The tables among the folder's files, by name; hidden files and locks of Excel are none."""
    found = []
    for path in folder.iterdir():
        hidden = path.name.startswith((".", "~$"))
        if not hidden and path.suffix.lower() in TABLES and not stat.S_ISDIR(path.lstat().st_mode):
            found.append(path)
        if len(found) > MOST_ENTRIES:
            raise Refused("files", whole=True)
    if not found:
        raise Refused("no_files", whole=True)
    return sorted(found)


def _content_of(path: Path) -> bytes:
    """The file's bytes. A link is never followed: it may lead out of the folder."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        raise Refused("not_csv", file=path.name)
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise Refused("link" if path.is_symlink() else "closed", file=path.name) from None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refused("no_file", file=path.name)
        content = file.read(MOST_FILE + 1)
    if len(content) > MOST_FILE:
        raise Refused("file_size", file=path.name, megabytes=MOST_FILE // MEGABYTE)
    return content


def _read(file: TextIO, answer: Answer) -> None:
    lines = _bearable(file)
    first = next(lines, "")
    said = re.fullmatch("\ufeff?sep=(.)\\s*", first)
    separator = said[1] if said else _separator(first)
    reader = csv.reader(lines if said else chain([first], lines), strict=True, delimiter=separator)
    skipped = 1 if said else 0  # a spreadsheet shows no row for such a line
    number = 0
    while True:
        number += 1
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refused(error, number, line) from None
        answer.row(number, list(cells))


def _separator(first: str) -> str:
    """Tabs, where the first line has some and no comma."""
    return "\t" if "\t" in first and "," not in first else ","


def _bearable(lines: TextIO) -> Iterator[str]:
    """The lines, none so long that its cells would fill the memory."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise Refused("line", line=number)
        yield line


def _refused(error: csv.Error, number: int, line: int) -> Refused:
    """`line` counts the file's lines and is where the row begins, `number` is the row."""
    said = str(error)
    if "unexpected end of data" in said:
        return Refused("open_quotation_mark", row=number, line=line)
    if "field larger than" in said:
        return Refused("long", row=number)
    return Refused("quotation_mark", row=number, line=line)
