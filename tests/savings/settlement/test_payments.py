"""The payments that clear a settlement: exactly, few, the fewest where it can be known, always the same."""

from collections import Counter
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from savings.settlement import MOST_EXACT, Payment, directly, through

pence = st.integers(-(10**13), 10**13) | st.integers(-5, 5)


def adding_up(most: int) -> st.SearchStrategy[dict[int, int]]:
    """Nets of up to `most` forces that add up to nought."""
    return st.lists(pence, min_size=1, max_size=most - 1).map(
        lambda nets: dict(enumerate([*nets, -sum(nets)], start=1))
    )


@st.composite
def of_groups(draw: st.DrawFn) -> dict[int, int]:
    """Nets of forces that fall into several groups, in a mixed order."""
    groups = draw(st.lists(st.lists(st.integers(-9, 9), max_size=3), min_size=1, max_size=3))
    nets = draw(st.permutations([each for group in groups for each in [*group, -sum(group)]]))
    return dict(enumerate(nets, start=1))


def after(nets: dict[int, int], payments: tuple[Payment, ...]) -> dict[int, int]:
    """What each force is still to receive."""
    left = Counter(nets)
    for each in payments:
        left[each.payer] += each.pence
        left[each.payee] -= each.pence
    return {force: left[force] for force in nets}


@given(adding_up(20) | of_groups())
def test_the_payments_clear_every_net_to_the_penny(nets):
    payments = directly(nets)
    assert not any(after(nets, payments).values())
    assert all(each.pence > 0 for each in payments)


@given(adding_up(20) | of_groups())
def test_there_are_fewer_payments_than_forces_with_a_net(nets):
    owing = sum(1 for pence in nets.values() if pence)
    assert len(directly(nets)) <= max(owing - 1, 0)


@given(adding_up(20) | of_groups())
def test_nobody_both_pays_and_receives_and_no_two_pay_each_other_twice(nets):
    payments = directly(nets)
    assert all(nets[each.payer] < 0 < nets[each.payee] for each in payments)
    assert len({(each.payer, each.payee) for each in payments}) == len(payments)


def fewest_by_trying(nets: tuple[int, ...]) -> int:
    """How few payments clear the nets: whoever comes first meets each of the others in turn."""

    @cache
    def least(left: tuple[int, ...]) -> int:
        owing = [pence for pence in left if pence]
        if not owing:
            return 0
        first, *rest = owing
        return 1 + min(
            least(tuple(sorted([*rest[:at], rest[at] + first, *rest[at + 1 :]])))
            for at in range(len(rest))
            if rest[at] * first < 0
        )

    return least(tuple(sorted(nets)))


@settings(max_examples=300)
@given(of_groups().filter(lambda nets: len(nets) <= 9))
@example({1: 5, 2: -3, 3: -5, 4: 3})
@example({1: 4, 2: 3, 3: -4, 4: -3, 5: 6, 6: -2, 7: -4})
def test_for_few_forces_no_fewer_payments_would_do(nets):
    assert len(directly(nets)) == fewest_by_trying(tuple(nets.values()))


def test_the_fewest_are_found_for_twelve_forces():
    nets = dict(enumerate([7, 11, 13, 17, 19, 23, -23, -19, -17, -13, -11, -7], start=1))
    assert len(nets) == MOST_EXACT
    assert len(directly(nets)) == 6


@given(adding_up(14) | of_groups())
def test_the_same_nets_are_cleared_by_the_same_payments_in_the_agreed_order(nets):
    payments = directly(nets)
    assert payments == directly(dict(nets))
    assert [(each.payer, each.payee) for each in payments] == sorted(
        (each.payer, each.payee) for each in payments
    )


@given(adding_up(20) | of_groups(), st.data())
def test_through_a_host_everybody_else_pays_it_or_is_paid_by_it_once(nets, data):
    host = data.draw(st.sampled_from(list(nets)))
    payments = through(host, nets)
    assert not any(after(nets, payments).values())
    assert all(host in (each.payer, each.payee) for each in payments)
    assert len(payments) == sum(1 for force, pence in nets.items() if pence and force != host)


@pytest.mark.parametrize("clear", [directly, lambda nets: through(1, nets)])
def test_nets_that_do_not_add_up_are_refused(clear):
    with pytest.raises(ValueError, match="add up to 1 pence"):
        clear({1: 3, 2: -2})
    assert clear({1: 0, 2: 0}) == ()
