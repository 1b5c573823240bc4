"""Which chain of forces an odd penny takes where there are several as short."""

import pytest

from savings.engine.agreement import Hop, Line, shortest_chain


@pytest.mark.parametrize("sign", [1, -1])
def test_of_chains_as_short_the_one_that_costs_least_remainder_is_taken(sign: int) -> None:
    giver = Line(sign, [5, 3, 4, 4], [True, False, False, False])

    chain = shortest_chain([giver], [3 * sign, -sign, -sign, -sign], sign)

    assert chain == [Hop(0, 0, 2)]


def test_of_rows_that_cost_the_same_the_earlier_is_taken() -> None:
    rows = [Line(1, [5, 3], [True, False]), Line(1, [5, 4], [True, False])]

    assert shortest_chain(rows, [1, -1], 1) == [Hop(1, 0, 1)]
    assert shortest_chain([*rows, rows[1]], [1, -1], 1) == [Hop(1, 0, 1)]
