import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.engine import bulk
from savings.engine.apportion import NegativeWeight, NothingToShareBy
from savings.engine.bulk import share_pools
from savings.engine.pool import share_pool
from tests.savings.engine.strategies import pools
from tests.savings.engine.test_pool import NEIGHBOUR_POOL


def run_both(many):
    starts = np.cumsum([0, *(len(amounts) for amounts, _ in many)])
    pence = np.array([one for amounts, _ in many for one in amounts], dtype=np.int64)
    shared = share_pools(pence, starts, [weights for _, weights in many])
    assert len(shared.totals) == len(many)
    for index, (amounts, weights) in enumerate(many):
        expected = share_pool(amounts, weights)
        own = shared.shares[shared.offsets[index] : shared.offsets[index + 1]]
        assert own.tolist() == [share for line in expected.lines for share in line]
        assert shared.totals[index] == list(expected.totals)
    return shared


@settings(deadline=None)
@given(st.lists(pools(), max_size=8))
def test_it_gives_for_every_pool_exactly_what_share_pool_gives(many):
    run_both(many)


@settings(deadline=None, max_examples=10)
@given(st.lists(pools(min_forces=43, max_forces=43, max_lines=20), max_size=3))
def test_it_agrees_for_forty_three_forces(many):
    run_both(many)


def random_pools(seed, count, most_forces, most_lines, largest):
    chooser = random.Random(seed)
    return [
        (
            [
                chooser.randint(-largest // 9, largest)
                for _ in range(chooser.randint(0, most_lines))
            ],
            [chooser.randint(1, 10**6) for _ in range(chooser.randint(1, most_forces))],
        )
        for _ in range(count)
    ]


def test_it_agrees_on_a_thousand_ordinary_pools():
    run_both(random_pools(5, 1000, 5, 40, 10**8))


def test_it_agrees_on_small_pools_that_need_chains_and_the_last_resort():
    run_both([*random_pools(6, 3000, 9, 4, 30), NEIGHBOUR_POOL, NEIGHBOUR_POOL])


def test_it_agrees_where_many_remainders_tie():
    chooser = random.Random(10)
    run_both(
        [
            (
                [chooser.choice([-7, -1, 1, 1, 2, 5, 11]) for _ in range(chooser.randint(2, 30))],
                [chooser.randint(1, 2) for _ in range(chooser.randint(2, 8))],
            )
            for _ in range(1000)
        ]
    )


def test_it_agrees_on_pools_too_large_for_rounds():
    run_both(random_pools(7, 3, 6, 4 * bulk.LINES_FOR_ROUNDS, 10**7))


def test_where_blocks_and_rounds_end_changes_nothing(monkeypatch):
    monkeypatch.setattr(bulk, "CELLS_PER_BLOCK", 50)
    monkeypatch.setattr(bulk, "MOST_ROUNDS", 2)
    run_both(random_pools(8, 200, 4, 60, 10**6))


def test_amounts_and_weights_beyond_sixty_three_bits_take_the_slow_road():
    largest = 2**63 - 1
    run_both(
        [
            ([largest, largest, -5, 7], [3, 7, 2**90]),
            ([-(2**63), -(2**63), 1], [1, 1]),
            ([largest], [697151, 302849]),
            ([10, 20], [1, 2]),
            ([2**40, 2**40 + 1], [2**21 - 1, 2**20]),
        ]
    )


def test_ranks_beyond_sixty_three_bits_take_the_slow_road():
    """The products fit; a remainder times the number of forces, which ranks it, does not."""
    for forces in (9, 43):
        weights = [*range(1, forces), 2**60]
        run_both([([1], weights), ([1, -1, 1], weights), ([1], weights[::-1])])


def test_no_pools_and_empty_pools_are_fine():
    assert run_both([]).shares.tolist() == []
    run_both([([], [1, 2]), ([5, 6], [1, 2]), ([], [1, 2]), ([0], [0, 0]), ([], [])])


def test_it_refuses_what_share_pool_refuses():
    with pytest.raises(NothingToShareBy):
        share_pools(np.array([1]), np.array([0, 1]), [[0, 0]])
    with pytest.raises(NegativeWeight):
        share_pools(np.array([1]), np.array([0, 1]), [[2, -1]])


def test_a_pool_of_twenty_thousand_lines_and_forty_three_forces_ties_both_ways():
    chooser = random.Random(9)
    pence = np.array([chooser.randint(-(10**6), 10**8) for _ in range(20_000)])
    weights = [chooser.randint(1, 10**5) for _ in range(43)]
    shared = share_pools(pence, np.array([0, 20_000]), [weights])
    lines = shared.shares.reshape(20_000, 43)
    assert (lines.sum(axis=1) == pence).all()
    assert lines.sum(axis=0).tolist() == shared.totals[0]
