"""Pools to try the engine on: few and many forces, both signs, ties, zeros, huge numbers."""

from hypothesis import strategies as st

weight = st.one_of(st.integers(0, 6), st.integers(0, 10**6), st.integers(1, 2**70))
small = st.one_of(st.integers(-30, 30), st.integers(-(10**7), 10**7))
amount = st.one_of(small, small, st.integers(-(2**62), 2**62))


@st.composite
def pools(draw, min_forces=1, max_forces=9, max_lines=12):
    """(amounts, weights) with at least one weight above zero."""
    sized = st.one_of(st.integers(0, 9), weight) if draw(st.booleans()) else st.integers(1, 10**6)
    weights = draw(st.lists(sized, min_size=min_forces, max_size=max_forces).filter(any))
    amounts = draw(st.lists(draw(st.sampled_from([small, amount])), max_size=max_lines))
    return amounts, weights
