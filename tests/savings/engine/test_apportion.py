from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from savings.engine.apportion import NegativeWeight, NothingToShareBy, apportion
from tests.savings.engine import oracle

totals = st.one_of(st.integers(-50, 50), st.integers(-(10**12), 10**12), st.integers())
weight = st.one_of(st.integers(0, 5), st.integers(0, 10**6), st.integers(0, 2**80))
ratios = st.lists(weight, min_size=1, max_size=43).filter(any)


def test_the_three_seat_example_that_others_get_wrong():
    assert apportion(2, [3, 3, 4]) == [1, 0, 1]


def test_officer_numbers_of_devon_and_cornwall_and_dorset_give_their_percentages():
    assert apportion(1_000_000, [291421, 126596]) == [697151, 302849]


def test_the_worked_example_is_shared_to_the_penny():
    assert apportion(4123317, [697151, 302849]) == [2874575, 1248742]


def test_nothing_shared_by_nothing_is_nothing():
    assert apportion(0, [0, 0]) == [0, 0]
    assert apportion(0, []) == []


@pytest.mark.parametrize("weights", [[], [0], [0, 0, 0]])
def test_an_amount_cannot_be_shared_by_zero_weights(weights):
    with pytest.raises(NothingToShareBy):
        apportion(1, weights)


def test_a_negative_weight_is_refused():
    with pytest.raises(NegativeWeight):
        apportion(10, [3, -1])


@given(totals, ratios)
def test_it_agrees_with_the_oracle_in_fractions(total, weights):
    assume(abs(total) < 10**15)
    assert apportion(total, weights) == oracle.apportion(total, weights)


@given(totals, ratios)
def test_the_parts_add_up(total, weights):
    assert sum(apportion(total, weights)) == total


@given(totals, ratios)
def test_each_part_is_within_one_unit_of_exact(total, weights):
    for part, own in zip(apportion(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * own, sum(weights))) < 1


@given(totals, ratios)
def test_a_weight_of_zero_gets_nothing(total, weights):
    parts = apportion(total, weights)
    assert all(part == 0 for part, own in zip(parts, weights, strict=True) if own == 0)


@given(totals, ratios)
def test_no_part_has_the_wrong_sign(total, weights):
    assert all(part * total >= 0 for part in apportion(total, weights))


@given(totals, ratios)
def test_negating_the_total_negates_the_parts(total, weights):
    assert apportion(-total, weights) == [-part for part in apportion(total, weights)]


@given(totals, ratios, st.integers(1, 10**9))
def test_scaling_all_weights_changes_nothing(total, weights, factor):
    assert apportion(total, [own * factor for own in weights]) == apportion(total, weights)


@given(totals, ratios, st.randoms(use_true_random=False))
def test_permuting_forces_permutes_parts_except_between_equal_remainders(total, weights, random):
    whole = sum(weights)
    order = list(range(len(weights)))
    random.shuffle(order)
    parts = apportion(total, weights)
    permuted = apportion(total, [weights[force] for force in order])
    remainder = [abs(total) * own % whole for own in weights]
    for place, force in enumerate(order):
        if permuted[place] != parts[force]:
            assert remainder.count(remainder[force]) > 1


@given(st.integers(0, 10**12), ratios)
def test_a_heavier_force_never_gets_less_of_a_positive_total(total, weights):
    parts = sorted(zip(weights, apportion(total, weights), strict=True))
    for (lighter, less), (heavier, more) in pairwise(parts):
        assert lighter == heavier or less <= more


@given(st.integers(0, 10**9), ratios, st.data(), st.integers(1, 10**6))
def test_raising_only_my_weight_never_lowers_my_part(total, weights, data, rise):
    mine = data.draw(st.integers(0, len(weights) - 1))
    raised = [own + rise * (force == mine) for force, own in enumerate(weights)]
    assert apportion(total, raised)[mine] >= apportion(total, weights)[mine]


def test_ties_go_to_the_earlier_force():
    assert apportion(5, [1, 1, 1]) == [2, 2, 1]
    assert apportion(-5, [1, 1, 1]) == [-2, -2, -1]
