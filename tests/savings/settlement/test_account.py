"""What each force is owed or owes: added up line by line, and nought over all of them."""

from hypothesis import given
from hypothesis import strategies as st

from savings.engine.apportion import apportion
from savings.settlement import NOBODY, Account, Figures, Line

pence = st.integers(-(10**11), 10**11)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """Lines that are shared and named throughout, between two to seven forces."""
    forces = tuple(range(1, draw(st.integers(2, 7)) + 1))
    lines = []
    for area in range(draw(st.integers(1, 4))):
        for is_saving in (False, True):
            held = {force: draw(pence) for force in forces if draw(st.booleans())}
            weights = [draw(st.integers(0, 9)) for _ in forces]
            due = apportion(sum(held.values()), weights if any(weights) else [1] * len(forces))
            lines.append(Line(area, is_saving, held, dict(zip(forces, due, strict=True))))
    return Account(forces, tuple(lines))


@given(accounts())
def test_what_is_named_and_shared_nets_to_nought(account):
    assert sum(account.nets().values()) == 0


@given(accounts(), st.data())
def test_so_does_what_is_left_when_lines_are_disputed(account, data):
    named = [(line.area, line.is_saving) for line in account.lines]
    disputed = data.draw(st.sets(st.sampled_from(named)))
    rest = account.without(disputed)
    assert sum(rest.nets().values()) == 0
    assert len(rest.lines) == len(account.lines) - len(disputed)


@given(accounts())
def test_a_force_s_net_is_the_sum_of_its_nets_line_by_line(account):
    for force, net in account.nets().items():
        assert net == sum(line.of(force).net for line in account.netting)


def test_a_force_that_bore_more_or_banked_less_than_its_share_is_to_receive():
    assert Figures(borne=10_00, due=6_00).net == 4_00
    assert Figures(saving_due=5_00, banked=2_00).net == 3_00
    assert Figures(banked=2_00, adjustment=1_00).net == -1_00


def test_savings_take_part_once_any_says_who_banks_it():
    costs = Line(1, False, {1: 10, 2: 0}, {1: 5, 2: 5})
    unbanked = Line(1, True, {NOBODY: 8}, {1: 4, 2: 4})
    assert Account((1, 2), (costs, unbanked)).nets() == {1: 5, 2: -5}
    banked = Line(2, True, {1: 6}, {1: 3, 2: 3})
    account = Account((1, 2), (costs, unbanked, banked))
    assert account.nets() == {1: 5 + 4 - 3, 2: -5 + 4 + 3}


def test_nothing_is_netted_while_a_line_that_takes_part_is_not_shared():
    shared = Line(1, False, {1: 10}, {1: 5, 2: 5})
    waiting = Line(2, True, {1: 4}, {NOBODY: 4})
    assert Account((1, 2), (shared,)).is_netted
    assert not Account((1, 2), (shared, waiting)).is_netted
    assert waiting.unshared == 4 and not waiting.unnamed
