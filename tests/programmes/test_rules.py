"""What an alliance's own facts may be, and what is asked about them."""

from datetime import date
from decimal import Decimal

import pytest

from programmes.rules import days_without_size, size_doubts

MARCH_2017, MARCH_2018 = date(2017, 3, 31), date(2018, 3, 31)


@pytest.mark.parametrize(
    ("value", "before", "begins"),
    [
        ("105", "100", None),
        ("95", "100", None),
        ("105.001", "100", "It is 5.001% more than the 100 of 31 March 2017"),
        ("94.99", "100", "It is 5.01% less than the 100 of 31 March 2017"),
        ("12650", "1265", "It is 900.0% more than the 1,265 of 31 March 2017"),
        ("0", "100", "It is nought: the force would have no share at all."),
        ("0", None, "It is nought: the force would have no share at all."),
        ("100", "0", "It was nought on 31 March 2017."),
        ("100", None, None),
    ],
)
def test_a_size_is_asked_about_where_it_jumps_or_is_nought(
    value: str, before: str | None, begins: str | None
) -> None:
    known = (MARCH_2017, Decimal(before)) if before is not None else None

    found = size_doubts(Decimal(value), MARCH_2018, known, date(2018, 7, 1))

    assert [each.startswith(begins or "?") for each in found] == ([True] if begins else [])


def test_a_size_of_a_day_to_come_is_asked_about() -> None:
    assert size_doubts(Decimal(100), MARCH_2018, None, MARCH_2018) == ()
    assert size_doubts(Decimal(100), MARCH_2018, None, MARCH_2017) == (
        "31 March 2018 is still to come.",
    )


def test_a_day_without_size_is_one_on_which_every_force_has_nought() -> None:
    sizes = [
        ("north", MARCH_2017, Decimal(5)),
        ("north", MARCH_2017, Decimal(0)),
        ("south", MARCH_2018, Decimal(0)),
    ]
    assert days_without_size(sizes, 2) == (MARCH_2018,)
    assert days_without_size(sizes, 3) == ()
    assert days_without_size([*sizes, ("south", MARCH_2018, Decimal(1))], 2) == ()
