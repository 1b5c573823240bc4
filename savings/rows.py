"""Rows of whole numbers to and from PostgreSQL in its binary COPY format, without touching each row.

The format (PostgreSQL manual, COPY, “Binary Format”): a header of 19 bytes; for each row a 16-bit
count of fields, then for each field its length and its bytes, big-endian; a 16-bit -1 at the end.
With fixed-width fields and no nulls every row is as long as the next, so a NumPy record is a row;
arrays too, if all of them have equally many elements (array_send in PostgreSQL's arrayfuncs.c).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

INT4 = ">i4"
INT8 = ">i8"

_INT8_OID = 20

_COUNT = np.dtype(">i2")
_HEADER = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
_TRAILER = b"\xff\xff"
_BYTES_AT_ONCE = 1 << 20


def int8_array(length: int) -> np.dtype[np.void]:
    """The kind of a field that holds an array of this many INT8, none of them null."""
    cell = np.dtype([("_length", INT4), ("value", INT8)])
    heads = [(name, INT4) for name in ("_dimensions", "_nulls", "_type", "_size", "_first")]
    return np.dtype([*heads, ("cells", cell, (length,))])


def binary_rows_type(**fields: str | np.dtype[np.void]) -> np.dtype[np.void]:
    """The NumPy record of a row with these fields, INT4, INT8 or an array, in this order."""
    parts: list[tuple[str, str | np.dtype[Any]]] = [("_count", _COUNT)]
    for name, kind in fields.items():
        parts += [(f"_length_{name}", INT4), (name, kind)]
    return np.dtype(parts)


def read_columns(select: str, row: np.dtype[np.void]) -> npt.NDArray[np.void]:
    """The rows of a query as records of native 64-bit integers, the fields those of `row`.

    An array is as long as `row` says. One query, whose answer is a single row with an array for
    each column: a client that is given a row at a time stops for every one of them, and each time
    waits for its turn among the threads of its process. Raises ValueError for a null.
    """
    names = _fields(row)
    quoted = [f'"{name}"' for name in names]
    every = ", ".join(f"array_agg({name})" for name in quoted)
    out = BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY (SELECT {every} FROM ({select}) AS found ({', '.join(quoted)}))"  # noqa: S608
            " TO STDOUT (FORMAT binary)",
            out,
        )
    data = out.getbuffer()
    at, columns = len(_HEADER) + _COUNT.itemsize, []
    for name in names:
        kind = row.fields[name][0]  # type: ignore[index]
        length = int(np.frombuffer(data, INT4, 1, at)[0])
        at += 4
        columns.append(_column(data[at : at + max(length, 0)], kind))
        at += max(length, 0)
    found = np.empty(
        len(columns[0]),
        [(name, np.int64, each.shape[1:]) for name, each in zip(names, columns, strict=True)],
    )
    for name, each in zip(names, columns, strict=True):
        found[name] = each
    return found


def _column(data: memoryview, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    """The numbers of an array as array_send lays it out: a head, then each cell with its length.

    Nothing where there was no row to aggregate. Raises ValueError for a cell that is null.
    """
    shape = kind["cells"].shape if kind.names else ()
    value = kind["cells"].base["value"] if kind.names else kind
    if not data:
        return np.empty((0, *shape), np.int64)
    head = np.frombuffer(data, INT4, 3 + 2 * (1 + len(shape)))
    if head[1]:
        raise ValueError("A column of whole numbers holds a null.")
    cells = np.frombuffer(data, np.dtype([("_length", INT4), ("value", value)]), -1, head.nbytes)
    return cells["value"].reshape(-1, *shape)


def write_binary_rows(
    table: str, row: np.dtype[np.void], columns: Mapping[str, npt.NDArray[np.int64]]
) -> None:
    """Append rows to `table`; `columns` has an array of equal length for every field of `row`.

    For a field that is an array it is of two dimensions.
    """
    names = ", ".join(columns)
    # COPY goes past Django, which would otherwise give its own names to what the database refuses.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN (FORMAT binary)",
            _Stream(_packed(row, columns)),
            _BYTES_AT_ONCE,
        )


class _Stream:
    """Pieces of bytes as a file that is read from beginning to end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, _size: int) -> bytes:
        """The next piece, however long; nothing at the end."""
        return next(self._pieces, b"")


def _packed(
    row: np.dtype[np.void], columns: Mapping[str, npt.NDArray[np.int64]]
) -> Iterator[bytes]:
    """Rows packed a piece at a time, while PostgreSQL takes in the piece before."""
    count = len(next(iter(columns.values())))
    step = _BYTES_AT_ONCE // row.itemsize
    packed = np.empty(min(step, count), dtype=row)
    packed["_count"] = len(columns)
    for name in columns:
        kind = row.fields[name][0]  # type: ignore[index]
        packed[f"_length_{name}"] = kind.itemsize
        if kind.names:
            cells = packed[name]["cells"]
            packed[name]["_dimensions"], packed[name]["_nulls"] = 1, 0
            packed[name]["_type"], packed[name]["_size"] = _INT8_OID, cells.shape[1]
            packed[name]["_first"], cells["_length"] = 1, cells["value"].itemsize
    yield _HEADER
    for first in range(0, count, step):
        piece = packed[: min(step, count - first)]
        for name, values in columns.items():
            _values(piece, name)[:] = values[first : first + step]
        yield piece.tobytes()
    yield _TRAILER


def _values(packed: npt.NDArray[np.void], name: str) -> npt.NDArray[Any]:
    """Where a field's numbers stand: a column, or for an array as many columns as it is long."""
    field = packed[name]
    return field if field.dtype.names is None else field["cells"]["value"]


def write_text_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, never_null: Sequence[str]
) -> None:
    """Append rows of any values to `table`; None is null, and so is "" but in a `never_null` column."""
    stream = StringIO()
    csv.writer(stream).writerows(rows)
    stream.seek(0)
    force = f", FORCE_NOT_NULL ({', '.join(never_null)})" if never_null else ""
    # Django does not turn the errors of COPY into its own unless told to.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv{force})", stream
        )


def _fields(row: np.dtype[Any]) -> list[str]:
    return [name for name in row.names or () if not name.startswith("_")]
