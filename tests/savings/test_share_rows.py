"""Rows of shares compared as arrays, against the same done one share at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from savings.share_rows import ShareRows, compare

Stored = dict[tuple[int, int], list[int]]

# Few pools, amounts and pence, so that much is alike. A pool has as many forces as its number.
STORED = st.dictionaries(
    st.tuples(st.integers(1, 3), st.integers(1, 4)),
    st.lists(st.integers(0, 1), min_size=3),
    max_size=12,
).map(lambda found: {key: pence[: key[0]] for key, pence in found.items()})


def as_rows(stored: Stored) -> list[ShareRows]:
    lengths = sorted({len(pence) for pence in stored.values()})
    return [
        ShareRows(
            np.array([pool for pool, _ in alike], np.int64),
            np.array([amount for _, amount in alike], np.int64),
            np.array([stored[key] for key in alike], np.int64),
        )
        for length in lengths
        if (alike := [key for key, pence in stored.items() if len(pence) == length])
    ]


def as_stored(rows: list[ShareRows]) -> Stored:
    return {
        (pool, amount): pence
        for found in rows
        for pool, amount, pence in zip(*(column.tolist() for column in found), strict=True)
    }


@given(STORED, STORED)
def test_what_differs_is_what_differs_share_by_share(new: Stored, old: Stored) -> None:
    differences = compare(as_rows(new), as_rows(old))
    assert as_stored(differences.fresh) == {
        key: pence for key, pence in new.items() if old.get(key) != pence
    }
    assert as_stored(differences.stale) == {
        key: pence for key, pence in old.items() if new.get(key) != pence
    }
    cells: dict[int, int] = {}
    for key in new.keys() | old.keys():
        before, after = old.get(key), new.get(key)
        either = before or after or []
        unlike = sum((before or either)[at] != (after or either)[at] for at in range(key[0]))
        count = unlike if before and after else len(either)
        if count:
            cells[key[0]] = cells.get(key[0], 0) + count
    assert differences.by_pool() == cells
