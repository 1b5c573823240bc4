"""A percentage's steps are those that made it, for one measure and for any blend."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from savings.engine.apportion import apportion
from savings.engine.percentages import explain_percentages
from savings.engine.ratio import smallest_whole

SIZES = st.decimals(min_value=1, max_value=10**7, places=2)


@given(
    st.lists(st.tuples(SIZES, SIZES), min_size=2, max_size=7),
    st.integers(1, 99),
    st.integers(0, 4),
)
def test_the_steps_lead_to_the_percentages_of_the_ratio(
    sizes: list[tuple[Decimal, Decimal]], weight: int, decimals: int
) -> None:
    measures = [("Officers", Fraction(weight, 100)), ("Budget", Fraction(100 - weight, 100))]

    steps = explain_percentages(measures, sizes, decimals)

    units = apportion(100 * 10**decimals, smallest_whole([step.exact for step in steps]))
    assert [step.percentage.scaleb(decimals) for step in steps] == units
    assert sum(step.percentage for step in steps) == 100
    assert sum(step.exact for step in steps) == 100
    for step in steps:
        assert step.exact == sum(each.weighed for each in step.proportions)
        unit = Fraction(1, 10**decimals)
        assert Fraction(step.rounded_down) + step.lost * unit == step.exact
        assert step.got_odd_unit is (step.percentage > step.rounded_down)


def test_the_example_of_the_method() -> None:
    first, second = explain_percentages(
        [("Officers", Fraction(1))], [[Decimal("2914.21")], [Decimal("1265.96")]], 4
    )

    assert (str(first.percentage), first.got_odd_unit) == ("69.7151", False)
    assert (str(second.percentage), second.got_odd_unit) == ("30.2849", True)
