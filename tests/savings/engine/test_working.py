from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.engine.apportion import NothingToShareBy
from savings.engine.pool import share_pool
from savings.engine.working import explain_line
from tests.savings.engine.strategies import pools


def test_the_working_of_the_example_names_the_odd_penny():
    working = explain_line([4123317], [697151, 302849], 0)
    devon_and_cornwall, dorset = working.forces
    assert working.odd_pennies == 1 and not working.was_moved
    assert (devon_and_cornwall.whole_pence, dorset.whole_pence) == (2874574, 1248742)
    assert (devon_and_cornwall.share, dorset.share) == (2874575, 1248742)
    assert devon_and_cornwall.got_odd_penny and not dorset.got_odd_penny
    assert (devon_and_cornwall.rank, dorset.rank) == (1, 2)
    assert dorset.remainder == Fraction(4123317 * 302849 % 1_000_000, 1_000_000)


@given(pools(), st.data())
def test_each_share_is_its_whole_pence_its_odd_penny_and_the_move(pool, data):
    amounts, weights = pool
    if not amounts:
        return
    index = data.draw(st.integers(0, len(amounts) - 1))
    working = explain_line(amounts, weights, index)
    sign = -1 if amounts[index] < 0 else 1
    assert sum(force.got_odd_penny for force in working.forces) == working.odd_pennies
    assert tuple(force.share for force in working.forces) == share_pool(*pool).lines[index]
    for force in working.forces:
        assert force.exact == force.whole_pence + force.remainder
        assert 0 <= force.remainder * sign < 1
        odd = sign * force.got_odd_penny
        assert force.share == force.whole_pence + odd + force.moved_by_agreement


def test_a_penny_that_agreement_moved_is_shown():
    amounts = [1] * 4
    moved = [explain_line(amounts, [1, 1], index) for index in range(4)]
    assert sum(working.was_moved for working in moved) == 2
    assert [working.forces[0].moved_by_agreement for working in moved] == [-1, -1, 0, 0]


def test_there_is_no_working_without_weights_or_beyond_the_pool():
    with pytest.raises(NothingToShareBy):
        explain_line([0], [0, 0], 0)
    with pytest.raises(IndexError):
        explain_line([1], [1], 1)
