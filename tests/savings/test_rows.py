"""Whole numbers read as columns: what a query gives, however much, and never a null for a number."""

import numpy as np
import pytest
from django.db import connection

from savings.rows import INT4, INT8, binary_rows_type, int8_array, read_columns, write_binary_rows

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

_ROW = binary_rows_type(grant=INT4, pence=INT8, parts=int8_array(3))


@pytest.mark.parametrize("count", [0, 1, 2, 70_000])
def test_columns_hold_what_the_query_gives(count: int) -> None:
    found = read_columns(
        "SELECT (n % 2)::int4, -n * 9000000000, ARRAY[n, -n, n * 9000000000]"
        f" FROM generate_series(0::bigint, {count - 1}) AS n ORDER BY n DESC",
        _ROW,
    )
    n = np.arange(count)[::-1]
    assert (found["grant"] == n % 2).all()
    assert (found["pence"] == -n * 9_000_000_000).all()
    assert found["parts"].shape == (count, 3)
    assert (found["parts"] == np.stack([n, -n, n * 9_000_000_000], axis=1)).all()


def test_what_was_written_is_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written (pence bigint, parts bigint[])")
    row = binary_rows_type(pence=INT8, parts=int8_array(2))
    pence = np.array([-1, 0, 2**62])
    parts = np.array([[5, -(2**62)], [0, 0], [7, 8]])
    write_binary_rows("written", row, {"pence": pence, "parts": parts})
    found = read_columns("SELECT pence, parts FROM written ORDER BY pence", row)
    assert (found["pence"] == pence).all()
    assert (found["parts"] == parts).all()


@pytest.mark.parametrize(
    "select",
    ["SELECT n::int4, NULLIF(n, 2), ARRAY[n, n, n]", "SELECT n::int4, n, ARRAY[n, NULL, n]"],
)
def test_a_null_is_no_number(select: str) -> None:
    with pytest.raises(ValueError, match="null"):
        read_columns(f"{select} FROM generate_series(1::bigint, 3) AS n", _ROW)
