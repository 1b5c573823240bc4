import random
from fractions import Fraction
from itertools import combinations
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.engine.apportion import NegativeWeight, NothingToShareBy, apportion
from savings.engine.pool import share_pool
from tests.savings.engine.strategies import pools

NEIGHBOUR_POOL = [10, 16], [2, 2, 6, 5, 5]


def check_laws(amounts, weights):
    pool = share_pool(amounts, weights)
    whole, total = sum(weights), sum(amounts)
    assert pool.total == total == sum(pool.totals)
    for amount, line in zip(amounts, pool.lines, strict=True):
        assert sum(line) == amount
        for own, share in zip(weights, line, strict=True):
            assert abs(share - Fraction(amount * own, whole)) < 1
    for force, own in enumerate(weights):
        assert sum(line[force] for line in pool.lines) == pool.totals[force]
        assert abs(pool.totals[force] - Fraction(total * own, whole)) < 1
    assert pool.took_neighbour == (list(pool.totals) != apportion(total, weights))
    return pool


@given(pools())
def test_every_line_and_every_force_adds_up_and_no_share_is_a_penny_from_exact(pool):
    check_laws(*pool)


@settings(max_examples=15, deadline=None)
@given(pools(min_forces=43, max_forces=43, max_lines=25))
def test_the_laws_hold_for_forty_three_forces(pool):
    check_laws(*pool)


@given(pools())
def test_turning_every_sign_round_turns_every_share_round_and_nothing_else(pool):
    amounts, weights = pool
    there, back = share_pool(amounts, weights), share_pool([-one for one in amounts], weights)
    assert back.lines == tuple(tuple(-share for share in line) for line in there.lines)
    assert back.start == tuple(tuple(-share for share in line) for line in there.start)
    assert back.totals == tuple(-share for share in there.totals)
    assert back.took_neighbour == there.took_neighbour


@given(pools())
def test_the_same_inputs_give_the_same_shares(pool):
    assert share_pool(*pool) == share_pool(*pool)


@given(pools(), st.integers(2, 10**6))
def test_scaling_all_weights_changes_nothing(pool, factor):
    amounts, weights = pool
    assert share_pool(amounts, [own * factor for own in weights]) == share_pool(amounts, weights)


@given(pools())
def test_a_weight_of_zero_gets_nothing_and_no_share_has_the_wrong_sign(pool):
    amounts, weights = pool
    for amount, line in zip(amounts, share_pool(amounts, weights).lines, strict=True):
        for own, share in zip(weights, line, strict=True):
            assert share * amount >= 0
            assert own or share == 0


@given(pools())
def test_the_start_is_each_line_apportioned_by_itself(pool):
    amounts, weights = pool
    shared = share_pool(amounts, weights)
    assert [list(line) for line in shared.start] == [apportion(one, weights) for one in amounts]
    for index in range(len(amounts)):
        assert set(shared.moved(index)) <= {-1, 0, 1}
        assert (index in shared.moved_lines) == any(shared.moved(index))


@given(pools(max_lines=1))
def test_a_single_line_is_its_largest_remainder(pool):
    amounts, weights = pool
    shared = share_pool(amounts, weights)
    assert shared.moved_lines == () and not shared.took_neighbour
    assert [list(line) for line in shared.lines] == [apportion(one, weights) for one in amounts]


@given(st.lists(st.integers(-(10**7), 10**7), max_size=20), st.integers(2, 8), st.randoms())
def test_permuting_forces_permutes_shares_where_nothing_ties(amounts, forces, shuffler):
    weights = [10**12 + 39 + 10**9 * force**3 + 7919 * force for force in range(forces)]
    order = list(range(forces))
    shuffler.shuffle(order)
    shared = share_pool(amounts, weights)
    permuted = share_pool(amounts, [weights[force] for force in order])
    for line, other in zip(shared.lines, permuted.lines, strict=True):
        assert [line[force] for force in order] == list(other)


def small_pools(seed, count):
    """Pools of a few small amounts, where direct moves run out and remainders often tie."""
    chooser = random.Random(seed)
    for _ in range(count):
        weights = [chooser.randint(1, 9) for _ in range(chooser.randint(4, 9))]
        yield [chooser.randint(-30, 30) for _ in range(chooser.randint(2, 4))], weights


def test_small_pools_of_many_forces_hold_the_laws_through_chains_and_the_last_resort():
    for amounts, weights in small_pools(11, 3000):
        there = check_laws(amounts, weights)
        back = share_pool([-one for one in amounts], weights)
        assert back.lines == tuple(tuple(-share for share in line) for line in there.lines)


def can_agree(amounts, weights):
    """Whether some rounding of the lines gives the total's largest remainder, by trying all."""
    whole, reached = sum(weights), {tuple([0] * len(weights))}
    for amount in amounts:
        low = [amount * own // whole for own in weights]
        loose = [force for force, own in enumerate(weights) if amount * own % whole]
        choices = combinations(loose, amount - sum(low))
        lines = [[pence + (force in up) for force, pence in enumerate(low)] for up in choices]
        reached = {tuple(map(add, have, line)) for have in reached for line in lines}
    return tuple(apportion(sum(amounts), weights)) in reached


def test_a_total_takes_its_other_penny_only_if_nothing_else_agrees():
    taken = 0
    for amounts, weights in [NEIGHBOUR_POOL, *small_pools(12, 12000)]:
        if share_pool(amounts, weights).took_neighbour:
            assert not can_agree(amounts, weights)
            taken += 1
    assert taken
    assert can_agree([10, 17], [2, 2, 6, 5, 5])


def test_two_equal_forces_end_equal_over_many_odd_pennies():
    shared = check_laws([1] * 1001, [1, 1])
    assert shared.totals == (501, 500)


def test_a_grant_is_a_negative_line_of_its_cost_pool():
    shared = check_laws([10001, -3333], [697151, 302849])
    assert shared.total == 6668
    assert shared.lines[1][0] < 0 and shared.lines[1][1] < 0


def test_an_empty_pool_and_a_pool_of_zeros_have_no_shares_to_give():
    assert share_pool([], [2, 1]).totals == (0, 0)
    assert share_pool([0, 0], [2, 1]).lines == ((0, 0), (0, 0))
    assert share_pool([0], [0, 0]).lines == ((0, 0),)


def test_amounts_cannot_be_shared_by_zero_weights_even_if_they_cancel_out():
    with pytest.raises(NothingToShareBy):
        share_pool([5, -5], [0, 0])
    with pytest.raises(NegativeWeight):
        share_pool([5], [1, -1])


def others_touched(amounts, weights, index, new):
    """How many other lines change when one amount does."""
    before = share_pool(amounts, weights).lines
    after = share_pool([*amounts[:index], new, *amounts[index + 1 :]], weights).lines
    return sum(
        line != other
        for position, (line, other) in enumerate(zip(before, after, strict=True))
        if position != index
    )


@given(
    st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=30),
    st.lists(st.integers(1, 10**6), min_size=2, max_size=2),
    st.integers(-(10**7), 10**7),
    st.data(),
)
def test_between_two_forces_an_edit_of_one_line_touches_at_most_two_others(
    amounts, weights, new, data
):
    index = data.draw(st.integers(0, len(amounts) - 1))
    assert others_touched(amounts, weights, index, new) <= 2


@pytest.mark.parametrize(("forces", "most"), [(3, 1.0), (4, 1.5), (8, 4.0)])
def test_an_edit_of_one_line_touches_few_others_on_average(forces, most):
    chooser = random.Random(forces)
    touched = []
    for _ in range(150):
        weights = [chooser.randint(800, 30000) for _ in range(forces)]
        amounts = [chooser.randint(-(10**4), 10**7) for _ in range(28)]
        index, new = chooser.randrange(28), chooser.randint(0, 10**7)
        touched.append(others_touched(amounts, weights, index, new))
    assert sum(touched) / len(touched) <= most
    assert max(touched) <= 2 * forces
