"""The order of an area's steps, and what follows a date by the same days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from business_areas.models import Milestone
from business_areas.order import (
    BEFORE,
    CONSULTATION,
    DECISION,
    GO_LIVE,
    REVIEW,
    Step,
    by_the_same_days,
    followers,
    moved,
    newly_out_of_order,
    out_of_order,
)

APRIL, MAY, JUNE, JULY = (date(2018, month, 1) for month in (4, 5, 6, 7))
MARCH = "1 March 2018"
KINDS = (CONSULTATION, DECISION, GO_LIVE, REVIEW)


def step(kind: str, on: date | None, *, reached: bool = False, of: str = "Estates") -> Step:
    return Step(
        key=f"{of} {kind}", of=of, name=kind.capitalize(), kind=kind, on=on, is_reached=reached
    )


IN_ORDER = [step(kind, on) for kind, on in zip(KINDS, (APRIL, MAY, JUNE, JULY), strict=True)]


def test_its_kinds_are_those_of_milestones() -> None:
    assert {kind for pair in BEFORE for kind in pair} <= set(Milestone.Kind.values)


def test_what_is_in_order_is_not_told() -> None:
    assert out_of_order(IN_ORDER) == ()
    assert out_of_order(step(kind, APRIL) for kind in KINDS) == ()
    assert out_of_order(step(kind, None) for kind in KINDS) == ()


@pytest.mark.parametrize(
    ("kind", "to", "said"),
    [
        (
            DECISION,
            date(2018, 3, 1),
            ["Estates: “Decision”, 1 March 2018, is before “Consultation”, 1 April 2018, which comes first."],
        ),
        (
            GO_LIVE,
            date(2018, 3, 1),
            [
                f"Estates: “Go_live”, {MARCH}, is before “Consultation”, 1 April 2018, which comes first.",
                "Estates: “Go_live”, 1 March 2018, is before “Decision”, 1 May 2018, which comes first.",
            ],
        ),
        (
            GO_LIVE,
            date(2018, 8, 1),
            ["Estates: “Review”, 1 July 2018, is before “Go_live”, 1 August 2018, which comes first."],
        ),
    ],
)  # fmt: skip
def test_what_a_date_puts_the_wrong_way_round_is_named(
    kind: str, to: date, said: list[str]
) -> None:
    after = moved(IN_ORDER, f"Estates {kind}", to)

    assert [pair.sentence for pair in newly_out_of_order(IN_ORDER, after)] == said


def test_a_step_that_is_reached_before_what_comes_first_is_named() -> None:
    after = moved(IN_ORDER, f"Estates {DECISION}", MAY, reached=True)

    assert [pair.sentence for pair in out_of_order(after)] == [
        "Estates: “Decision” is reached and “Consultation”, which comes first, is not."
    ]


def test_areas_do_not_mix_and_what_was_wrong_before_is_not_new() -> None:
    other = step(DECISION, date(2018, 1, 1), of="Dogs")
    assert out_of_order([*IN_ORDER, other]) == ()
    wrong = moved(IN_ORDER, f"Estates {REVIEW}", APRIL)
    assert newly_out_of_order(wrong, moved(wrong, f"Estates {REVIEW}", MAY)) == ()


DAYS = st.none() | st.dates(date(2016, 1, 1), date(2020, 12, 31))


@given(
    on=st.tuples(DAYS, DAYS, DAYS, DAYS),
    at=st.integers(0, 3),
    later=st.integers(1, 500),
    reached=st.integers(0, 3),
)
def test_what_follows_by_the_same_days_is_not_left_behind(
    on: tuple[date | None, ...], at: int, later: int, reached: int
) -> None:
    steps = [
        step(kind, day, reached=number < min(reached, at))
        for number, (kind, day) in enumerate(zip(KINDS, on, strict=True))
    ]
    mine = steps[at]
    found = followers(steps, mine.key)
    if mine.on is None:
        assert found == []
        return
    to = mine.on + timedelta(later)
    after = moved(steps, mine.key, to)
    for key, day in by_the_same_days(found, mine.on, to).items():
        after = moved(after, key, day)

    overtaken = {pair.key for pair in newly_out_of_order(steps, after)}
    assert not [key for key in overtaken if key[0] == mine.key]
    assert all(each.rank > mine.rank and not each.is_reached for each in found)
